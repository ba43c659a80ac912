/** A record inside the cookie. With `revocations` a backend remembers which ids have ended or moved. FORMAT.md §9. */

import type { Opened, Sealer } from '@sealring/codec';
import {
  cookieBytes,
  countChunks,
  formatHead,
  formatRecord,
  type Head,
  ID_BYTES,
  MAX_COOKIE_BYTES,
  parseHead,
  parseRecord,
  type RawRecord,
  SECRET_BYTES,
  splitValue,
} from '@sealring/wire';
import { createVersion, randomBytes } from '../ambient.ts';
import type { Backend, MaybePromise } from '../backends/backend.ts';
import { SessionError } from '../error.ts';
import type { Draft } from '../session/draft.ts';
import { endOf, type Lifetime, MAX_COOKIE_AGE } from '../session/lifetime.ts';
import { rejectionOf } from '../session/rejection.ts';
import type { Rejection } from '../session/session.ts';
import { decodeBase64url, encodeBase64url, fingerprint } from '../text.ts';
import { type BackendPlace, bound } from './backend-place.ts';
import type { Claim, Numbers } from './numbers.ts';
import {
  type Draught,
  type Ended,
  type Found,
  type Identity,
  LONGER_THAN_A_REQUEST,
  type Moved,
  type Over,
  type Place,
  type Sealed,
  type Turn,
  type Written,
} from './place.ts';
import { explained, tooLarge } from './size.ts';
import { ask, run, type Step, settled } from './steps.ts';
import { NO_TURN } from './turns.ts';

/** Which ids have ended or moved, and the numbers of subjects. */
interface Revocations {
  readonly backend: Backend;
  readonly numbers: Numbers;
}

/** What a cookie place is made of. */
export interface CookiePlaceParts {
  readonly cookieName: string;
  readonly sealer: () => Sealer;
  /** Bytes that a record may have, whatever number of cookies it takes. */
  readonly maxBytes: number;
  readonly maxChunks: number;
  readonly revocations: Revocations | undefined;
  /** Where a session goes that is too large for its cookies. */
  readonly overflow: BackendPlace | undefined;
  readonly lifetimeOf: (record: RawRecord) => Lifetime;
  readonly now: () => number;
}

/** A session that was found in a cookie. Its ids are written out only for whoever asks. */
class FoundInCookie implements Found {
  readonly state = 'live';
  readonly secret = undefined;
  readonly stored = undefined;
  readonly place: CookiePlace;
  readonly record: RawRecord;
  readonly seenAt: number;
  readonly isStale: boolean;
  readonly #id: Uint8Array;

  constructor(place: CookiePlace, record: RawRecord, id: Uint8Array, { issuedAt, stale }: Opened) {
    this.place = place;
    this.record = record;
    this.#id = id;
    this.seenAt = issuedAt;
    this.isStale = stale;
  }

  get issuedAt(): number {
    return this.seenAt;
  }

