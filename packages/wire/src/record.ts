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

/** What is remembered of a session, beside what its handlers keep in it. */
export interface RecordFields {
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

export interface SessionRecord extends RecordFields {
  readonly contents: Contents;
}

/** A record whose values are still as they were decoded, or are to be encoded: an object if all keys are strings, otherwise a Map. */
export interface RawRecord extends RecordFields {
  readonly values: Map<unknown, unknown> | Record<string, unknown>;
  readonly flashes: Map<string, readonly Flash[]> | undefined;
}

/** Seconds from its creation for which a session lives if neither it nor its store says otherwise: 30 days, as in gorilla/sessions. */
export const DEFAULT_MAX_AGE = 2_592_000;

const FIELDS = 9;

/** The array that is sealed for a record. Values whose keys are all strings are an object, which is shorter and can use the dictionary; otherwise they are a Map. */
export function encodeRecord(record: SessionRecord): unknown[] {
  const { values, flashes } = record.contents;
  return formatRecord({ ...record, values: valuesToObject(values) ?? values, flashes }, record);
}

/** Returns `undefined` if `value` is not a record of this version. Takes over the Maps in it. */
export function decodeRecord(value: unknown): SessionRecord | undefined {
  const raw = parseRecord(value);
  if (raw === undefined) return undefined;
  const { values, flashes = new Map(), ...fields } = raw;
  return { contents: { values: values instanceof Map ? values : valuesToMap(values), flashes }, ...fields };
}

/**
 * An array of `createdAt, values, id, flashes, maxAge, subject, authenticatedAt, family, stamp`, without `undefined` at its end.
 *
 * @param own the id, family and stamp to write in place of the record's.
 */
export function formatRecord(
  { createdAt, values, flashes, maxAge, subject, authenticatedAt }: Omit<RawRecord, 'id' | 'family' | 'stamp'>,
  { id, family, stamp }: Pick<RecordFields, 'id' | 'family' | 'stamp'>,
): unknown[] {
  const fields = [createdAt, values, id, encodeBags(flashes), maxAge, subject, authenticatedAt, family, stamp];
  let length = FIELDS;
  while (fields[length - 1] === undefined) length--;
  fields.length = length;
  return fields;
}

/** Returns `undefined` if `value` is not a record of this version. Takes over the values in it. */
export function parseRecord(value: unknown): RawRecord | undefined {
  if (!Array.isArray(value) || value.length > FIELDS) return undefined;
  const [createdAt, values, id, bags, maxAge, subject, authenticatedAt, family, stamp]: unknown[] = value;
  if (typeof createdAt !== 'number' || !isContainer(values)) return undefined;
  if (!isOptional(id, isBytes) || !isOptional(family, isBytes)) return undefined;
  if (maxAge !== null && !isOptional(maxAge, isNumber)) return undefined;
  if (!isOptional(subject, isString)) return undefined;
  if (!isOptional(authenticatedAt, isNumber) || !isOptional(stamp, isNumber)) return undefined;
  const flashes = bags === undefined ? undefined : decodeBags(bags);
  if (flashes === undefined && bags !== undefined) return undefined;
  return { values, flashes, createdAt, maxAge, subject, authenticatedAt, id, family, stamp };
}

/** Not by the prototype, because in some realms that of a literal is not the one of the global `Object`. */
function isContainer(value: unknown): value is RawRecord['values'] {
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
export function valuesToObject(values: ReadonlyMap<unknown, unknown>): Record<string, unknown> | undefined {
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
function encodeBags(flashes: Contents['flashes'] | undefined): Map<string, unknown[]> | undefined {
  if (flashes === undefined || flashes.size === 0) return undefined;
  return new Map([...flashes].map(([bag, messages]) => [bag, messages.map(({ id, message }) => [id, message])]));
}

function decodeBags(given: unknown): Contents['flashes'] | undefined {
  if (!(given instanceof Map)) return undefined;
  const bags = new Map<string, readonly Flash[]>();
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
