/** The contract between server stores and whatever keeps their records. A backend moves bytes: it decodes nothing and knows no session. */

import { SessionError } from './error.ts';
import { describe } from './options.ts';

/** What a backend gives back of its own choosing; compared for equality, never for order. At most 64 characters. */
export type Version = string;

/** What a method of a backend may give: a promise, or the plain result. */
export type MaybePromise<T> = T | Promise<T>;

/** What a backend has under an id. The bytes are sealed: they mean nothing to it. */
export interface StoredRecord {
  data: Uint8Array;
  version: Version;
  /** Seconds since the epoch, with fraction. */
  expiresAt: number;
}

/** How one record is to be written: until when it is kept, over what, and under which subject it is listed. */
export interface SetOptions {
  /** Seconds since the epoch, with fraction. */
  expiresAt: number;
  /** Absent: whatever is there. Null: only if nothing is there, or only something expired. A version: only if that is there, unexpired. */
  ifVersion?: Version | null;
  /** Under what `list` finds the record. Already hashed. Absent: under nothing, also where the record it replaces was. */
  subject?: string;
}

/**
 * Keeps records under ids: texts of 1 to 128 characters of `A–Z a–z 0–9 - _`, already hashed.
 *
 * Every method may return a promise or the plain result. A missing record is undefined or false; a broken backend is a thrown error,
 * and then nothing was acknowledged. `set` with `ifVersion` is atomic to the degree that `cas` says.
 */
export interface Backend {
  /**
   * How far `ifVersion` can be relied on: among everything that uses the same storage, within this process only, or not at all. Below
   * 'atomic' a store says so with the event `weak-cas`, as updates may then be lost.
   */
  readonly cas: 'atomic' | 'process' | 'none';
  /** @returns the record, never one that has expired. */
  get(id: string): MaybePromise<StoredRecord | undefined>;
  /** @returns the new version, different from every version this id has had; false when `ifVersion` did not hold. */
  set(id: string, data: Uint8Array, options: SetOptions): MaybePromise<Version | false>;
  /** @returns whether there was an unexpired record. */
  delete(id: string): MaybePromise<boolean>;
  /** Moves the expiry and nothing else: not the data, not the version. Creates nothing. @returns whether there was an unexpired record. */
  touch(id: string, expiresAt: number): MaybePromise<boolean>;
  /** The unexpired records of a subject, in no order. */
  list?(subject: string): AsyncIterable<{ id: string; expiresAt: number }>;
  /** Removes what has expired. @returns how many records. */
  prune?(): MaybePromise<number>;
  /** Lets go of whatever the backend holds. */
  close?(): MaybePromise<void>;
}

/** @param name of the option or argument. @throws {TypeError} when it is no backend. */
export function checkBackend(name: string, given: Backend): void {
  if (typeof given?.get === 'function' && typeof given.set === 'function') return;
  throw new TypeError(`"${name}" expected a backend such as memory(), got ${describe(given)}`);
}

/** Asks a backend. @throws {SessionError} `ERR_SESSION_BACKEND` with the backend's own error as cause. */
export async function ask<T>(call: () => MaybePromise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    throw backendFailed(cause);
  }
}

/** A backend's own error as this package's. */
export function backendFailed(cause: unknown): SessionError {
  return new SessionError('ERR_SESSION_BACKEND', 'Cannot reach the records of sessions: the backend failed', { cause });
}
