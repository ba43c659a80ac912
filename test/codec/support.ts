/** What the codec's tests share: fixed keys and time, hex, the notation of the vector files, and every kind of value. */
import { createSealer, type Sealer, type SealerOptions, typeRegistry } from '@sealring/codec';
import { decode as decodePayload, encode as encodePayload } from '../../packages/codec/src/cbor/cbor.ts';
import { checkPayload } from '../../packages/codec/src/cbor/check.ts';
import { Registry, type TypeRegistry } from '../../packages/codec/src/cbor/kinds/registry.ts';
import { createProfile, type Profile } from '../../packages/codec/src/cbor/profile.ts';
import { type Limits, readLimits } from '../../packages/codec/src/limits.ts';

/** 32 bytes, different for each `n`. */
export function secret(n: number): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, at) => (at * 7 + n * 31 + 1) & 255);
}

export const now = 1_767_225_600;
export const random: Uint8Array = Uint8Array.from({ length: 16 }, (_, at) => 0x40 + at);
export const modes = ['sealed', 'signed'] as const;
export type Mode = (typeof modes)[number];

/** A sealer with one fixed key of the mode, which opens all that it seals. */
export function sealerOf(mode: Mode, options: Partial<SealerOptions> = {}): Sealer {
  return createSealer({
    keys: [{ secret: secret(1), encrypt: mode === 'sealed' }],
    purpose: 'test',
    verify: true,
    ...options,
  });
}

/** What the inner functions take in place of a sealer's options. */
export function profileOf(
  options: { limits?: Partial<Limits>; types?: TypeRegistry; dictionary?: readonly string[] } = {},
): Profile {
  const { limits, types = typeRegistry(), dictionary } = options;
  if (!(types instanceof Registry)) throw new TypeError('expected a typeRegistry()');
  return createProfile(readLimits(limits), types.freeze(), dictionary);
}

/** The bytes of a value, in a buffer of their own. */
export function encode(value: unknown, profile: Profile): Uint8Array {
  const { room, length } = encodePayload(value, profile);
  return room.payload.slice(0, length);
}

export function decode(payload: Uint8Array, profile: Profile): unknown {
  return decodePayload(payload.slice(), payload.length, profile);
}

/** Throws a Refusal if the payload breaks a rule of its form. */
export function check(payload: Uint8Array, profile: Profile): void {
  checkPayload(payload, payload.length, profile);
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16));
}

