/** A token, and the session in it -> whether it is expired, from the future, or valid. */

import { DEFAULT_MAX_AGE } from '@sealring/wire';
import type { SessionView } from '../explanation.ts';
import { formatDuration, formatInstant } from '../text.ts';
import type { Findings, Outcome, Subject } from './subject.ts';

/** When a token or session expires. */
export interface End {
  readonly at: number;
  /** Whether it is expired at the second `at`, as a session is. A token expires after that second. */
  readonly isInclusive: boolean;
  /** Seconds from `from` to `at`. */
  readonly maxAge: number;
  readonly from: number;
  /** Where the max age comes from: the session itself, the caller, or the default. */
  readonly by: 'session' | 'caller' | 'default';
}

/** Seconds that a token may be ahead of the clock: the codec's default. */
const CLOCK_SKEW = 60;

/** The max age of a session counts from its creation, whenever it was sealed. */
export function endOf({ parts, settings }: Subject, session: SessionView | undefined): End | undefined {
  const { maxAge } = settings;
  if (session?.kind === 'session') {
    const from = session.createdAt;
    if (typeof session.maxAge === 'number') return end(from, session.maxAge, 'session', true);
    if (maxAge !== undefined && session.maxAge === undefined) return end(from, maxAge, 'caller', true);
    return end(from, DEFAULT_MAX_AGE, 'default', true);
  }
  return maxAge === undefined ? undefined : end(parts.issuedAt ?? 0, maxAge, 'caller', false);
}

function end(from: number, maxAge: number, by: End['by'], isInclusive: boolean): End {
  return { at: from + maxAge, isInclusive, maxAge, from, by };
}

export function isOver({ at, isInclusive }: End, now: number): boolean {
  return isInclusive ? now >= at : now > at;
}

export function checkAge(subject: Subject, { session }: Findings): Outcome {
  const { parts, settings } = subject;
  const { now } = settings;
  const issuedAt = parts.issuedAt ?? 0;
  const over = endOf(subject, session);
  if (over !== undefined && isOver(over, now)) return expired(over, now);
  // Sessions accept tokens from the future, because the clock of another server may be ahead.
  if (session === undefined && issuedAt > now + CLOCK_SKEW) return early(issuedAt, now);
  const limit = over === undefined ? 'no max age was given' : `valid for ${formatDuration(over.at - now)} more`;
  if (session?.kind === 'session' && over !== undefined) {
    const found = `created ${formatInstant(session.createdAt)}, ${agoOf(session.createdAt, now)}; ${limit}${whyOf(over)}`;
    return { state: 'passed', found, range: undefined };
  }
  return {
    state: 'passed',
    found: `issued ${formatInstant(issuedAt)}, ${agoOf(issuedAt, now)}; ${limit}`,
    range: ISSUED,
  };
}

const ISSUED = { from: 4, to: 8 };

function expired({ at, maxAge, from, by, isInclusive }: End, now: number): Outcome {
  const [verb, range] = isInclusive ? ['created', undefined] : ['issued', ISSUED];
  const why = whyOf({ by });
  return {
    state: 'failed',
    found: `${verb} ${formatInstant(from)}, valid for ${formatDuration(maxAge)}${why}, so until ${formatInstant(at)}: expired ${formatDuration(now - at)} ago`,
    cause: isInclusive
      ? 'It is genuine, but the session has expired.'
      : 'It is genuine, but older than the max age allows.',
    hint: HINTS[by],
    code: 'ERR_SEAL_EXPIRED',
    range,
  };
}

function whyOf({ by }: Pick<End, 'by'>): string {
  return by === 'session' ? ' by its own max age' : by === 'default' ? ' by default' : '';
}

const HINTS: Readonly<Record<End['by'], string>> = {
  session: 'To see it open, set the clock back.',
  caller: 'To see it open, set the clock back or leave out the max age.',
  default: 'To see it open, give the max age of the store or set the clock back.',
};

function early(issuedAt: number, now: number): Outcome {
  return {
    state: 'failed',
    found: `issued ${formatInstant(issuedAt)}, which is ${formatDuration(issuedAt - now)} ahead of the clock; ${CLOCK_SKEW} seconds are allowed`,
    cause: 'It is genuine, but the clock of the server that made it is ahead, or this clock is behind.',
    hint: 'Compare the clocks of the two machines.',
    code: 'ERR_SEAL_FUTURE',
    range: ISSUED,
  };
}

function agoOf(then: number, now: number): string {
  if (then > now + CLOCK_SKEW) return `${formatDuration(then - now)} ahead of the clock`;
  if (then > now) return 'a little ahead of the clock';
  return now - then < 1 ? 'just now' : `${formatDuration(now - then)} ago`;
}
