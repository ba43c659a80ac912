/** `req.session`, as TypeScript knows it. */

import type { DefinedSession } from '../../store/define.ts';

/** A Node callback. */
type Callback = (error?: unknown) => void;

/** What express-session has in `req.session`, beside the values. Each method takes a callback or returns a promise. */
export interface RequestSession {
  /** Changes with `regenerate`. Not secret: it opens nothing. */
  readonly id: string;
  cookie: SessionCookie;
  /** Saves now. Not needed: what has changed is saved before the headers of the response are sent. */
  save(callback?: Callback): Promise<void>;
  /** Ends the session, and begins an empty one with another id. */
  regenerate(callback?: Callback): Promise<void>;
  /** Ends the session. The property is then `undefined`. */
  destroy(callback?: Callback): Promise<void>;
  /** Loads the session again, without what this request has changed. */
  reload(callback?: Callback): Promise<void>;
  /** Does nothing: an `idleTimeout` is renewed by every request. */
  touch(callback?: Callback): this;
  /** Does nothing. */
  resetMaxAge(): this;
}

/** `req.session.cookie`. */
export interface SessionCookie {
  /** Milliseconds from now until the session ends, or null: until the browser closes. At most 400 days from the session's creation. */
  maxAge: number | null;
  /** Milliseconds from the session's creation until it ends, or null: until the browser closes. */
  originalMaxAge: number | null;
  /** When the session ends, or null: when the browser closes. */
  expires: Date | null;
  httpOnly: boolean;
  sameSite: 'strict' | 'lax' | 'none';
  partitioned: boolean;
  priority: 'low' | 'medium' | 'high' | undefined;
  readonly secure: boolean;
  readonly path: string;
  readonly domain: string | undefined;
}

/**
 * The type of the property, for a declaration of your own:
 * `declare global { namespace Express { interface Request { session: SessionProperty<typeof login> } } }`.
 */
export type SessionProperty<Definition> =
  Definition extends DefinedSession<infer Values, infer _Message> ? RequestSession & Partial<Values> : never;
