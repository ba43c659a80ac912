/** Sessions -> what the visitor has to get. First every session is planned, and only then does I/O begin. Events are told once. */

import type { MaybePromise } from '../backends/backend.ts';
import { isPromise } from '../backends/kit/promise.ts';
import type { SetCookie } from '../cookie/header.ts';
import { SessionError } from '../error.ts';
import { act, type Done } from './act.ts';
import { cookiesOf } from './cookies.ts';
import { NOTHING, type Plan, planOf } from './plan.ts';
import { isSettled } from './steps.ts';
import type { Result, Visit } from './visit.ts';

/** What a commit has done. */
export interface Commit {
  /** The cookies to set, in order: a handler that has no response of its own puts each `line` into a Set-Cookie header. */
  readonly cookies: readonly SetCookie[];
  /** What became of each session, and the cookies that are its own. `failed` comes with the error. */
  readonly sessions: readonly Result[];
}

/**
 * Commits sessions at once. What was committed before gives the same cookies again, what failed is tried again. Waits until messages that were read
 * after the first commit are removed.
 *
 * @throws what `planOf` throws; then nothing has been done.
 */
export function commitVisits(visits: readonly Visit[]): MaybePromise<Commit> {
  const plans = visits.map(planFor);
  if (visits.length > 1) checkCookieNames(visits, plans);
  // From here on every session that can be saved is.
  const results = visits.map((visit, at) => carryOut(plans[at] ?? NOTHING, visit));
  if (visits.some(isRemoving)) return Promise.all(visits.map(({ removal }) => removal)).then(() => allOf(results));
  return allOf(results);
}

function isRemoving({ removal }: Visit): boolean {
  return removal !== undefined;
}

function allOf(results: readonly MaybePromise<Result>[]): MaybePromise<Commit> {
  return results.every(isSettled) ? joined(results) : Promise.all(results).then(joined);
}

/** It does no I/O: if it throws, the session can still be changed. */
function planFor(visit: Visit): Plan {
  if (visit.result !== undefined) return NOTHING;
  try {
    return planOf(visit, visit.named.now());
  } finally {
    visit.draft.settle(); // what fails here is told by the error
  }
}

/** Never throws or rejects: a session that fails must not cost another. */
export function carryOut(plan: Plan, visit: Visit): MaybePromise<Result> {
  if (visit.result !== undefined) return visit.result;
  visit.draft.close('saved');
  try {
    const done = act(plan, visit);
    visit.result = isPromise(done) ? follow(plan, visit, done) : succeed(plan, visit, done);
    return visit.result;
  } catch (error) {
    return fail(visit, error);
  }
}

async function follow(plan: Plan, visit: Visit, done: Promise<Done>): Promise<Result> {
  try {
    return succeed(plan, visit, await done);
  } catch (error) {
    return fail(visit, error);
  }
}

function succeed(plan: Plan, visit: Visit, done: Done): Result {
  const { name, emit } = visit.named;
  const { outcome, conflicts } = done;
  const cookies = cookiesOf(visit, plan, done);
  visit.written = done.written;
  for (let at = 0; at < conflicts; at++) emit({ type: 'conflict', name });
  if (outcome !== 'unchanged' && outcome !== 'failed') emit({ type: outcome, name });
  return { name, outcome, cookies };
}

/** The session is open again, to be mended and saved once more. */
function fail(visit: Visit, error: unknown): Result {
  if (error instanceof SessionError && error.code === 'ERR_SESSION_BACKEND') visit.isUnsure = true;
  visit.draft.reopen();
  visit.result = undefined;
  return { name: visit.named.name, outcome: 'failed', error, cookies: [] };
}

function joined(sessions: readonly Result[]): Commit {
  const [only] = sessions;
  const cookies = only !== undefined && sessions.length === 1 ? only.cookies : sessions.flatMap((one) => one.cookies);
  return { cookies, sessions };
}

/** @throws {TypeError} if two stores would write the same cookie. */
function checkCookieNames(visits: readonly Visit[], plans: readonly Plan[]): void {
  const writing = visits.filter((_, at) => plans[at]?.kind !== 'nothing' && plans[at]?.kind !== 'gone');
  const names = writing.map(({ named }) => named.cookieName);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) {
    throw new TypeError(`Two stores write the cookie "${twice}": give one of the sessions another name`);
  }
}

/** The errors of a commit as one, or `undefined` if nothing failed. */
export function failureOf({ sessions }: Commit): { readonly error: unknown } | undefined {
  if (!sessions.some(hasFailed)) return undefined;
  const [first, ...others] = sessions.filter(hasFailed).map(({ error }) => error);
  if (others.length > 0 && first instanceof Error) {
    first.cause ??= new AggregateError(others, 'Other sessions of the request could not be saved either');
  }
  return { error: first };
}

function hasFailed({ outcome }: Result): boolean {
  return outcome === 'failed';
}
