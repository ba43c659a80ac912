/** The contract between stores and what keeps their records. A backend moves bytes: it decodes nothing and knows no session. */

import { SessionError } from '../error.ts';
import { describe } from '../options.ts';

/** Names one write of a record. The store chooses it: 1 to 64 characters of `A–Z a–z 0–9 - _`, never used twice. Compared for equality only. */
export type Version = string;

/** What a method of a backend may return: a promise, or the plain result. A backend that works synchronously makes no request wait. */
export type MaybePromise<T> = T | Promise<T>;

/** What a backend has under an id. The bytes mean nothing to it. */
export interface StoredRecord {
  data: Uint8Array;
  version: Version;
  /** Seconds since the epoch, with fraction. */
  expiresAt: number;
}

/** How one record is to be written. */
export interface SetOptions {
  /** The name of this write. */
  version: Version;
  /** Seconds since the epoch, with fraction. From this moment on the record counts as absent. */
  expiresAt: number;
  /**
   * What must be there for the write to happen. `undefined`: anything, the write is unconditional. `null`: no unexpired record. A record, as `get`
   * returned it or as an earlier `set` wrote it: an unexpired record of that version.
   */
  over?: StoredRecord | null;
  /** The subject's index name (a keyed hash of 1 to 128 characters of `A–Z a–z 0–9 - _`): `list` finds the record under it. `undefined`: under none, even if the record it replaces was listed. */
  subject?: string;
}

/**
 * Keeps records under ids: strings of 1 to 128 characters of `A–Z a–z 0–9 - _`, already hashed.
 *
 * Every method may return a promise or the plain result. A missing record is `undefined` or false; a broken backend is a thrown error, and then
 * the call may or may not have been done. `set` with `over` is atomic to the degree that `cas` says.
 */
export interface Backend {
  /**
   * How far `over` can be relied on: among all processes that use the same storage, within this process only, or not at all. Below 'atomic' a
   * store reports the event `weak-cas`, because updates may then be lost and a logout undone.
   */
  readonly cas: 'atomic' | 'process' | 'none';
  /** True if records never leave this process, which has the keys anyway: stores then save the time of encrypting them. Default false. */
  readonly inProcess?: boolean;
  /** Returns the record, or `undefined` if there is none or it has expired. */
  get(id: string): MaybePromise<StoredRecord | undefined>;
  /** Writes a copy of `data`. Returns false if `over` did not hold; nothing has changed then. */
  set(id: string, data: Uint8Array, options: SetOptions): MaybePromise<boolean>;
  /** Removes the record. Returns whether there was an unexpired one. */
  delete(id: string): MaybePromise<boolean>;
  /**
   * The unexpired records of a subject, in no order. It must contain every record whose `set` was acknowledged before the call and that was not
   * replaced or removed since. It may read an index first and the records later. A backend that cannot list has no such method.
   */
  list?(subject: string): AsyncIterable<{ id: string; expiresAt: number }>;
}

/** A backend of this package: it can also clean up. */
export interface ManagedBackend extends Backend {
  /** Removes the records that have expired. Returns how many. */
  prune(): MaybePromise<number>;
  /** Releases what the backend itself has opened or started. A client that you passed in stays open. */
  close(): MaybePromise<void>;
}

/** @param name of the option or argument. @throws {TypeError} when it is not a backend. */
export function checkBackend(name: string, given: Backend): void {
  const isBackend =
    typeof given?.get === 'function' &&
    typeof given.set === 'function' &&
    typeof given.delete === 'function' &&
    ['atomic', 'process', 'none'].includes(given.cas);
  if (!isBackend) throw new TypeError(`"${name}" expected a backend such as memory(), got ${describe(given)}`);
}

/** A backend's own error as this package's. */
export function backendFailed(cause: unknown): SessionError {
  if (cause instanceof SessionError) return cause;
  return new SessionError('ERR_SESSION_BACKEND', 'Cannot reach the session records: the backend failed', { cause });
}
