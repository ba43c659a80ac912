/** A sealer's options -> its CBOR profile: limits, kinds, classes and field names. FORMAT.md §4 to 7. */

import type { Limits } from '../limits.ts';
import { checkText, describe } from '../options.ts';
import type { Kind } from './kinds/kind.ts';
import { KINDS } from './kinds/kinds.ts';
import type { Types } from './kinds/types.ts';

/** Everything that encoding and decoding need to know about one sealer. */
export interface Profile {
  readonly limits: Limits;
  readonly types: Types;
  /** Whether `seal` opens each token that it makes, and also makes the checks that are slow. */
  readonly verify: boolean;
  readonly kindByTag: ReadonlyMap<number, Kind>;
  readonly kindByName: ReadonlyMap<string, Kind>;
  /** Names by their number on the wire. */
  readonly names: readonly string[];
  /** Numbers by name: the inverse of `names`. */
  readonly numbers: ReadonlyMap<string, number>;
}

const MAX_NAMES = 0x1_0000;

/**
 * @throws {TypeError} if the dictionary is not an array of different non-empty strings, or contains `__proto__`.
 * @throws {RangeError} if it has more than 65,536 names.
 */
export function createProfile(
  limits: Limits,
  types: Types & { readonly optIn: readonly Kind[] },
  dictionary: readonly string[] = [],
  verify = false,
): Profile {
  if (!Array.isArray(dictionary)) {
    throw new TypeError(`"dictionary" expected an array of names, got ${describe(dictionary)}`);
  }
  if (dictionary.length > MAX_NAMES) {
    throw new RangeError(`"dictionary" expected at most ${MAX_NAMES} names, got ${dictionary.length}`);
  }
  const names: readonly string[] = Array.from(dictionary, (name, at) => checkText(`dictionary[${at}]`, name));
  const numbers = new Map<string, number>();
  names.forEach((name, at) => {
    const twin = numbers.get(name);
    if (twin !== undefined) throw new TypeError(`"dictionary[${at}]" is the same name as "dictionary[${twin}]"`);
    if (name === '__proto__') throw new TypeError(`"dictionary[${at}]" must not be __proto__`);
    numbers.set(name, at);
  });
  const kinds = [...KINDS, ...types.optIn];
  const kindByTag = new Map(kinds.flatMap((kind) => kind.tags.map((tag) => [tag, kind])));
  const kindByName = new Map(kinds.flatMap((kind) => kind.names.map((name) => [name, kind])));
  return { limits, types, verify, kindByTag, kindByName, names, numbers };
}
