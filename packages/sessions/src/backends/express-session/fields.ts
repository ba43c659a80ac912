/** A session as its framework has it <-> the JSON of each of its keys; and the merge of two versions of a session. */

import { describe } from '../../options.ts';
import { isSameCookie } from './lifetime.ts';

/** Top-level key -> its value as JSON. */
export type Fields = ReadonlyMap<string, string>;

/**
 * Returns what `JSON.parse(JSON.stringify(session))` would have.
 *
 * @throws {TypeError} if that is not an object, and what JSON.stringify throws: on a bigint, and on an object that contains itself.
 */
export function readFields(session: unknown): Fields {
  const fields = parseFields(JSON.stringify(session) ?? 'null');
  if (fields === undefined) throw new TypeError(`"session" expected an object, got ${describe(session)}`);
  return fields;
}

/** Returns `undefined` if the string is not JSON of an object. */
export function parseFields(text: string): Fields | undefined {
  const value = parseObject(text);
  return value && new Map(Object.keys(value).map((key) => [key, JSON.stringify(Reflect.get(value, key))]));
}

/** Joins strings, so that a key such as `__proto__` stays a key. */
export function formatFields(fields: Fields): string {
  return `{${[...fields].map(([key, text]) => `${JSON.stringify(key)}:${text}`).join()}}`;
}

/** Returns `undefined` if the string is not JSON of an object. */
export function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a request that began with `seen` and ended with `own` changed nothing except when the session ends. */
export function isUnchanged(seen: Fields, own: Fields): boolean {
  return changedKeys(seen, own).length === 0;
}

/** Applies to `newest` what a request did between `seen` and `own`: the keys that it changed or deleted become its own, all others stay. */
export function merge(seen: Fields, own: Fields, newest: Fields): Fields {
  const merged = new Map(newest);
  for (const key of changedKeys(seen, own)) {
    const text = own.get(key);
    if (text === undefined) merged.delete(key);
    else merged.set(key, text);
  }
  return merged;
}

function changedKeys(seen: Fields, own: Fields): string[] {
  const keys = new Set([...seen.keys(), ...own.keys()]);
  return [...keys].filter((key) => {
    const [before, after] = [seen.get(key), own.get(key)];
    return key === 'cookie' ? !isSameCookie(before, after) : before !== after;
  });
}
