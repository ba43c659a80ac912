/**
 * What the fields say of a session -> the record that the session layer seals: an array of createdAt, values, flashes, maxAge,
 * subject, id and since, of which those at the end that are undefined stay away.
 */

export interface SessionParts {
  /** Seconds since the epoch. */
  readonly createdAt: number;
  /** A plain object, or a Map where keys are no texts. */
  readonly values: object;
  /** Messages by the name of their bag. */
  readonly flashes: ReadonlyMap<string, readonly unknown[]>;
  /** Seconds; null: until the browser closes; undefined: what the store says. */
  readonly maxAge: number | null | undefined;
  readonly subject: string | undefined;
  /** 12 random bytes that name the session and open nothing. */
  readonly id: Uint8Array | undefined;
  /** Since when it is its subject's. */
  readonly since: number | undefined;
}

const ID = 12;

export function recordOf({ createdAt, values, flashes, maxAge, subject, id, since }: SessionParts): unknown[] {
  const bags =
    flashes.size === 0 ? undefined : new Map([...flashes].map(([bag, messages]) => [bag, messages.map(named)]));
  const fields = [createdAt, values, bags, maxAge, subject, id, since];
  while (fields.at(-1) === undefined) fields.pop();
  return fields;
}

export const newSessionId = (): Uint8Array => crypto.getRandomValues(new Uint8Array(ID));

/** A message with the random number by which the session layer tells it from others that say the same. */
const named = (message: unknown) => [crypto.getRandomValues(new Uint32Array(1))[0], message];
