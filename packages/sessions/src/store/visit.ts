/** One session of one request, from its cookie to its commit: what was found, what the handler holds, and what earlier tries of a commit have done. */

import type { StoredRecord } from '../backends/backend.ts';
import { describe } from '../options.ts';
import type { Draft } from '../session/draft.ts';
import { keptOf, type SessionObject } from '../session/session-object.ts';
import type { Named } from './named.ts';
import type { Found, Identity, Moved } from './place.ts';

/** What a retry of a commit has to know of the tries before, so that it recognizes its own writes. */
export interface Attempt {
  /** Whether a call of this commit went unanswered: it may have been done. */
  isUnsure: boolean;
  /** The new record as last written, by a session that moves. */
  successor: StoredRecord | undefined;
  /** The identity of a session that has outgrown its cookie. */
  spilled: Identity | undefined;
  /** How many changes each write of ours has in it, by its version. */
  mine: Map<string, number> | undefined;
}

export interface Visit {
  readonly named: Named;
  readonly session: SessionObject;
  readonly draft: Draft;
  /** `undefined`: no session could be opened, or `revokeAll` has ended it in this request. */
  found: Found | Moved | undefined;
  /** Other genuine cookies of the same name, which count for nothing but end with the session. */
  readonly others: readonly Found[];
  /** The id that the session has now, or will have. */
  identity: Identity | undefined;
  /** Whether `revokeAll` has ended the session in this request. */
  isRevoked: boolean;
  /** What the session is bound to. */
  readonly tenant: string | undefined;
  /** Whether the request had a cookie of this name. */
  readonly hasCookie: boolean;
  /** Names of chunk cookies that came with the request. */
  readonly chunkNames: readonly string[];
  readonly attempt: Attempt;
}

export function newAttempt(): Attempt {
  return { isUnsure: false, successor: undefined, spilled: undefined, mine: undefined };
}

/** The visit that a session belongs to. @throws {TypeError} if it is not a session of this package. */
export function visitOf(name: string, session: unknown): Visit {
  const kept = keptOf(session);
  if (kept === undefined) throw new TypeError(`"${name}" expected a session, got ${describe(session)}`);
  return kept as Visit; // trust boundary: only sessions of this package, whichever copy, have something kept
}
