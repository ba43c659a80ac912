/** Values of every kind, and the notation in which both implementations state them. */
import { type TypeRegistry, typeRegistry } from '@sealring/codec';
import { toHex } from '../codec/support.ts';

class Person {
  first: string;
  last: string | undefined;
  constructor(first: string, last?: string) {
    this.first = first;
    this.last = last;
  }
}

class Money {
  cents: bigint;
  currency: string;
  constructor(cents: bigint, currency: string) {
    this.cents = cents;
    this.currency = currency;
  }
}

export const types: TypeRegistry = typeRegistry()
  .register('Person', Person, { fields: ['first', 'last'] })
  .register('Money', Money, {
    encode: (money: Money) => [money.cents, money.currency],
    decode: (item: unknown) => new Money(...((Array.isArray(item) ? item : [item, '']) as [bigint, string])),
  });
export const pythonTypes = { Person: ['first', 'last'], Money: null };

/** A value as notation.py writes it. */
export function notation(value: unknown): unknown {
  if (value === undefined) return { $undefined: true };
  if (typeof value === 'bigint') return { $bigint: `${value}` };
  if (Object.is(value, -0)) return { $number: '-0' };
  if (typeof value === 'number' && !Number.isFinite(value)) return { $number: `${value}` };
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(notation);
  if (value instanceof Uint8Array) return { $bytes: toHex(value) };
  if (value instanceof Date) return { $date: value.getTime() };
  if (value instanceof URL) return { $url: value.href };
  if (value instanceof Set) return { $set: [...value].map(notation) };
  if (value instanceof Map) return { $map: [...value].map((entry) => entry.map(notation)) };
  if (value instanceof Person) return { $class: 'Person', fields: [value.first, value.last].map(notation) };
  if (value instanceof Money) return { $class: 'Money', fields: [[notation(value.cents), value.currency]] };
  const entries = Object.entries(value).map(([key, item]) => [key, notation(item)]);
  if (ArrayBuffer.isView(value)) {
    const elements = Array.from(value as unknown as ArrayLike<number | bigint>);
    const values = elements.map((element) => (typeof element === 'bigint' ? `${element}` : notation(element)));
    return { $typed: value.constructor.name, values };
  }
  return Object.keys(value).some((key) => key.startsWith('$')) ? { $object: entries } : Object.fromEntries(entries);
}

export const now = 1_767_225_600;
const buffer = new Uint8Array([0, 1, 2, 3, 0x7f, 0x80, 0xfe, 0xff, 1, 0, 0, 0, 0, 0, 0, 0x40]).buffer;
const float16 = Reflect.get(globalThis, 'Float16Array') as (new (of: number[]) => object) | undefined; // Node 24 and later
const team = [1, 2];
export const kinds: Record<string, unknown[]> = {
  'simple values': [null, true, false, undefined],
  numbers: [
    [0, 23, 24, 255, 256, 65535, 65536, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1, 2 ** 64, 1e21, 1e300].flatMap(
      (n) => [n, -n],
    ),
    [1.5, -1.5, 0.1, 5e-324, Number.MAX_VALUE, -(2 ** 32) - 1, Number.NaN],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    -0,
    2 ** 32,
  ],
  bigints: [
    [
      0n,
      1n,
      255n,
      2n ** 32n,
      2n ** 53n,
      2n ** 64n - 1n,
      2n ** 64n,
      2n ** 64n + 1n,
      2n ** 72n,
      10n ** 100n,
      2n ** 8191n,
    ].flatMap((n) => [n, -n, -n - 1n]),
  ],
  texts: [
    '',
    'a',
    'ä€𝄞',
    '\uFEFFmark',
    '\0',
    'x'.repeat(23),
    'x'.repeat(24),
    'x'.repeat(255),
    'ü'.repeat(128),
    'x'.repeat(65533),
  ],
  arrays: [[], [[], [[]]], Array.from({ length: 300 }, (_, i) => i), [undefined, null, 1n, 1]],
  objects: [
    {},
    { b: 1, a: { '': null }, constructor: 1, toString: 2 },
    { $date: 1 },
    { '1': 'a', '7': 'b', z: undefined },
    { team: 7, roles: new Set(['admin']), since: new Date(now * 1000) },
  ],
  bytes: [new Uint8Array(), new Uint8Array([0, 255]), new Uint8Array(300)],
  'typed arrays': [
    [new Uint8ClampedArray(buffer), new Int8Array(buffer), new Uint16Array(buffer), new Int16Array(buffer)],
    [new Uint32Array(buffer), new Int32Array(buffer), new BigUint64Array(buffer), new BigInt64Array(buffer)],
    [
      new Float32Array([0, -0, 1.5, Number.NaN, Number.NEGATIVE_INFINITY]),
      new Float64Array([0.1, -0, Number.NaN, 1e300]),
    ],
    [new Uint16Array(), new Uint16Array(buffer, 2, 3)],
    float16 ? new float16([0, -0, 1.5, 65504, Number.POSITIVE_INFINITY]) : null,
  ],
  dates: [
    [0, 1, -1, 999, 1000, -1000, 1764000000123, 1764000000000, 4294967295000, 4294967296000, -4294967297000].map(
      (ms) => new Date(ms),
    ),
    [8.64e15, -8.64e15, 8.64e15 - 1, 2 ** 51 + 1, 2 ** 52 + 1, 4453455132131981, -4492327184171386].map(
      (ms) => new Date(ms),
    ),
  ],
  urls: [new URL('https://example.org/a?b=ü#c'), new URL('mailto:a@example.org')],
  sets: [
    new Set(),
    new Set([1, 1n, '1', true, null, undefined, Number.NaN, 0, 2n ** 70n, []]),
    new Set([team, [1, 2], team]),
  ],
  maps: [
    new Map(),
    new Map<unknown, unknown>([
      [1, 'number'],
      [1n, 'bigint'],
      ['1', new Map([[{ deep: true }, new Set([new Date(5)])]])],
      [Number.NaN, Number.NaN],
      [['a'], 1],
      [['a'], 2],
    ]),
  ],
  classes: [
    new Person('Ada', 'Lovelace'),
    new Person('Ada'),
    new Money(995n, 'EUR'),
    { who: [new Person('Ada')], owes: new Money(1n, 'XAU') },
  ],
};
