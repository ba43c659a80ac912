/** For tests of applications and of backends: mint a cookie, read one back, stop the clock, run the contract. */

import type { Store } from './carrier.ts';
import { describe } from './options.ts';
import { save } from './save.ts';
import type { Session } from './session.ts';

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
 * import { cookieStore } from 'sealring';
 * import { createClock, mintCookie } from 'sealring/testing';
 * import { generateKey } from '@sealring/codec';
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
 * A Cookie header as a visitor with this session would send it.
 *
 * @example
 * import { cookieStore } from 'sealring';
 * import { mintCookie } from 'sealring/testing';
 * import { generateKey } from '@sealring/codec';
 * const store = cookieStore({ keys: [generateKey()] });
 * const cookie = await mintCookie(store, 'login', (session) => session.set('userId', 'u7'));
 * const request = new Request('https://example.org/', { headers: { cookie } });
 * console.log((await store.get(request, 'login')).get('userId')); // u7
 */
export async function mintCookie(store: Store, name: string, fill: (session: Session) => unknown): Promise<string> {
  const request = { headers: new Headers() };
  await fill(await store.get(request, name));
  return cookieHeaderFrom(await save(request, new Response()));
}

/**
 * The session that a response's Set-Cookie lines carry, as the visitor's next request would bring it.
 *
 * @example
 * import { cookieStore, withSessions } from 'sealring';
 * import { readSession } from 'sealring/testing';
 * import { generateKey } from '@sealring/codec';
 * const store = cookieStore({ keys: [generateKey()] });
 * const logIn = withSessions(async (request) => {
 *   (await store.get(request, 'login')).set('userId', 'u7');
 *   return new Response('welcome');
 * });
 * const response = await logIn(new Request('https://example.org/'));
 * console.log((await readSession(store, 'login', response)).get('userId')); // u7
 */
export async function readSession(store: Store, name: string, response: Response): Promise<Session> {
  return store.get({ headers: new Headers({ cookie: cookieHeaderFrom(response) }) }, name);
}

/**
 * What a browser without cookies would send after this response.
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
