/** What the engine decoded -> the value: objects out of Maps, names out of numbers, classes out of the registry. The inverse of lower.ts. */

import { decodeDate } from './date.ts';
import { Tag } from './engine.ts';
import { Refusal } from './error.ts';
import { type Profile, TAG_CLASS, TAG_DATE, TAG_FLOAT16_ARRAY, TAG_MAP, TAG_SET, TAG_URL } from './profile.ts';

/**
 * @param decoded out of bytes that the gate let through for the same profile.
 * @throws {Refusal} `ERR_SEAL_PAYLOAD`: an object has one name as number and as text, or a class's `decode` threw;
 *   `ERR_SEAL_TYPE_UNKNOWN`: this runtime has no Float16Array.
 */
export function raise(decoded: unknown, profile: Profile): unknown {
  if (typeof decoded !== 'object' || decoded === null) return decoded;
  if (Array.isArray(decoded)) {
    for (let at = 0; at < decoded.length; at++) decoded[at] = raise(decoded[at], profile);
    return decoded;
  }
  if (decoded instanceof Map) return raiseObject(decoded, profile);
  if (decoded instanceof Tag) return raiseTag(decoded, profile);
  return decoded; // a typed array
}

function raiseObject(map: ReadonlyMap<unknown, unknown>, profile: Profile): object {
  const { names, numbers } = profile;
  const object: Record<string, unknown> = {};
  let isMixed = false;
  for (const [key, item] of map) {
    if (typeof key === 'number') object[names[key] ?? ''] = raise(item, profile);
    else if (typeof key === 'string') {
      if (numbers.has(key)) isMixed = true; // written before the name was in the dictionary
      object[key] = raise(item, profile);
    }
  }
  if (isMixed && Object.keys(object).length < map.size) {
    const message = 'Cannot read payload: an object has one name both as a number and as a text';
    throw new Refusal('ERR_SEAL_PAYLOAD', message, { reason: 'dup' });
  }
  return object;
}

function raiseTag({ tag, value }: Tag, profile: Profile): unknown {
  if (tag === TAG_DATE && typeof value === 'number') return new Date(decodeDate(value) ?? Number.NaN);
  if (tag === TAG_SET && Array.isArray(value)) return new Set(value.map((member) => raise(member, profile)));
  if (tag === TAG_MAP && value instanceof Map) {
    const map = new Map<unknown, unknown>();
    for (const [key, item] of value) map.set(raise(key, profile), raise(item, profile));
    return map;
  }
  if (tag === TAG_URL && typeof value === 'string') return new URL(value);
  if (tag === TAG_CLASS && Array.isArray(value)) {
    const [name, ...items]: unknown[] = value;
    const type = typeof name === 'string' ? profile.types.byName.get(name) : undefined;
    if (type !== undefined) return type.decode(items.map((item) => raise(item, profile)));
  }
  if (tag === TAG_FLOAT16_ARRAY && value instanceof Uint8Array) {
    const Float16Array: unknown = Reflect.get(globalThis, 'Float16Array');
    if (typeof Float16Array === 'function') return Reflect.construct(Float16Array, [value.buffer]);
    throw new Refusal('ERR_SEAL_TYPE_UNKNOWN', 'Cannot read payload: this runtime has no Float16Array', {
      reason: 'class',
    });
  }
  throw new Error(`The gate let tag ${tag} through, which it must not`);
}
