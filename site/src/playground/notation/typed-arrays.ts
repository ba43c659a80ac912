/** `{"$Float64Array": [0.5, 1]}` -> the typed array of that name. Uint8Array is not among them: it has its own short form, `$bytes`. */
import { type Node, NotationError } from './reader.ts';

type OfNumbers = (items: number[]) => object;

/** Of the codec's typed arrays the one that not every browser has. */
const Float16: unknown = Reflect.get(globalThis, 'Float16Array');

const NUMBERS: ReadonlyMap<string, OfNumbers> = new Map<string, OfNumbers>([
  ['Int8Array', (items) => Int8Array.from(items)],
  ['Uint8ClampedArray', (items) => Uint8ClampedArray.from(items)],
  ['Int16Array', (items) => Int16Array.from(items)],
  ['Uint16Array', (items) => Uint16Array.from(items)],
  ['Int32Array', (items) => Int32Array.from(items)],
  ['Uint32Array', (items) => Uint32Array.from(items)],
  ...(typeof Float16 === 'function'
    ? [['Float16Array', (items) => Reflect.construct(Float16, [items])] satisfies [string, OfNumbers]]
    : []),
  ['Float32Array', (items) => Float32Array.from(items)],
  ['Float64Array', (items) => Float64Array.from(items)],
]);
const BIGINTS: ReadonlyMap<string, (items: bigint[]) => object> = new Map<string, (items: bigint[]) => object>([
  ['BigInt64Array', (items) => BigInt64Array.from(items)],
  ['BigUint64Array', (items) => BigUint64Array.from(items)],
]);

/** @returns undefined where `name` is not `$` and the name of a typed array. */
export function readTypedArray(name: string, node: Node, toValue: (node: Node) => unknown): object | undefined {
  const ofNumbers = NUMBERS.get(name.slice(1));
  const ofBigints = BIGINTS.get(name.slice(1));
  if (ofNumbers === undefined && ofBigints === undefined) return undefined;
  if (node.kind !== 'array') throw new NotationError(node.at, `${name} expected an array such as [1, 2]`);
  if (ofNumbers) return ofNumbers(node.items.map((item) => numberOf(name, item, toValue)));
  return ofBigints?.(node.items.map((item) => bigintOf(name, item)));
}

function numberOf(name: string, node: Node, toValue: (node: Node) => unknown): number {
  const value = toValue(node);
  if (typeof value !== 'number') throw new NotationError(node.at, `${name} expected a number here`);
  return value;
}

function bigintOf(name: string, node: Node): bigint {
  const digits = node.kind === 'number' ? node.raw : node.kind === 'text' ? node.text : '';
  if (!/^-?\d+$/.test(digits)) throw new NotationError(node.at, `${name} expected a whole number here, in quotes`);
  return BigInt(digits);
}
