/** A record inside the cookie. With `revocations` a backend remembers which ids have ended or moved. FORMAT.md §9. */

import type { Sealer } from '@sealring/codec';
import {
  cookieBytes,
  countChunks,
  decodeRecord,
  encodeRecord,
  formatHead,
  type Head,
  ID_BYTES,
  MAX_COOKIE_BYTES,
  parseHead,
  SECRET_BYTES,
  type SessionRecord,
  splitValue,
} from '@sealring/wire';
import { createVersion, randomBytes } from '../ambient.ts';
import type { Backend } from '../backends/backend.ts';
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
import { explainSize, tooLarge } from './size.ts';
import { ask, type Step, settled } from './steps.ts';

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
  readonly lifetimeOf: (record: SessionRecord) => Lifetime;
  readonly now: () => number;
}

const NO_TURN: Turn = /* @__PURE__ */ Object.freeze({ hasWaited: false, release() {} });

export class CookiePlace implements Place {
  readonly #parts: CookiePlaceParts;

  constructor(parts: CookiePlaceParts) {
    this.#parts = parts;
  }

  newIdentity(family: string | undefined): Identity {
    const id = encodeBase64url(randomBytes(ID_BYTES));
    return { id, family: family ?? id, secret: undefined };
  }

  *find(value: string, chunks: number, tenant: string | undefined): Step<Found | Moved | Rejection> {
    const opened = this.#parts.sealer().safeOpen(value, bound(this.#parts.now(), tenant, chunks));
    if (!opened.ok) return rejectionOf(opened.code);
    const { value: content, issuedAt, stale: isStale } = opened;
    if (content instanceof Uint8Array && content.length === SECRET_BYTES) {
      const { overflow } = this.#parts;
      return overflow === undefined ? 'gone' : yield* overflow.findSecret(content, issuedAt, isStale);
    }
    const record = decodeRecord(content);
    if (record?.id === undefined) return 'payload';
    const id = encodeBase64url(record.id);
    const family = record.family === undefined ? id : encodeBase64url(record.family);
    const claim = { family, stamp: record.stamp ?? 0 };
    const identity = { place: this, id, family, secret: undefined, claim } as const;
    const { revocations } = this.#parts;
    if (revocations !== undefined) {
      const head = yield* headOf(revocations.backend, id);
      if (head?.state === 'moved') return this.#moved(identity, head.to, head.since, record.subject);
      if (head !== undefined) return 'revoked';
      if (!(yield* this.#counts(record, family))) return 'revoked';
    }
    return { state: 'live', ...identity, record, seenAt: issuedAt, stored: undefined, issuedAt, isStale };
  }

  seal({ draft, record, identity, tenant, now }: Draught): Sealed {
    const { lifetimeOf, revocations } = this.#parts;
    const id = decodeBase64url(identity.id);
    const family = identity.family === identity.id ? undefined : decodeBase64url(identity.family);
    // Without revocations nobody asks for family and stamp.
    const kept = revocations === undefined ? { id, family: undefined, stamp: undefined } : { id, family };
    const value = encodeRecord({ ...record, ...kept });
    const values = this.#split(draft, value, tenant, now);
    const lifetime = { ...lifetimeOf(record), idleTimeout: undefined };
    const expiresAt = endOf(record.createdAt, now, lifetime) + LONGER_THAN_A_REQUEST;
    return { identity, from: undefined, record, data: undefined, expiresAt, values };
  }

  cookieValues({ values }: Sealed): readonly string[] {
    return values ?? [];
  }

  /** Nothing is stored: the answer carries the record. So this asks once more whether the session may go on. PROTOCOL, "Write, renew, reseal". */
  *put({ record, identity }: Sealed, over: Over | null): Step<Written | false> {
    const { revocations } = this.#parts;
    if (revocations === undefined) return { stored: undefined };
    if (!(yield* this.#counts(record, identity.family))) return false;
    if (over !== null && (yield* headOf(revocations.backend, over.id)) !== undefined) return false;
    return { stored: undefined };
  }

  /** Only the visitor has the record, so it is what it was, unless it has ended or moved. */
  *reread(found: Found): Step<Found | Moved | undefined> {
    const { revocations } = this.#parts;
    if (revocations === undefined) return found;
    const head = yield* headOf(revocations.backend, found.id);
    if (head?.state === 'moved') return this.#moved(found, head.to, head.since, found.record.subject);
    if (head !== undefined) return undefined;
    return (yield* this.#counts(found.record, found.family)) ? found : undefined;
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

  #moved(
    identity: Identity & { readonly claim: Claim },
    to: string,
    since: number,
    subject: string | undefined,
  ): Moved {
    const { id, family, secret, claim } = identity;
    return { state: 'moved', place: this, id, family, secret, claim, to, since, isOf: (other) => other === subject };
  }

  /** Whether the subject's number still lets the session be. */
  *#counts({ subject, stamp = 0 }: SessionRecord, family: string): Step<boolean> {
    const { revocations } = this.#parts;
    if (revocations === undefined || subject === undefined) return true;
    return yield* revocations.numbers.counts(subject, { stamp, family });
  }

  /** Until when a copy of the cookie could open. */
  #lastMoment(record: SessionRecord): number {
    return endOf(record.createdAt, 0, { ...this.#parts.lifetimeOf(record), idleTimeout: undefined });
  }

  /** @throws {SessionError} `ERR_SESSION_TOO_LARGE` with the exact size and the largest keys. */
  #split(draft: Draft, value: unknown[], tenant: string | undefined, now: number): readonly string[] {
    const { cookieName, maxChunks, maxBytes } = this.#parts;
    const sealer = this.#parts.sealer();
    const seal = (chunks: number) =>
      explainSize(draft, sealer, value, maxBytes, () => sealer.seal(value, bound(now, tenant, chunks)));
    const whole = seal(1);
    const bytes = cookieBytes(cookieName, whole);
    if (bytes <= MAX_COOKIE_BYTES) return [whole];
    const count = countChunks(cookieName, whole.length);
    if (count <= maxChunks) return splitValue(cookieName, seal(count)).map((part) => part.value);
    throw tooLarge(draft, sealer, 'its cookie has', bytes, maxChunks * MAX_COOKIE_BYTES);
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
