/** What a store is inside: how the session of one name gets out of a request's cookies and into a response's. */

import type { MaybePromise } from './backend.ts';
import type { SessionRequest } from './request.ts';
import type { Session } from './session.ts';
import type { SessionObject } from './session-object.ts';

/** Options of one `get`. */
export interface GetOptions {
  /** Seconds from creation, up to 400 days; for a session that this request creates, in place of the store's. */
  maxAge?: number | undefined;
  /** Seconds without a request after which it ends, up to 400 days; in place of the store's. */
  idleTimeout?: number | undefined;
}

/** Options of `revokeAll`. */
export interface RevokeOptions {
  /** A session of the same store that goes on: usually the one that asked for it. */
  except?: Session;
}

/** What a commit has to put on the response. */
export interface CookieChanges {
  /** Whole Set-Cookie lines. */
  readonly lines: readonly string[];
  /** The cookies that are this session's: earlier lines of theirs on the same response are replaced. */
  readonly names: readonly string[];
}

/** One session of one request: loaded, and to be committed once. */
export interface Carried {
  readonly session: SessionObject;
  commit(): MaybePromise<CookieChanges>;
}

export interface Carrier {
  load(name: string, header: string | undefined, options: GetOptions): MaybePromise<Carried>;
}

/** Cookie stores and server stores alike. */
export interface Store {
  /**
   * The session of this name: always one, even if empty. The same object for every call with the same request.
   *
   * @throws {TypeError} when `request` has no headers or `name` is no cookie name. Never because of what a visitor sent.
   */
  get(request: SessionRequest, name: string, options?: GetOptions): Promise<Session>;
  /**
   * Ends every session of a subject, on every device. Needs a backend that can list by subject, or the option `revocations`.
   *
   * @throws {TypeError} when the store has neither.
   * @throws {SessionError} `ERR_SESSION_BACKEND`.
   */
  revokeAll(subject: string, options?: RevokeOptions): Promise<void>;
  /**
   * The sessions of a subject that have not ended, in no order: `id` as `session.id` has it.
   *
   * @throws {TypeError} when the sessions are in cookies, or in a backend that cannot list.
   * @throws {SessionError} `ERR_SESSION_BACKEND`.
   */
  list(subject: string): AsyncIterable<{ id: string; expiresAt: number }>;
}
