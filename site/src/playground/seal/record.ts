/** Values and flash messages -> a new session, as a record and as what the session layer seals of it. */
import { encodeRecord, type Flash, ID_BYTES, type SessionRecord, valuesToMap } from '@sealring/wire';

/** Messages by the name of their bag. */
export type Bags = ReadonlyMap<string, readonly unknown[]>;

/**
 * A session that begins at `createdAt`, in seconds since the epoch.
 *
 * @param values a plain object, or a Map if a key is not a string.
 */
export function newRecord(values: object, createdAt: number, bags: Bags = new Map()): SessionRecord {
  const flashes = new Map([...bags].map(([bag, messages]) => [bag, messages.map(asFlash)]));
  return {
    contents: { values: values instanceof Map ? values : valuesToMap(values), flashes },
    createdAt,
    maxAge: undefined,
    subject: undefined,
    authenticatedAt: undefined,
    id: crypto.getRandomValues(new Uint8Array(ID_BYTES)),
    family: undefined,
    stamp: undefined,
  };
}

/** The same as the value that is sealed. */
export function recordOf(values: object, createdAt: number, bags?: Bags): unknown[] {
  return encodeRecord(newRecord(values, createdAt, bags));
}

/** With the random number by which the session layer tells a message from others that say the same. */
function asFlash(message: unknown): Flash {
  const [id = 0] = crypto.getRandomValues(new Uint32Array(1));
  return { id, message };
}
