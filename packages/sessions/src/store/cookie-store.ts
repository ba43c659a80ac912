/** A store that keeps sessions inside the cookie. */

import { cookiePurpose, MAX_CHUNKS, recordPurpose, SUBJECT_PURPOSE } from '@sealring/wire';
import type { Backend } from '../backends/backend.ts';
import { createIndexNames, lazySealer } from '../keys.ts';
import { checkOptions, checkString, describe } from '../options.ts';
import { BackendPlace, endRecord } from './backend-place.ts';
import { CookiePlace, endCookie, isRecordId } from './cookie-place.ts';
import { createCore } from './names.ts';
import { Numbers } from './numbers.ts';
import { endOne, revokeSubject } from './revoke.ts';
import { getSession, peekSession } from './scope.ts';
import { acceptBackend, readStoreOptions, STORE_OPTIONS, type StoreOptions } from './setup.ts';
import { run } from './steps.ts';
import { STORE, type Store, type StoreWithCore } from './store.ts';

/** Options of `cookieStore()`. All of it is read once and checked. */
export interface CookieStoreOptions extends StoreOptions {
  /** Over how many cookies of 4,096 bytes one session may be split, up to 16. Default 1: a session that is too large is an error. */
  chunks?: number;
  /** Where a session goes that is too large for its cookies; it stays there, as in a server store. Default: it is an error. */
  overflow?: Backend;
  /**
   * A backend that remembers which sessions have ended, so that `logout`, `login`, `regenerate` and `revokeAll` end copies of a cookie too. Costs one read for a
   * request with a session, two if somebody is logged in, and again if it writes. Default: none.
   */
  revocations?: Backend;
}

/**
 * A store that keeps everything in the cookie: no server state, at most 4,096 bytes.
 *
 * @throws {TypeError | RangeError} naming the option that is wrong.
 *
 * @example
 * import { cookieStore, generateKey, save } from 'sealring';
 * const store = cookieStore({ keys: [generateKey()] });
 * const request = new Request('https://example.org/');
 * const session = await store.get(request, 'login');
 * session.set('visits', 1);
 * const response = await save(request, new Response('hello'));
 * console.log(response.headers.getSetCookie().length); // 1
 */
export function cookieStore(options: CookieStoreOptions): Store {
  const given = checkOptions('cookieStore()', options, [...STORE_OPTIONS, 'chunks', 'overflow', 'revocations']);
  const setup = readStoreOptions(given);
  const { chunks = 1 } = given;
  if (!Number.isInteger(chunks) || chunks < 1 || chunks > MAX_CHUNKS) {
    throw new RangeError(`"chunks" expected an integer from 1 to ${MAX_CHUNKS}, got ${describe(chunks)}`);
  }
  const { keys, now, codec } = setup;
  const backend = given.revocations === undefined ? undefined : acceptBackend('revocations', given.revocations, setup);
  const overflow = given.overflow === undefined ? undefined : acceptBackend('overflow', given.overflow, setup);
  const namesOf = createIndexNames(keys, SUBJECT_PURPOSE);
  const revocations = backend && { backend, numbers: new Numbers(backend, namesOf, now) };
  const core = createCore({
    setup,
    *stampOf(subject) {
      return revocations === undefined ? 0 : yield* revocations.numbers.stampOf(subject);
    },
    placeOf(cookieName, lifetimeOf) {
      const sealer = lazySealer(keys, cookiePurpose(cookieName), codec.cookie);
      const recordSealer = lazySealer(keys, recordPurpose(cookieName), codec.record);
      const numbers = revocations?.numbers;
      const record = {
        recordSealer,
        maxBytes: codec.record.limits.bytes,
        numbers,
        isJudgedByNumber: numbers !== undefined,
      };
      const shared = { lifetimeOf, now };
      const spilled =
        overflow && new BackendPlace({ ...shared, ...record, backend: overflow, cookieSealer: sealer, namesOf });
      const parts = { cookieName, sealer, maxBytes: codec.cookie.limits.bytes, maxChunks: chunks, ...shared };
      return { place: new CookiePlace({ ...parts, revocations, overflow: spilled }), sealer };
    },
  });
  const needed = (method: string) => {
    if (revocations !== undefined) return revocations;
    throw new TypeError(`${method} expected the option "revocations" of cookieStore(), which remembers what has ended`);
  };
  const store: StoreWithCore = {
    [STORE]: core,
    get: (request, name) => getSession(core, request, name),
    peek: (request, name) => peekSession(core, request, name),
    async revokeAll(subject, options = {}) {
      await revokeSubject(core, subject, options, needed('revokeAll()').numbers, async () => {}); // each load asks for the number
    },
    async revoke(id) {
      checkString('id', id);
      if (isRecordId(id) && overflow !== undefined) await endOne(overflow, now, id);
      else {
        const spilled = overflow && { end: (at: string) => endRecord(overflow, now, at) };
        await run(endCookie(needed('revoke()').backend, spilled, now, id));
      }
    },
    list() {
      throw new TypeError('list() expected a serverStore(): only browsers know what is in their cookies');
    },
  };
  return store;
}
