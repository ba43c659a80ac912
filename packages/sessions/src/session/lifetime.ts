/** A session's dates, lifetime and idle timeout -> when it ends, and whether it is time to renew it. All in seconds. */

import { DEFAULT_MAX_AGE } from '@sealring/wire';

/** Browsers keep no cookie longer: 400 days. RFC 6265bis §5.5. */
export const MAX_COOKIE_AGE = 34_560_000;

/** Of its idle timeout, what must have passed before a visit is worth a write. */
const RENEWALS = 10;

/** How long a session may live. */
export interface Lifetime {
  /** Seconds from its creation. `undefined`: until the browser closes, at most `DEFAULT_MAX_AGE`. */
  readonly maxAge: number | undefined;
  /** Seconds without a request. `undefined`: as long as it lives. */
  readonly idleTimeout: number | undefined;
}

/** When the session ends: when its lifetime or its idle time is over, whichever comes first. At that second it is over. */
export function endOf(createdAt: number, seenAt: number, { maxAge, idleTimeout }: Lifetime): number {
  const end = createdAt + (maxAge ?? DEFAULT_MAX_AGE);
  return idleTimeout === undefined ? end : Math.min(end, seenAt + idleTimeout);
}

/** Whether a visit at `now` is worth a write: at most ten times in an idle timeout, and never where it would move no end. */
export function isRenewalDue(createdAt: number, seenAt: number, lifetime: Lifetime, now: number): boolean {
  const { idleTimeout } = lifetime;
  if (idleTimeout === undefined || now - seenAt < Math.max(idleTimeout / RENEWALS, 1)) return false;
  return endOf(createdAt, now, lifetime) > endOf(createdAt, seenAt, lifetime);
}
