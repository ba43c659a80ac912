/** A session as its users see it. Its one implementation is session-object.ts. */

/** Why a presented cookie was refused. Stable, for logs and branches. */
export type Rejection =
  | 'malformed'
  | 'version'
  | 'unknown-key'
  | 'tampered'
  | 'expired'
  | 'future'
  | 'payload'
  | 'unknown-type'
  | 'revoked'
  | 'gone'
  | 'invalid';

/** What may be changed for one session; it is remembered inside the seal. */
export interface SessionOptions {
  /** Seconds from creation until the session ends. Undefined: until the browser closes. */
  maxAge: number | undefined;
}

/** A session: always one, even if empty. Keys and values keep their types. */
export interface Session {
  /** Changes with `regenerate`. Not secret: it opens nothing. */
  readonly id: string;
  /** The name that it was asked for by. */
  readonly name: string;
  /** Whether this request brought no session that could be opened. */
  readonly isNew: boolean;
  /** Seconds since the epoch, with fraction. */
  readonly createdAt: number;
  /** Seconds since the epoch: when it ends unless something renews it. */
  readonly expiresAt: number;
  /** Why the presented cookie was refused, if one was. */
  readonly rejected: Rejection | undefined;
  readonly options: SessionOptions;
  /** Who it belongs to, for `revokeAll`. */
  subject: string | undefined;
  readonly size: number;
  get(key: unknown): unknown;
  has(key: unknown): boolean;
  set(key: unknown, value: unknown): this;
  /** @returns whether there was such a key. */
  delete(key: unknown): boolean;
  /** Removes all values; flash messages stay. */
  clear(): void;
  /** Sets what `update` makes of the value. On a conflict it is called again with the newest value, so that no increment is lost. */
  update<V = number>(key: unknown, update: (value: V | undefined) => V): void;
  entries(): IterableIterator<[unknown, unknown]>;
  /** Adds a message that lasts until it is read. */
  addFlash(message: unknown, bag?: string): void;
  /** The messages of a bag, which are gone after this request. */
  flashes(bag?: string): unknown[];
  /** The messages of a bag, which stay. */
  peekFlashes(bag?: string): unknown[];
  /** Keeps the messages that this request has read for the next one; without a bag, of all bags. */
  keepFlashes(bag?: string): void;
  /**
   * A new id for the same values and the same time of creation: at login. The old one is worth nothing from the save on; in a cookie store
   * only if that has `revocations`.
   */
  regenerate(): Promise<void>;
  /**
   * Ends the session. With a server store for every request still in flight too; a copy of a cookie store's cookie stays good until it
   * expires, unless the store has `revocations`.
   */
  destroy(): void;
}
