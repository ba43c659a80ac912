/** One session of one request, from its cookie to its commit: what was found, what the handler holds, and what earlier tries of a commit have done. */

import { emptyRecord, type RawRecord } from '@sealring/wire';
import type { MaybePromise, StoredRecord, Version } from '../backends/backend.ts';
import type { SetCookie } from '../cookie/header.ts';
import { describe, isObject } from '../options.ts';
import type { Taken } from '../session/changes.ts';
import { Draft } from '../session/draft.ts';
import type { Keeper } from '../session/keeper.ts';
import type { Rejection } from '../session/session.ts';
import { SessionObject } from '../session/session-object.ts';
import type { Outcome } from './events.ts';
import type { Named } from './named.ts';
import type { Found, Identity, Moved, Place, Sealed } from './place.ts';
import { isPrefetch } from './request.ts';
import { run, type Step } from './steps.ts';

/** What became of one session. */
export interface Result {
  readonly name: string;
  readonly outcome: Outcome;
  /** Why it failed. */
  readonly error?: unknown;
  readonly cookies: readonly SetCookie[];
}

/** What the cookies of one name lead to. */
export interface Finding {
  /** `undefined`: no session could be opened. */
  readonly found: Found | Moved | undefined;
  /** Other genuine cookies of the same name, which count for nothing but end with the session. */
  readonly others: readonly Found[];
  readonly rejected: Rejection | undefined;
  /** Whether the request had a cookie of this name. */
  readonly hasCookie: boolean;
  /** The cookies of the request. */
  readonly header: string | undefined;
}

/** Messages that were read after the commit. */
interface Late {
  taken: readonly Taken[];
  /** Never rejects. */
  removal: Promise<unknown>;
}

/** A write of ours, and those before it. */
interface OwnWrite {
  readonly version: Version;
  /** How many changes are in it. */
  readonly changes: number;
  readonly before: OwnWrite | undefined;
}

export class Visit implements Keeper {
  readonly named: Named;
  /** What the session is bound to. */
  readonly tenant: string | undefined;
  readonly finding: Finding;
  readonly record: RawRecord;
  readonly isNew: boolean;
  readonly seenAt: number;
  readonly request: object;
  readonly #takeLate: (visit: Visit, taken: Taken) => boolean;
  readonly draft: Draft;
  readonly session: SessionObject;
  /** As it was found; `undefined` also if `revokeAll` has ended it in this request. */
  found: Found | Moved | undefined;
  /** The id that the session has now, or will have. */
  identity: Identity | undefined;
  /** Whether `revokeAll` has ended the session in this request. */
  isRevoked = false;

  /** What its commit gave, or `undefined` if there was none, or it failed. */
  result: MaybePromise<Result> | undefined;
  /** Where its commit has written it, if it has. */
  written: { readonly place: Place; readonly sealed: Sealed } | undefined;
  /** The removal of messages that were read after the commit, and those of which it has not taken note yet. */
  late: Late | undefined;

  /** Whether the visitor gets the cookie with every change, also where it stays the same: a set cookie is how Next knows that a page has changed. */
  setsCookie = false;

  // What a retry of a commit has to know of the tries before, so that it recognizes its own writes.

  /** Whether a call of the commit went unanswered: it may have been done. */
  isUnsure = false;
  /** How many writes over the record went unanswered. */
  unanswered = 0;
  /** The new record as last written, by a session that moves. */
  successor: StoredRecord | undefined;
  /** The identity of a session that has outgrown its cookie. */
  spilled: Identity | undefined;
  /** Our last write over the record. */
  mine: OwnWrite | undefined;

  /** @param takeLate removes messages after the commit. It commits, so this file cannot import it. */
  constructor(
    named: Named,
    request: object,
    finding: Finding,
    tenant: string | undefined,
    takeLate: (visit: Visit, taken: Taken) => boolean,
  ) {
    this.named = named;
    this.request = request;
    this.tenant = tenant;
    this.#takeLate = takeLate;
    this.finding = finding;
    const { found } = finding;
    const live = found?.state === 'live' ? found : undefined;
    this.found = found;
    this.identity = live;
    this.record = live?.record ?? emptyRecord(Math.floor(named.now()));
    this.isNew = live === undefined;
    this.seenAt = live?.seenAt ?? this.record.createdAt;
    this.draft = new Draft(this);
    this.session = new SessionObject(this.draft);
  }

  get isPrefetch(): boolean {
    return isPrefetch(this.request);
  }

  /** A second move in one request keeps the family too. */
  idOf(isNew: boolean): string {
    const { found, identity } = this;
    if (!isNew && identity !== undefined) return identity.id;
    const family = identity?.family ?? found?.family;
    this.identity = (found?.place ?? this.named.place).newIdentity(family);
    return this.identity.id;
  }

  /** After a commit that had nothing to do: the session takes changes again. */
  reopen(): void {
    this.result = undefined;
    this.draft.reopen();
  }

  async stampOf(subject: string): Promise<number> {
    return await run(this.#stampOf(subject));
  }

  takeLate(taken: Taken): boolean {
    return this.#takeLate(this, taken);
  }

  /** `revokeAll` has ended the session in this request: a login after that starts a new one. */
  forget(): void {
    this.isRevoked = true;
    // In a cookie store the old id is still to be told where the session has gone, so that a login after that goes on in its family.
    if (this.found?.state !== 'live' || this.found.stored === undefined) return;
    this.found = undefined;
    this.identity = undefined;
  }

  /** Whoever logs in as the same user may have called `revokeAll` just before: a raised number, and a record that has ended, say so. */
  *#stampOf(subject: string): Step<number> {
    const stamp = yield* this.named.stampOf(subject);
    const { found } = this;
    if (found?.state !== 'live' || found.stored === undefined || found.record.subject !== subject) return stamp;
    const isRaised = stamp > (found.record.stamp ?? 0);
    if (isRaised && (yield* found.place.reread(found)) === undefined) this.forget();
    return stamp;
  }
}

/** The visit that a session belongs to. @throws {TypeError} if it is not a session of this package. */
export function visitOf(name: string, session: unknown): Visit {
  const kept: unknown = isObject(session) ? Reflect.get(session, '~kept') : undefined;
  if (kept === undefined) throw new TypeError(`"${name}" expected a session, got ${describe(session)}`);
  return kept as Visit; // trust boundary: only sessions of this package, whichever copy, have something kept
}
