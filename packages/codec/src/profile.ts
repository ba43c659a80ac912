/** The wire numbers of our CBOR profile, and what a sealer's options make of it. FORMAT.md §4. */

import type { Limits } from './limits.ts';
import { checkText, describe } from './options.ts';
import type { Types } from './registry.ts';

export const TAG_DATE = 1; // RFC 8949 §3.4.2, epoch-based
export const TAG_BIGNUM = 2; // RFC 8949 §3.4.3
export const TAG_NEGATIVE_BIGNUM = 3;
export const TAG_CLASS = 27; // IANA CBOR tags: generic object
export const TAG_URL = 32; // RFC 8949 §3.4.5.3
export const TAG_SET = 258; // IANA CBOR tags: mathematical finite set
export const TAG_MAP = 259; // IANA CBOR tags: map with keys of any kind
export const TAG_FLOAT16_ARRAY = 84;

type TypedArrayName =
  `${'Uint8Clamped' | 'Int8' | 'Uint16' | 'Int16' | 'Float16' | 'Uint32' | 'Int32' | 'Float32' | 'BigUint64' | 'BigInt64' | 'Float64'}Array`;

/** RFC 8746 §2.1, little-endian; with the bytes of one element. */
export const TYPED_ARRAYS: readonly { readonly tag: number; readonly name: TypedArrayName; readonly size: number }[] = [
  { tag: 68, name: 'Uint8ClampedArray', size: 1 },
  { tag: 69, name: 'Uint16Array', size: 2 },
  { tag: 70, name: 'Uint32Array', size: 4 },
  { tag: 71, name: 'BigUint64Array', size: 8 },
  { tag: 72, name: 'Int8Array', size: 1 },
  { tag: 77, name: 'Int16Array', size: 2 },
  { tag: 78, name: 'Int32Array', size: 4 },
  { tag: 79, name: 'BigInt64Array', size: 8 },
  { tag: TAG_FLOAT16_ARRAY, name: 'Float16Array', size: 2 },
  { tag: 85, name: 'Float32Array', size: 4 },
  { tag: 86, name: 'Float64Array', size: 8 },
];

/** Everything that encoding and decoding have to know about one sealer. */
export interface Profile {
  readonly limits: Limits;
  readonly types: Types;
  /** Names by their number on the wire. */
  readonly names: readonly string[];
  /** Numbers by name: the inverse of `names`. */
  readonly numbers: ReadonlyMap<string, number>;
}

const MOST_NAMES = 0x1_0000;

/** @throws {TypeError} when the dictionary is not a list of different texts, or names `__proto__`. */
export function createProfile(limits: Limits, types: Types, dictionary: readonly string[] = []): Profile {
  if (!Array.isArray(dictionary))
    throw new TypeError(`"dictionary" expected a list of names, got ${describe(dictionary)}`);
  if (dictionary.length > MOST_NAMES) {
    throw new RangeError(`"dictionary" expected at most ${MOST_NAMES} names, got ${dictionary.length}`);
  }
  const names: readonly string[] = dictionary.map((name, at) => checkText(`dictionary[${at}]`, name));
  const numbers = new Map<string, number>();
  names.forEach((name, at) => {
    const twin = numbers.get(name);
    if (twin !== undefined) throw new TypeError(`"dictionary[${at}]" is the same name as "dictionary[${twin}]"`);
    if (name === '__proto__') throw new TypeError(`"dictionary[${at}]" must not be __proto__`);
    numbers.set(name, at);
  });
  return { limits, types, names, numbers };
}
