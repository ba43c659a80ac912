/** What requests do that overlap, in the model and with the real code: those of one visitor, those of others, and every pair and triple of them. */

/**
 * What a handler does, in order. `revoke:new`: the session to which the first request has moved. `grow`: the session gets too large for its cookie.
 * `late`: once it has answered, it reads the flash messages.
 */
export type Act =
  | 'read'
  | 'write'
  | 'grow'
  | 'late'
  | 'regenerate'
  | 'login'
  | 'logout'
  | 'except'
  | 'all'
  | 'revoke:a'
  | 'revoke:new';

/** A request with the cookie `a` or `b`, or with none. */
export interface RequestPlan {
  readonly cookie: 'a' | 'b' | undefined;
  readonly acts: readonly Act[];
}

export function on(cookie: RequestPlan['cookie'], ...acts: Act[]): RequestPlan {
  return { cookie, acts };
}

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

/** Those that read messages after their answer, their own or those of others, and what others do to the session. Of the real code only. */
export const LATE: readonly RequestPlan[] = [
  on('a', 'write', 'late'),
  on('a', 'regenerate', 'write', 'late'),
  on('a', 'login', 'write', 'late'),
  on('a', 'except', 'write', 'late'),
  on('a', 'late'),
  on('a', 'write'),
  on('a', 'regenerate'),
  on('a', 'logout'),
  on(undefined, 'all'),
  on(undefined, 'revoke:new'),
];

/** More than pairs, less than all. */
export const TRIPLES: readonly (readonly RequestPlan[])[] = [
  [on('a', 'regenerate'), on('a', 'write'), on('a', 'logout')],
  [on('a', 'regenerate'), on('a', 'regenerate'), on(undefined, 'all')],
  [on('a', 'login'), on('a', 'login'), on('a', 'logout')],
  [on('a', 'regenerate'), on(undefined, 'login'), on(undefined, 'all')],
  [on('a', 'except'), on('a', 'except'), on('a', 'regenerate')],
  [on('a', 'except'), on('a', 'write'), on(undefined, 'login')],
  [on('a', 'except'), on(undefined, 'all'), on('a', 'regenerate')],
  [on('a', 'write'), on('a', 'write'), on('a', 'regenerate', 'write')],
  [on('a', 'regenerate'), on(undefined, 'revoke:new'), on('a', 'write')],
];

/** Every choice of `count` requests, in which one may be there several times. */
export function combine(requests: readonly RequestPlan[], count: number, from = 0): RequestPlan[][] {
  if (count === 0) return [[]];
  return requests
    .slice(from)
    .flatMap((request, at) => combine(requests, count - 1, from + at).map((others) => [request, ...others]));
}

/** For people: `a: login, write | –: all`. */
export function titleOf(requests: readonly RequestPlan[]): string {
  return requests.map(({ cookie, acts }) => `${cookie ?? '–'}: ${acts.join(', ')}`).join(' | ');
}
