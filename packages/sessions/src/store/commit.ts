/** The sessions of a scope -> what the visitor has to get. First every session is planned, and only then does I/O begin. */

import type { MaybePromise } from '../backends/backend.ts';
import type { SetCookie } from '../cookie/header.ts';
import type { Entry, Result } from './entry.ts';
import { isSettled } from './steps.ts';

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
  for (const entry of entries) entry.plan();
  if (entries.length > 1) checkCookieNames(entries);
  // From here on every session that can be saved is.
  const results = entries.map((entry) => entry.act());
  return results.every(isSettled) ? joined(results) : Promise.all(results).then(joined);
}

function joined(sessions: readonly Result[]): Commit {
  const [only] = sessions;
  const cookies = only !== undefined && sessions.length === 1 ? only.cookies : sessions.flatMap((one) => one.cookies);
  return { cookies, sessions };
}

/** @throws {TypeError} if two stores would write the same cookie. */
function checkCookieNames(entries: readonly Entry[]): void {
  const names = entries.filter(({ isToWrite }) => isToWrite).map(({ named }) => named.cookieName);
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
