/** What is explored: requests of one visitor and of others, and every pair and triple of them. */
import type { Kind } from './kinds.ts';
import type { Act, RequestPlan } from './visitor.ts';
import type { Scenario } from './world.ts';

/** A request with a cookie, or with none. */
function on(cookie: RequestPlan['cookie'], ...acts: Act[]): RequestPlan {
  return { cookie, acts };
}

/** Requests with the cookie `a`. */
const VISITOR: readonly RequestPlan[] = [
  on('a', 'write'),
  on('a', 'read'),
  on('a', 'regenerate', 'write'),
  on('a', 'login', 'write'),
  on('a', 'logout'),
  on('a', 'except'),
  on('a', 'regenerate', 'except'),
  on('a', 'except', 'regenerate'),
  on('a', 'login', 'except'),
  on('a', 'except', 'login'),
  on('a', 'all', 'login'),
  on('a', 'login', 'all'),
];

/** Requests from elsewhere. */
const OTHERS: readonly RequestPlan[] = [
  on('b', 'all'),
  on(undefined, 'all'),
  on(undefined, 'revoke:a'),
  on(undefined, 'revoke:new'),
  on('b', 'except'),
  on(undefined, 'login'),
  on(undefined, 'login', 'except'),
];

export const EVERY: readonly RequestPlan[] = [...VISITOR, ...OTHERS];

/** One of each kind. */
export const SMALL: readonly RequestPlan[] = [
  on('a', 'write'),
  on('a', 'regenerate', 'write'),
  on('a', 'login'),
  on('a', 'logout'),
  on('a', 'except'),
  on(undefined, 'all'),
  on(undefined, 'login'),
];

/** Those whose calls are few, so that every fault of every pair can be tried. */
export const SHORT: readonly RequestPlan[] = [
  on('a', 'write'),
  on('a', 'read'),
  on('a', 'regenerate'),
  on('a', 'login'),
  on('a', 'logout'),
  on(undefined, 'revoke:new'),
];

/** Those that make a session too large for its cookie, and what others do to it. */
export const GROWING: readonly RequestPlan[] = [
  on('a', 'grow'),
  on('a', 'grow', 'regenerate'),
  on('a', 'login', 'grow'),
  on('a', 'write'),
  on('a', 'regenerate'),
  on('a', 'logout'),
  on(undefined, 'all'),
  on(undefined, 'revoke:a'),
  on(undefined, 'revoke:new'),
  on('a', 'except'),
];

/** Every choice of `count` requests, in which one may be there several times. */
export function combine(requests: readonly RequestPlan[], count: number, from = 0): RequestPlan[][] {
  if (count === 0) return [[]];
  return requests
    .slice(from)
    .flatMap((request, at) => combine(requests, count - 1, from + at).map((others) => [request, ...others]));
}

/** Sets of requests as scenarios, with a visitor who has logged in and with one who has not. */
export function scenariosOf(
  kind: Kind,
  sets: readonly RequestPlan[][],
  { faults = 0, isSpread = true, index = 'with' }: Partial<Pick<Scenario, 'faults' | 'isSpread' | 'index'>> = {},
): Scenario[] {
  return sets.flatMap((requests) =>
    [false, true].map((isAnonymous) => {
      const isOld = requests.some(({ acts }) => acts.includes('read'));
      return { kind, requests, isAnonymous, isOld, isSpread, faults, index };
    }),
  );
}

/** For people: who the visitor is, and what each request does. */
export function titleOf({ kind, requests, isAnonymous, isSpread, faults, index }: Scenario): string {
  const plans = requests.map(({ cookie, acts }) => `${cookie ?? '–'}: ${acts.join(', ')}`);
  const more = [isSpread ? '' : 'one process', faults === 0 ? '' : 'one fault', index === 'with' ? '' : `index ${index}`];
  const who = isAnonymous ? 'anonymous' : 'logged in';
  return `${kind.name}, ${[who, ...more.filter(Boolean)].join(', ')}: ${plans.join(' | ')}`;
}
