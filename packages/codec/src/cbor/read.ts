/** The item that the engine read -> the value. Maps become objects, numbers become names, tags become values of their kind. The inverse of write.ts. */

import { Refusal } from '../error.ts';
import { Tag } from './engine.ts';
import { fault } from './fault.ts';
import type { ItemReader } from './kinds/kind.ts';
import type { Types } from './kinds/types.ts';
import type { Profile } from './profile.ts';

/**
 * @param item from bytes that check.ts accepted for the same profile.
 * @param members how many members of Sets and keys of Maps check.ts counted.
 * @throws {Refusal} `ERR_SEAL_PAYLOAD`: the content of a tag is not valid, members are equal, an object has the same name as number and as
 *   string, or the `decode` of a class threw; `ERR_SEAL_TYPE_UNKNOWN`: this runtime does not have the type.
 */
export function readValue(item: unknown, profile: Profile, members: number): unknown {
  const reader = new Reader(profile);
  const value = reader.item(item);
  if (reader.members !== members) throw fault('dup');
  return value;
}

class Reader implements ItemReader {
  members = 0;
  readonly #profile: Profile;

  constructor(profile: Profile) {
    this.#profile = profile;
  }

  get types(): Types {
    return this.#profile.types;
  }

  item(item: unknown): unknown {
    if (typeof item === 'bigint') return numberOf(item);
    if (typeof item !== 'object' || item === null) return item;
    if (Array.isArray(item)) {
      for (let at = 0; at < item.length; at++) item[at] = this.item(item[at]);
      return item;
    }
    if (item instanceof Map) return this.#object(item);
    if (item instanceof Tag) return this.#tagged(item);
    return item; // bytes
  }

  #tagged({ tag, value }: Tag): unknown {
    const content = typeof value === 'bigint' ? numberOf(value) : value;
    return this.#profile.kindByTag.get(tag)?.read(content, this, tag);
  }

  #object(map: ReadonlyMap<unknown, unknown>): object {
    const { names, numbers } = this.#profile;
    const object: Record<string, unknown> = {};
    let isMixed = false;
    for (const [key, item] of map) {
      if (typeof key === 'string' && numbers.has(key)) isMixed = true; // written before the name was in the dictionary
      object[typeof key === 'string' ? key : (names[Number(key)] ?? '')] = this.item(item);
    }
    if (isMixed && Object.keys(object).length < map.size) {
      const message = 'Cannot read payload: an object has the same name as a number and as a string';
      throw new Refusal('ERR_SEAL_PAYLOAD', message, { reason: 'dup' });
    }
    return object;
  }
}

/** The engine reads integers of more than 32 bits as bigints. Those that a number can hold are numbers. */
function numberOf(integer: bigint): number | bigint {
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : integer;
}
