/** `{"$Float64Array": [0.5, 1]}` -> the typed array of that name. Uint8Array is not among them: it has its own short form, `$bytes`. */
import { type Node, NotationError } from './reader.ts';

const NUMBERS: readonly string[] = [
  ...['Int8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array'],
  ...['Float16Array', 'Float32Array', 'Float64Array'],
];
const BIGINTS: readonly string[] = ['BigInt64Array', 'BigUint64Array'];

/** @returns undefined where `name` is not `$` and the name of a typed array that this browser has: Float16Array is not everywhere. */
export function readTypedArray(name: string, node: Node, toValue: (node: Node) => unknown): object | undefined {
  const type = name.slice(1);
  const isOfBigints = BIGINTS.includes(type);
  const Typed: unknown = isOfBigints || NUMBERS.includes(type) ? Reflect.get(globalThis, type) : undefined;
  if (typeof Typed !== 'function') return undefined;
  if (node.kind !== 'array') throw new NotationError(node.at, `${name} expected an array such as [1, 2]`);
  const items = node.items.map((item) => (isOfBigints ? bigintOf(name, item) : numberOf(name, item, toValue)));
  return Reflect.construct(Typed, [items]);
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
