/** The sessions of a scope -> what the visitor has to get. First every session is planned, and only then does I/O begin. */

import type { MaybePromise } from '../backends/backend.ts';
import type { SetCookie } from '../cookie/header.ts';
import type { Entry, Result } from './entry.ts';
import type { Plan } from './plan.ts';
import { isPromise } from './steps.ts';
import type { Visit } from './visit.ts';

/** What a commit has done. */
export interface Commit {
  /** The cookies to set, in order: a handler that has no response of its own puts each `line` into a Set-Cookie header. */
  readonly cookies: readonly SetCookie[];
  /** What became of each session, and the cookies that are its own. `failed` comes with the error. */
  readonly sessions: readonly Result[];
}

/**
 * Commits all sessions at once. What was committed before gives the same cookies again.
 *
 * @throws what `planOf` throws, or what loading a session throws; then nothing has been done.
 */
export function commitEntries(entries: readonly Entry[]): MaybePromise<Commit> {
  const isLoading = entries.some(({ loaded }) => loaded === undefined);
  return isLoading
    ? Promise.all(entries.map(({ visit }) => visit)).then(() => commitLoaded(entries))
    : commitLoaded(entries);
}

function commitLoaded(entries: readonly Entry[]): MaybePromise<Commit> {
  const planned: Planned[] = [];
  for (const entry of entries) {
    const { loaded: visit } = entry;
    if (visit !== undefined && entry.result === undefined) planned.push({ entry, visit, plan: entry.plan(visit) });
  }
  if (planned.length > 1) checkCookieNames(planned);
  // From here on every session that can be saved is.
  const results = entries.flatMap((entry) => {
    const own = planned.find((one) => one.entry === entry);
    return (own === undefined ? entry.result : entry.act(own.plan, own.visit)) ?? [];
  });
  return results.every(isSettled) ? joined(results) : Promise.all(results).then(joined);
}

function isSettled(result: MaybePromise<Result>): result is Result {
  return !isPromise(result);
}

function joined(sessions: readonly Result[]): Commit {
  const [only] = sessions;
  const cookies = only !== undefined && sessions.length === 1 ? only.cookies : sessions.flatMap((one) => one.cookies);
  return { cookies, sessions };
}

interface Planned {
  readonly entry: Entry;
  readonly visit: Visit;
  readonly plan: Plan;
}

/** @throws {TypeError} if two stores would write the same cookie. */
function checkCookieNames(planned: readonly Planned[]): void {
  const names = new Set<string>();
  for (const { visit, plan } of planned) {
    if (plan.kind === 'nothing' || plan.kind === 'gone') continue;
    const { cookieName } = visit.named;
    if (names.has(cookieName)) {
      throw new TypeError(`Two stores write the cookie "${cookieName}": give one of the sessions another name`);
    }
    names.add(cookieName);
  }
}

/** The errors of a commit as one, or `undefined` if nothing failed. */
export function failureOf({ sessions }: Commit): { readonly error: unknown } | undefined {
  const [first, ...others] = sessions.filter(({ outcome }) => outcome === 'failed').map(({ error }) => error);
  if (first === undefined) return undefined;
  if (others.length > 0 && first instanceof Error) {
    first.cause ??= new AggregateError(others, 'Other sessions of the request could not be saved either');
  }
  return { error: first };
}
