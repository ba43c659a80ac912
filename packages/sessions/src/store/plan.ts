/** A session as its handler left it -> what a commit has to do. Pure: it seals, but does no I/O. If it throws, nothing has happened. */

import { SessionError } from '../error.ts';
import { isRenewalDue } from '../session/lifetime.ts';
import { CookiePlace } from './cookie-place.ts';
import type { Found, Place, Sealed } from './place.ts';
import type { Visit } from './visit.ts';

export type Plan = Writing | { readonly kind: 'nothing' } | { readonly kind: 'gone' } | { readonly kind: 'end' };

/** What ends in the record as it is sealed. */
export interface Writing {
  readonly kind: 'create' | 'write' | 'renew' | 'reseal' | 'move';
  readonly place: Place;
  readonly sealed: Sealed;
}

export const NOTHING: Plan = { kind: 'nothing' };
const GONE: Plan = { kind: 'gone' };
const END: Plan = { kind: 'end' };

/**
 * Decides what a commit has to do.
 *
 * @throws {SessionError} `ERR_SESSION_TOO_LARGE`.
 * @throws {SealError} if a value cannot be sealed, with its path.
 * @throws {TypeError} if a value does not fit the schema of the definition.
 */
export function planOf(visit: Visit, now: number): Plan {
  const { draft, found, named } = visit;
  if (draft.isEnded) return END;
  if (visit.isRevoked && draft.loginMade === undefined && !draft.isRestarted) return GONE;
  const { isDirty } = draft;
  if (found?.state === 'moved') return isDirty || draft.isMoving ? GONE : NOTHING;
  if (isDirty) named.checkValues(draft);
  if (found === undefined || draft.isReset) {
    if (draft.isEmpty || !isDirty) return draft.isRestarted && found !== undefined ? END : NOTHING;
    return seal(visit, found === undefined ? 'create' : 'move', found, now);
  }
  if (draft.isMoving) return seal(visit, 'move', found, now);
  if (isDirty) return seal(visit, 'write', found, now);
  if (found.isStale || draft.chosen !== undefined) return seal(visit, 'reseal', found, now);
  const { createdAt } = found.record;
  if (isRenewalDue(createdAt, found.seenAt, named.lifetimeOf(found.record), now)) {
    return seal(visit, 'renew', found, now);
  }
  return NOTHING;
}

/** Writes over what is there, and nothing else. */
export function planWrite(visit: Visit, found: Found, now: number): Plan {
  return seal(visit, 'write', found, now);
}

function seal(visit: Visit, kind: Writing['kind'], found: Found | undefined, now: number): Plan {
  const { draft, tenant } = visit;
  const isMove = kind === 'create' || kind === 'move';
  const place = found?.place ?? visit.named.place;
  const record = draft.record();
  const latest = Math.max(now, found?.seenAt ?? 0); // a renewal only moves forward
  try {
    const identity = (isMove ? undefined : found) ?? (visit.identity ??= visit.named.place.newIdentity(undefined));
    const from = kind === 'move' ? found?.id : undefined;
    return { kind, place, sealed: place.seal({ draft, record, identity, from, tenant, now: latest }) };
  } catch (error) {
    const overflow = place instanceof CookiePlace ? place.overflow : undefined;
    const isTooLarge = error instanceof SessionError && error.code === 'ERR_SESSION_TOO_LARGE';
    if (overflow === undefined || !isTooLarge) throw error;
    // It has outgrown its cookie: it moves into the backend, so that copies of the cookie lead there.
    visit.spilled ??= overflow.newIdentity(found?.family ?? visit.identity?.family);
    const from = found?.id;
    const sealed = overflow.seal({ draft, record, identity: visit.spilled, from, tenant, now: latest });
    return { kind: kind === 'create' ? 'create' : 'move', place: overflow, sealed };
  }
}
