/** A store as its users see it, and what a definition needs of it. */

import type { CookieOptions } from '../cookie/attributes.ts';
import type { Draft } from '../session/draft.ts';
import type { Lifetime } from '../session/lifetime.ts';
import type { ReadonlySession, Session, SessionBase } from '../session/session.ts';
import type { Named } from './named.ts';
import type { SessionRequest } from './request.ts';

/** Options of `revokeAll`. */
export interface RevokeOptions {
  /** A session of the same store that goes on, through all its moves: usually the one that asks. */
  except?: SessionBase;
}

/** A session of a subject, as `list` shows it. */
export interface ListedSession {
  /** As `session.id` has it. For `revoke`. */
  readonly id: string;
  /** When it ends unless a request renews it, in seconds since the epoch. */
  readonly expiresAt: number;
}

/** Cookie stores and server stores alike. */
export interface Store {
  /**
   * The session of this name: always one, even if it is empty. The same object for every call in a request, and for every copy or wrapper of the request.
   * From Next's `cookies()` in a server component, which takes no cookie, it can only be read; flash messages as `flashes` says.
   *
   * @throws {TypeError} if `request` is neither a request nor a cookie jar, if `name` is not a cookie name, or if a key is missing. Never because of what a
   *   visitor sent.
   * @throws {SessionError} `ERR_SESSION_BACKEND`.
   */
  get(request: SessionRequest, name: string): Promise<Session>;
  /**
   * The session as it is at this moment, to look at: for sockets, whose request lives for hours. It takes no changes, and has no methods that make any.
   *
   * @throws as `get`.
   */
  peek(request: SessionRequest, name: string): Promise<ReadonlySession>;
  /**
   * Ends every session of a subject, on every device, in whatever order it meets logins and changes of id. A login that began before it does not survive.
   * A cookie store needs the option `revocations`.
   *
   * @throws {TypeError} if the store cannot do it.
   * @throws {SessionError} `ERR_SESSION_BACKEND`.
   */
  revokeAll(subject: string, options?: RevokeOptions): Promise<void>;
  /**
   * Ends one session, by the id that `list` or `session.id` has given. A cookie store needs the option `revocations`.
   *
   * @throws {TypeError} if the store cannot do it.
   * @throws {SessionError} `ERR_SESSION_BACKEND`.
   */
  revoke(id: string): Promise<void>;
  /**
   * The sessions of a subject that have not ended, in no order.
   *
   * @throws {TypeError} if the sessions are in cookies, or in a backend that cannot list.
   * @throws {SessionError} `ERR_SESSION_BACKEND`.
   */
  list(subject: string): AsyncIterable<ListedSession>;
}

/** What a definition says of the sessions of one name. */
export interface NamedOptions {
  readonly lifetime: (storeLifetime: Lifetime) => Lifetime;
  readonly cookie: CookieOptions | undefined;
  readonly context: ((request: unknown) => string) | undefined;
  readonly prepare: (draft: Draft) => void;
  readonly checkValues: (draft: Draft) => void;
}

/** Under this key a definition finds what a store is inside, also if another copy of this package made it. */
export const STORE: unique symbol = /* @__PURE__ */ Symbol.for('sealring.store');

/** What a store is inside. */
export interface StoreCore {
  /** What is decided once for a name. @throws {TypeError} if it is not a cookie name, or a key is missing. */
  named(name: string): Named;
  /** From now on the name is a definition's. @throws {TypeError | RangeError} if name, lifetime or cookie are wrong. */
  define(name: string, options: NamedOptions): void;
}

/** The store, and its core under a symbol. */
export type StoreWithCore = Store & { readonly [STORE]: StoreCore };
