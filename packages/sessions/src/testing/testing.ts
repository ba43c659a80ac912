/** For tests of applications and of backends: mint a cookie, read one back, stop the clock, run the contract. */

import { describe } from '../options.ts';
import { commit } from '../response/save.ts';
import type { Session, SessionOf } from '../session/session.ts';
import { failureOf } from '../store/commit.ts';
import type { DefinedSession } from '../store/define.ts';
import type { Store } from '../store/store.ts';

export type { ContractCheck } from './contract.ts';
export { backendContract } from './contract.ts';

/** A clock that stands still: give `now` to stores and backends. */
export interface TestClock {
  /** Seconds since the epoch. */
  now(): number;
  advance(seconds: number): void;
}

/**
 * Makes a clock that moves only when it is told to.
 *
 * @param at seconds since the epoch. Default: the start of 2030.
 * @example
 * import { cookieStore, generateKey } from 'sealring';
 * import { createClock, mintCookie } from 'sealring/testing';
 * const clock = createClock();
 * const store = cookieStore({ keys: [generateKey()], maxAge: 3600, now: clock.now });
 * const cookie = await mintCookie(store, 'login', (session) => session.set('userId', 'u7'));
 * clock.advance(3601);
 * const session = await store.get(new Request('https://example.org/', { headers: { cookie } }), 'login');
 * console.log(session.rejected); // expired
 */
export function createClock(at = 1_893_456_000): TestClock {
  let time = at;
  return {
    now: () => time,
    advance(seconds) {
      if (typeof seconds !== 'number' || !(seconds >= 0)) {
        throw new RangeError(`"seconds" expected 0 or more, got ${describe(seconds)}`);
      }
      time += seconds;
    },
  };
}

/**
 * Returns a Cookie header as a visitor with this session would send it. Takes a store and a name, or a session of `defineSession`.
 *
 * @example
 * import { cookieStore, generateKey } from 'sealring';
 * import { mintCookie } from 'sealring/testing';
 * const store = cookieStore({ keys: [generateKey()] });
 * const cookie = await mintCookie(store, 'login', (session) => session.login('u7'));
 * const request = new Request('https://example.org/', { headers: { cookie } });
 * console.log((await store.get(request, 'login')).subject); // u7
 */
export async function mintCookie<Values extends object>(
  definition: DefinedSession<Values>,
  fill: (session: SessionOf<Values>) => unknown,
): Promise<string>;
export async function mintCookie(store: Store, name: string, fill: (session: Session) => unknown): Promise<string>;
export async function mintCookie(
  source: Store | DefinedSession<object>,
  given: string | ((session: never) => unknown),
  fill?: (session: Session) => unknown,
): Promise<string> {
  // A visitor of its own, also within the handler of a visitor without cookies.
  const request = { headers: new Headers({ cookie: 'sealring-mint=1' }) };
  const session = await sessionOf(source, given, request);
  const act = typeof given === 'function' ? given : fill;
  await act?.(session as never); // trust boundary: the overloads pair each session with its function
  const committed = await commit(request);
  const failure = failureOf(committed);
  if (failure !== undefined) throw failure.error;
  return committed.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
}

/**
 * Returns the session that a response's Set-Cookie lines carry, as the visitor's next request would bring it.
 *
 * @example
 * import { cookieStore, generateKey, withSessions } from 'sealring';
 * import { readSession } from 'sealring/testing';
 * const store = cookieStore({ keys: [generateKey()] });
 * const logIn = withSessions(async (request) => {
 *   await (await store.get(request, 'login')).login('u7');
 *   return new Response('welcome');
 * });
 * const response = await logIn(new Request('https://example.org/'));
 * console.log((await readSession(store, 'login', response)).subject); // u7
 */
export async function readSession<Values extends object, Message>(
  definition: DefinedSession<Values, Message>,
  response: Response,
): Promise<SessionOf<Values, Message>>;
export async function readSession(store: Store, name: string, response: Response): Promise<Session>;
export async function readSession(
  source: Store | DefinedSession<object>,
  given: string | Response,
  response?: Response,
): Promise<unknown> {
  const answer = typeof given === 'string' ? response : given;
  const cookie = answer === undefined ? '' : cookieHeaderFrom(answer);
  return await sessionOf(source, given, { headers: new Headers({ cookie }) });
}

/**
 * Returns what a browser without cookies would send after this response.
 *
 * @example
 * import { cookieHeaderFrom } from 'sealring/testing';
 * const response = new Response('hello', { headers: { 'set-cookie': 'theme=dark; Path=/; Secure' } });
 * console.log(cookieHeaderFrom(response)); // theme=dark
 */
export function cookieHeaderFrom(response: Response): string {
  const lines = response.headers.getSetCookie().filter((line) => !/;\s*max-age=0(;|$)/i.test(line));
  return lines.map((line) => line.split(';', 1)[0]).join('; ');
}

async function sessionOf(
  source: Store | DefinedSession<object>,
  given: unknown,
  request: { headers: Headers },
): Promise<unknown> {
  if (typeof source === 'object' && source !== null) {
    if (typeof given === 'string' && 'revoke' in source) return await source.get(request, given);
    if ('store' in source) return await source.get(request);
  }
  throw new TypeError('mintCookie() and readSession() expected a store and a name, or a session of defineSession()');
}
