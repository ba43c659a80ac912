/** A session as its framework has it <-> the JSON text of each of its keys; and the merge of two that have come apart. */

import { describe } from '../options.ts';
import { isSameCookie } from './lifetime.ts';

/** Top-level key -> its value as JSON. */
export type Fields = ReadonlyMap<string, string>;

/**
 * What `JSON.parse(JSON.stringify(session))` would have.
 *
 * @throws {TypeError} where that is no object, and what JSON.stringify throws: for a bigint, for an object that holds itself.
 */
export function readFields(session: unknown): Fields {
  const fields = parseFields(JSON.stringify(session) ?? 'null');
  if (fields === undefined) throw new TypeError(`"session" expected an object, got ${describe(session)}`);
  return fields;
}

/** @returns undefined where the text is not JSON of an object. */
export function parseFields(text: string): Fields | undefined {
  const value = parseObject(text);
  return value && new Map(Object.keys(value).map((key) => [key, JSON.stringify(Reflect.get(value, key))]));
}

/** From texts, so that a key such as `__proto__` stays a key. */
export function formatFields(fields: Fields): string {
  return `{${[...fields].map(([key, text]) => `${JSON.stringify(key)}:${text}`).join()}}`;
}

/** @returns undefined where the text is not JSON of an object. */
export function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a request that began with `seen` and has come to `own` changed nothing but when the session ends. */
export function isUnchanged(seen: Fields, own: Fields): boolean {
  return changedKeys(seen, own).length === 0;
}

/** Does what a request did between `seen` and `own` again on `newest`: the keys that it changed or deleted are its own, all others stay. */
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
