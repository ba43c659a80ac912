/** What is remembered of a session <-> the one value that is sealed, in a cookie or behind the head of a record in a backend. FORMAT.md §9. */

/** A flash message, told from others that say the same. */
export interface Flash {
  /** A random integer below 2^32. */
  readonly id: number;
  readonly message: unknown;
}

/** The values of a session, and its flash messages by bag. */
export interface Contents {
  readonly values: Map<unknown, unknown>;
  readonly flashes: Map<string, readonly Flash[]>;
}

export interface SessionRecord {
  readonly contents: Contents;
  /** When the session began, or its last login, in whole seconds since the epoch. */
  readonly createdAt: number;
  /** A lifetime of this session's own, in seconds; null: until the browser closes. `undefined`: the store or definition decides. */
  readonly maxAge: number | null | undefined;
  /** Whose session it is. */
  readonly subject: string | undefined;
  /** When the subject logged in, in whole seconds since the epoch. */
  readonly authenticatedAt: number | undefined;
  /** The session's id, in a cookie store. A server store has it from the cookie. */
  readonly id: Uint8Array | undefined;
  /** The id of the family, in a cookie store, if the session has moved; before that it is the session's own id. */
  readonly family: Uint8Array | undefined;
  /** The subject's number when `login()` was called; `undefined` is 0. */
  readonly stamp: number | undefined;
}

/** Seconds from its creation for which a session lives if neither it nor its store says otherwise: 30 days, as in gorilla/sessions. */
export const DEFAULT_MAX_AGE = 2_592_000;

export function emptyContents(): Contents {
  return { values: new Map(), flashes: new Map() };
}

const FIELDS = 9;

/**
 * An array of `createdAt, values, id, flashes, maxAge, subject, authenticatedAt, family, stamp`, without `undefined` at its end.
 * Values whose keys are all strings are an object, which is shorter and can use the dictionary; otherwise they are a Map.
 */
export function encodeRecord(record: SessionRecord): unknown[] {
  const { values, flashes } = record.contents;
  const { createdAt, id, maxAge, subject, authenticatedAt, family, stamp } = record;
  const fields = [
    createdAt,
    valuesToObject(values) ?? values,
    id,
    encodeBags(flashes),
    maxAge,
    subject,
    authenticatedAt,
  ];
  if (family !== undefined || stamp !== undefined) fields.push(family, stamp);
  while (fields.at(-1) === undefined) fields.pop();
  return fields;
}

/** Returns `undefined` if `value` is not a record of this version. Takes over the Maps in it. */
export function decodeRecord(value: unknown): SessionRecord | undefined {
  if (!Array.isArray(value) || value.length > FIELDS) return undefined;
  const [createdAt, values, id, flashes, maxAge, subject, authenticatedAt, family, stamp]: unknown[] = value;
  if (typeof createdAt !== 'number' || !isContainer(values)) return undefined;
  if (!isOptional(id, isBytes) || !isOptional(family, isBytes)) return undefined;
  if (maxAge !== null && !isOptional(maxAge, isNumber)) return undefined;
  if (!isOptional(subject, isString)) return undefined;
  if (!isOptional(authenticatedAt, isNumber) || !isOptional(stamp, isNumber)) return undefined;
  const bags = decodeBags(flashes);
  if (bags === undefined) return undefined;
  const contents = { values: values instanceof Map ? values : valuesToMap(values), flashes: bags };
  return { contents, createdAt, maxAge, subject, authenticatedAt, id, family, stamp };
}

/** Not by the prototype, because in some realms that of a literal is not the one of the global `Object`. */
function isContainer(value: unknown): value is object {
  return value instanceof Map || Object.prototype.toString.call(value) === '[object Object]';
}

function isOptional<T>(value: unknown, is: (value: unknown) => value is T): value is T | undefined {
  return value === undefined || is(value);
}

function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

/** Returns the values as an object, or `undefined` if one of the keys cannot be that of an object. */
export function valuesToObject(values: ReadonlyMap<unknown, unknown>): Readonly<Record<string, unknown>> | undefined {
  const object: Record<string, unknown> = {};
  for (const [key, value] of values) {
    if (typeof key !== 'string' || key === '__proto__') return undefined;
    object[key] = value;
  }
  return object;
}

/** The inverse of `valuesToObject`. */
export function valuesToMap(values: object): Map<unknown, unknown> {
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