  get id(): string {
    return encodeBase64url(this.#id);
  }

  get family(): string {
    return encodeBase64url(this.record.family ?? this.#id);
  }

  get claim(): Claim {
    return { family: this.family, stamp: this.record.stamp ?? 0 };
  }
}

export class CookiePlace implements Place {
  readonly isAlone: boolean;
  readonly #parts: CookiePlaceParts;

  constructor(parts: CookiePlaceParts) {
    this.#parts = parts;
    this.isAlone = parts.revocations === undefined;
  }

  newIdentity(family: string | undefined): Identity {
    const id = encodeBase64url(randomBytes(ID_BYTES));
    return { id, family: family ?? id, secret: undefined };
  }

  find(value: string, chunks: number, tenant: string | undefined): MaybePromise<Found | Moved | Rejection> {
    const { sealer, now, overflow, revocations } = this.#parts;
    const opened = sealer().safeOpen(value, bound(now(), tenant, chunks));
    if (!opened.ok) return rejectionOf(opened.code);
    const { value: content } = opened;
    if (content instanceof Uint8Array && content.length === SECRET_BYTES) {
      return overflow === undefined ? 'gone' : overflow.findSecret(content, opened);
    }
    const record = parseRecord(content);
    if (record?.id === undefined) return 'payload';
    const found = new FoundInCookie(this, record, record.id, opened);
    return revocations === undefined ? found : run(this.#judge(found, revocations.backend));
  }

  /** Whether it has ended or moved since its cookie was sealed. */
  *#judge(found: Found, backend: Backend): Step<Found | Moved | Rejection> {
    const head = yield* headOf(backend, found.id);
    if (head?.state === 'moved') return this.#moved(found, head.to, head.since);
    return head === undefined && (yield* this.#counts(found.record, found.family)) ? found : 'revoked';
  }

  seal({ draft, record, identity, tenant, now }: Draught): Sealed {
    const own = identity instanceof FoundInCookie ? record : this.#own(identity, record.stamp);
    const value = formatRecord(record, own);
    return { identity, from: undefined, record, data: undefined, values: this.#split(draft, value, tenant, now) };
  }

  /** The fields that say which session it is. Without revocations nobody asks for family and stamp. */
  #own({ id, family }: Identity, stamp: number | undefined): Pick<RawRecord, 'id' | 'family' | 'stamp'> {
    const isAsked = !this.isAlone;
    return {
      id: decodeBase64url(id),
      family: isAsked && family !== id ? decodeBase64url(family) : undefined,
      stamp: isAsked ? stamp : undefined,
    };
  }

  cookieValues({ values }: Sealed): readonly string[] {
    return values ?? [];
  }

  /** Nothing is stored: the answer carries the record. So this asks once more whether the session may go on. PROTOCOL, "Write, renew, reseal". */
  *put({ record, identity }: Sealed, over: Over | null): Step<Written | false> {
    const { revocations } = this.#parts;
    if (!(yield* this.#counts(record, identity.family))) return false;
    const isOver =
      over !== null && revocations !== undefined && (yield* headOf(revocations.backend, over.id)) !== undefined;
    return isOver ? false : { stored: undefined };
  }

  /** Only the visitor has the record, so it is what it was, unless it has ended or moved. */
  *reread(found: Found): Step<Found | Moved | undefined> {
    const { revocations } = this.#parts;
    const judged = revocations === undefined ? found : yield* this.#judge(found, revocations.backend);
    return typeof judged === 'string' ? undefined : judged;
  }

  standing(): Step<undefined> {
    return settled(undefined);
  }

  confirm(): Step<boolean> {
    return settled(true); // `put` has asked
  }

  *point(old: Pick<Found, 'id' | 'record'>, { identity }: Sealed): Step<boolean> {
    const { revocations } = this.#parts;
    if (revocations === undefined) return true;
    const { id: to, family } = identity;
    const since = Math.floor(this.#parts.now());
    const pointer: Head = { state: 'moved', family, to, since, subject: undefined };
    if (yield* close(revocations.backend, old.id, pointer, this.#lastMoment(old.record))) return true;
    const head = yield* headOf(revocations.backend, old.id);
    return head?.state === 'moved' && head.to === to; // an answer was lost: the pointer is ours
  }

  remove(): Step<void> {
    return settled(undefined); // nobody has it
  }

  *end(id: string, known?: Pick<Found, 'record'>): Step<Ended | undefined> {
    const { revocations, overflow } = this.#parts;
    if (revocations === undefined) return known && { from: undefined };
    const until = known && this.#lastMoment(known.record);
    return yield* endCookie(revocations.backend, overflow, this.#parts.now, id, until);
  }

  turn(): Step<Turn> {
    return settled(NO_TURN);
  }

  #moved({ id, family, claim, record }: Found, to: string, since: number): Moved {
    const isOf = (subject: string) => subject === record.subject;
    return { state: 'moved', place: this, id, family, secret: undefined, claim, to, since, isOf };
  }

  /** Whether the subject's number still lets the session be. */
  *#counts({ subject, stamp = 0 }: RawRecord, family: string): Step<boolean> {
    const { revocations } = this.#parts;
    if (revocations === undefined || subject === undefined) return true;
    return yield* revocations.numbers.counts(subject, { stamp, family });
  }

  /** Until when a copy of the cookie could open. */
  #lastMoment(record: RawRecord): number {
    return endOf(record.createdAt, 0, { ...this.#parts.lifetimeOf(record), idleTimeout: undefined });
  }

  /** The values of its cookies. @throws {SessionError} `ERR_SESSION_TOO_LARGE` with the exact size and the largest keys. */
  #split(draft: Draft, value: unknown[], tenant: string | undefined, now: number): readonly string[] {
    const { cookieName, maxChunks, maxBytes } = this.#parts;
    const sealer = this.#parts.sealer();
    try {
      const whole = sealer.seal(value, bound(now, tenant));
      const bytes = cookieBytes(cookieName, whole);
      if (bytes <= MAX_COOKIE_BYTES) return [whole];
      const count = countChunks(cookieName, whole.length);
      if (count > maxChunks) throw tooLarge(draft, sealer, 'its cookie has', bytes, maxChunks * MAX_COOKIE_BYTES);
      return splitValue(cookieName, sealer.seal(value, bound(now, tenant, count))).map((part) => part.value);
    } catch (error) {
      throw explained(error, draft, sealer, value, maxBytes);
    }
  }

  /** Where a record goes that does not fit here. */
  get overflow(): BackendPlace | undefined {
    return this.#parts.overflow;
  }
}

/** Whether an error says that a session does not fit. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof SessionError && error.code === 'ERR_SESSION_TOO_LARGE';
}

/**
 * Ends the id of a session in a cookie, or what it has moved to. PROTOCOL, "End(id)" of cookie stores.
 *
 * @param until when the last copy of the cookie could open, if that is known.
 */
export function* endCookie(
  backend: Backend,
  overflow: { end(id: string): Step<Ended | undefined> } | undefined,
  now: () => number,
  id: string,
  until?: number,
): Step<Ended | undefined> {
  for (let at = id; ; ) {
    const end = at === id ? until : undefined;
    if (yield* close(backend, at, { state: 'ended' }, end ?? now() + MAX_COOKIE_AGE)) break;
    const head = yield* headOf(backend, at);
    if (head?.state !== 'moved') break;
    at = head.to;
    if (isRecordId(at) && overflow !== undefined) return yield* overflow.end(at); // it has outgrown its cookie
  }
  return { from: undefined };
}

/** Ids of records in a backend are longer than those of sessions in cookies. */
export function isRecordId(id: string): boolean {
  return id.length > Math.ceil((ID_BYTES * 4) / 3);
}

/** How an id has ended, if it has. */
function* headOf(backend: Backend, id: string): Step<Head | undefined> {
  const stored = yield* ask(() => backend.get(nameOf(id)));
  return stored && (parseHead(stored.data)?.head ?? { state: 'ended' });
}

/** Ends an id, unless it has ended already. */
function* close(backend: Backend, id: string, head: Head, until: number): Step<boolean> {
  const data = new TextEncoder().encode(formatHead(head));
  const options = { version: createVersion(), expiresAt: until + LONGER_THAN_A_REQUEST, over: null };
  return yield* ask(() => backend.set(nameOf(id), data, options));
}

/** Under what a backend keeps how an id has ended. */
function nameOf(id: string): string {
  return fingerprint(new TextEncoder().encode(`ended:${id}`));
}
