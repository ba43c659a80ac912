/** What a sealer's options make of the CBOR profile: its limits, kinds, classes and field names. FORMAT.md §4 to 7. */

import type { Limits } from '../limits.ts';
import { checkText, describe } from '../options.ts';
import type { Kind } from './kinds/kind.ts';
import { KINDS } from './kinds/kinds.ts';
import type { Types } from './kinds/types.ts';

/** Everything that encoding and decoding have to know about one sealer. */
export interface Profile {
  readonly limits: Limits;
  readonly types: Types;
  /** Whether `seal` opens what it has sealed, and looks for what it would be too slow to look for. */
  readonly verify: boolean;
  readonly kindByTag: ReadonlyMap<number, Kind>;
  readonly kindByName: ReadonlyMap<string, Kind>;
  /** Names by their number on the wire. */
  readonly names: readonly string[];
  /** Numbers by name: the inverse of `names`. */
  readonly numbers: ReadonlyMap<string, number>;
}

const MAX_NAMES = 0x1_0000;

/** @throws {TypeError} if the dictionary is not a list of different strings, or names `__proto__`. */
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
