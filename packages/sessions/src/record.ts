/** A session's contents and dates <-> the one value that is sealed, in a cookie or in a backend. */

import type { Contents, Flash } from './changes.ts';

/** What is remembered of a session. */
export interface SessionRecord {
  readonly contents: Contents;
  /** Seconds since the epoch, with milliseconds. */
  readonly createdAt: number;
  /** Seconds, or undefined: until the browser closes. Absent: what the store says. */
  readonly maxAge?: number | undefined;
  readonly subject: string | undefined;
  /** What a cookie store's session is called; server stores have it from the cookie. */
  readonly id: Uint8Array | undefined;
  /** Since when it is its subject's, for revocations; seconds since the epoch. Absent: since it was created. */
  readonly since: number | undefined;
}

/**
 * Positions: createdAt, values, flashes, maxAge, subject, id, since; those at the end that are undefined stay away.
 * Values with text keys alone are an object, which is shorter and may use the dictionary; others are a Map.
 */
export function encodeRecord({ contents, createdAt, subject, id, since, ...rest }: SessionRecord): unknown[] {
  const { values, flashes } = contents;
  const maxAge = 'maxAge' in rest ? (rest.maxAge ?? null) : undefined;
  const fields = [createdAt, asObject(values) ?? values, encodeBags(flashes), maxAge, subject, id, since];
  while (fields.at(-1) === undefined) fields.pop();
  return fields;
}

/** @returns undefined where `value`, though authentic, is no record of this release. */
export function decodeRecord(value: unknown): SessionRecord | undefined {
  if (!Array.isArray(value) || value.length > 7) return undefined;
  const [createdAt, values, flashes, maxAge, subject, id, since]: unknown[] = value;
  if (typeof createdAt !== 'number' || typeof values !== 'object' || values === null) return undefined;
  if (maxAge !== undefined && maxAge !== null && typeof maxAge !== 'number') return undefined;
  if (subject !== undefined && typeof subject !== 'string') return undefined;
  if (id !== undefined && !(id instanceof Uint8Array)) return undefined;
  if (since !== undefined && typeof since !== 'number') return undefined;
  const bags = decodeBags(flashes);
  if (bags === undefined) return undefined;
  return {
    contents: { values: values instanceof Map ? values : asMap(values), flashes: bags },
    createdAt,
    ...(maxAge !== undefined && { maxAge: maxAge ?? undefined }),
    subject,
    id,
    since,
  };
}

function asObject(values: ReadonlyMap<unknown, unknown>): Readonly<Record<string, unknown>> | undefined {
  const object: Record<string, unknown> = {};
  for (const [key, value] of values) {
    if (typeof key !== 'string' || key === '__proto__') return undefined;
    object[key] = value;
  }
  return object;
}

function asMap(values: object): Map<unknown, unknown> {
  const map = new Map<unknown, unknown>();
  for (const key of Object.keys(values)) map.set(key, Reflect.get(values, key));
  return map;
}

/** Each bag as a list of pairs of id and message. */
function encodeBags(flashes: Contents['flashes']): Map<string, unknown[]> | undefined {
  if (flashes.size === 0) return undefined;
  return new Map([...flashes].map(([bag, messages]) => [bag, messages.map(({ id, message }) => [id, message])]));
}

function decodeBags(given: unknown): Contents['flashes'] | undefined {
  const bags = new Map<string, readonly Flash[]>();
  if (given === undefined) return bags;
  if (!(given instanceof Map)) return undefined;
  for (const [bag, pairs] of given) {
    if (typeof bag !== 'string' || !Array.isArray(pairs)) return undefined;
    const messages: Flash[] = [];
    for (const pair of pairs) {
      const [id, message]: unknown[] = Array.isArray(pair) ? pair : [];
      if (typeof id !== 'number') return undefined;
      messages.push({ id, message });
    }
    bags.set(bag, messages);
  }
  return bags;
}