/** The code of what `run` throws; fails when it throws nothing or anything but a SealError. */
export function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Error && error.name === 'SealError' && 'code' in error) return String(error.code);
    throw error;
  }
  return 'nothing thrown';
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of everything that comes back exactly. */
export const everything: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  null: null,
  true: true,
  false: false,
  zero: 0,
  'minus zero': -0,
  integers: [1, 23, 24, 255, 256, 65_535, 65_536, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53, Number.MAX_SAFE_INTEGER],
  'negative integers': [
    -1,
    -24,
    -25,
    -256,
    -257,
    -65_536,
    -65_537,
    -(2 ** 31),
    -(2 ** 31) - 1,
    -(2 ** 32),
    -(2 ** 32) - 1,
  ],
  floats: [0.1, 1.5, -4.1, 1e300, 5e-324, Number.MAX_VALUE, 2 ** 64],
  'not finite': [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  bigints: [0n, 1n, -1n, 2n ** 53n, 2n ** 64n - 1n, -(2n ** 64n) + 1n, -(2n ** 64n), 2n ** 64n, -(2n ** 64n) - 1n],
  'large bigints': [2n ** 8192n - 1n, -(2n ** 8192n)],
  texts: ['', 'a', 'é', '€', '😀', 'a\u0000b', 'x'.repeat(23), 'x'.repeat(24), 'ü'.repeat(40), '😀'.repeat(5000)],
  'texts with a mark': [
    '\ufeff',
    '\ufeffa',
    `\ufeff${'x'.repeat(62)}`,
    `\ufeff\ufeff${'x'.repeat(300)}`,
    `\ufeff${'x'.repeat(70_000 / 2)}`,
  ],
  'a mark in the middle': `${'x'.repeat(80)}\ufeff`,
  'replacement characters': '\ufffd'.repeat(30),
  dates: [0, 1, -1, 123, 1_764_000_000_123, -62_135_596_800_000, 8.64e15, -8.64e15].map((time) => new Date(time)),
  'dates between float64 milliseconds': [4_453_455_132_131_981, -4_492_327_184_171_386].map((time) => new Date(time)),
  arrays: [[], [[]], [1, [2, [3]]], [undefined, null]],
  objects: {
    '': 1,
    a: { b: { c: {} } },
    constructor: 1,
    hasOwnProperty: 'x',
    toString: null,
    __proto_: 1,
    '17': 'x',
    '2': 'y',
  },
  'object with 40 keys': Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`key${at}`, at])),
  map: new Map<unknown, unknown>([
    [1, 'number'],
    ['1', 'text'],
    [1n, 'bigint'],
    [true, 0],
    [null, undefined],
    [undefined, null],
    [Number.NaN, -0],
    ['__proto__', 'harmless here'],
    [{ a: 1 }, new Map([[[1], new Set()]])],
    [{ a: 1 }, 'an object that looks the same is another key'],
  ]),
  'map with 30 keys': new Map(Array.from({ length: 30 }, (_, at) => [at, { at }])),
  set: new Set<unknown>([1, '1', 1n, null, undefined, false, [1], [1], new Set([new Map()]), new Date(5), new Date(5)]),
  bytes: [new Uint8Array(), new Uint8Array([0, 255, 128]), new Uint8Array([9, 1, 2, 9]).subarray(1, 3)],
  'typed arrays': [
    new Uint8ClampedArray([1, 255]),
    new Int8Array([-128, 127]),
    new Uint16Array([1, 65_535]),
    new Int16Array([-32_768, 32_767]),
    new Uint32Array([1, 2 ** 32 - 1]),
    new Int32Array([-(2 ** 31), 2 ** 31 - 1]),
    new BigUint64Array([1n, 2n ** 64n - 1n]),
    new BigInt64Array([-(2n ** 63n), 2n ** 63n - 1n]),
    new Float32Array([1.5, -0]),
    new Float64Array([0.1, Number.NaN, Number.NEGATIVE_INFINITY]),
    new Uint16Array([1, 2, 3, 4]).subarray(1, 3),
    new Float64Array(),
  ],
  url: [
    new URL('https://user:pw@example.org:8443/a%20b?c=d#e'),
    new URL('data:text/plain,hi'),
    new URL('http://münchen.example/'),
  ],
};

/** The notation of the vector files -> the value. Class instances become those of `classes`. */
export function fromNotation(given: unknown, classes: Readonly<Record<string, object>> = {}): unknown {
  const again = (item: unknown): unknown => fromNotation(item, classes);
  if (Array.isArray(given)) return given.map(again);
  if (typeof given !== 'object' || given === null) return given;
  const entry = Object.entries(given)[0];
  if (entry === undefined || !entry[0].startsWith('$')) {
    return Object.fromEntries(Object.entries(given).map(([key, item]) => [key, again(item)]));
  }
  const [kind, content] = entry;
  if (kind === '$bigint') return BigInt(String(content));
  if (kind === '$number') return Number(content);
  if (kind === '$undefined') return undefined;
  if (kind === '$date') return new Date(Number(content));
  if (kind === '$bytes') return fromHex(String(content));
  if (kind === '$url') return new URL(String(content));
  if (kind === '$set' && Array.isArray(content)) return new Set(content.map(again));
  if (kind === '$map' && Array.isArray(content))
    return new Map(content.map(([key, item]) => [again(key), again(item)]));
  if (kind === '$typed') {
    const values: unknown = Reflect.get(given, 'values');
    return Reflect.construct(Reflect.get(globalThis, String(content)), [values]);
  }
  throw new Error(`unknown notation ${kind}`);
}
