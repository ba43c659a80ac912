/** An example for every tag of FORMAT.md §4: the value as one writes it, and its bytes. A test seals and opens each. */

export interface TagExample {
  readonly tag: number;
  /** The expression that makes the value. */
  readonly source: string;
  readonly value: unknown;
  /** What is sealed for it. */
  readonly hex: string;
  /** What it comes back as. */
  readonly returns: string;
}

/** Registered as `Person` with the fields `firstName` and `lastName`. */
export class Person {
  firstName: string;
  lastName: string | undefined;
  constructor(firstName: string, lastName: string | undefined) {
    this.firstName = firstName;
    this.lastName = lastName;
  }
}

export const tagExamples: readonly TagExample[] = [
  example(
    1,
    'new Date(1764000000000)',
    new Date(1764000000000),
    'c11a69248100',
    'a Date; here whole seconds, an integer',
  ),
  example(
    1,
    'new Date(1764000000123)',
    new Date(1764000000123),
    'c1fb41da49204007df3b',
    'a Date; here with milliseconds, a float64',
  ),
  example(1, 'new Date(8e12)', new Date(8e12), 'c11b00000001dcd65000', 'a Date; here after the year 2106'),
  example(2, '1n', 1n, 'c24101', 'a bigint'),
  example(2, '2n ** 64n', 2n ** 64n, 'c249010000000000000000', 'a bigint'),
  example(3, '-1n', -1n, 'c340', 'a bigint: -1 minus the number in the bytes, of which there are none'),
  example(3, '-(2n ** 64n)', -(2n ** 64n), 'c348ffffffffffffffff', 'a bigint: -1 minus the number in the bytes'),
  example(
    27,
    "new Person('Ada', undefined)",
    new Person('Ada', undefined),
    'd81b8366506572736f6e63416461f7',
    'a Person; registered with the fields firstName and lastName',
  ),
  example(
    32,
    "new URL('https://a.example/?q=1')",
    new URL('https://a.example/?q=1'),
    'd8207668747470733a2f2f612e6578616d706c652f3f713d31',
    'a URL',
  ),
  example(258, "new Set(['x', 1n])", new Set<unknown>(['x', 1n]), 'd90102826178c24101', 'a Set, in the same order'),
  example(
    259,
    "new Map([['a', 1], [2, 'b']])",
    new Map<unknown, unknown>([
      ['a', 1],
      [2, 'b'],
    ]),
    'd90103a2616101026162',
    'a Map, in the same order',
  ),
  example(68, 'new Uint8ClampedArray([1, 255])', new Uint8ClampedArray([1, 255]), 'd8444201ff', 'a Uint8ClampedArray'),
  example(69, 'new Uint16Array([1, 258])', new Uint16Array([1, 258]), 'd8454401000201', 'a Uint16Array'),
  example(70, 'new Uint32Array([1])', new Uint32Array([1]), 'd8464401000000', 'a Uint32Array'),
  example(71, 'new BigUint64Array([1n])', new BigUint64Array([1n]), 'd847480100000000000000', 'a BigUint64Array'),
  example(72, 'new Int8Array([-1, 2])', new Int8Array([-1, 2]), 'd84842ff02', 'an Int8Array'),
  example(77, 'new Int16Array([-2])', new Int16Array([-2]), 'd84d42feff', 'an Int16Array'),
  example(78, 'new Int32Array([-2])', new Int32Array([-2]), 'd84e44feffffff', 'an Int32Array'),
  example(79, 'new BigInt64Array([-2n])', new BigInt64Array([-2n]), 'd84f48feffffffffffffff', 'a BigInt64Array'),
  example(84, 'new Float16Array([1.5])', float16(), 'd85442003e', 'a Float16Array, where the runtime has one'),
  example(85, 'new Float32Array([1.5])', new Float32Array([1.5]), 'd855440000c03f', 'a Float32Array'),
  example(86, 'new Float64Array([1.5])', new Float64Array([1.5]), 'd85648000000000000f83f', 'a Float64Array'),
  example(
    100,
    "Temporal.PlainDate.from('2026-01-01')",
    temporal('PlainDate', '2026-01-01'),
    'd864194fe6',
    'a Temporal.PlainDate',
  ),
  example(
    1001,
    "Temporal.Instant.from('2026-01-01T00:00:00.5Z')",
    temporal('Instant', '2026-01-01T00:00:00.5Z'),
    'd903e9a2011a6955b900281a1dcd6500',
    'a Temporal.Instant',
  ),
  example(
    1002,
    "Temporal.Duration.from('PT90S')",
    temporal('Duration', 'PT90S'),
    'd903eaa101185a',
    'a Temporal.Duration',
  ),
];

function example(tag: number, source: string, value: unknown, hex: string, returns: string): TagExample {
  return { tag, source, value, hex, returns };
}

/** Returns `undefined` if the runtime has no Temporal. */
function temporal(name: string, text: string): unknown {
  const type: unknown = Reflect.get(Object(Reflect.get(globalThis, 'Temporal')), name);
  return typeof type === 'function' ? Reflect.apply(Reflect.get(type, 'from'), type, [text]) : undefined;
}

/** Node.js has it from version 24 on. Returns `undefined` if it is missing. */
function float16(): unknown {
  const type: unknown = Reflect.get(globalThis, 'Float16Array');
  return typeof type === 'function' ? Reflect.construct(type, [[1.5]]) : undefined;
}
