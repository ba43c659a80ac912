/** Sessions inside the cookie. */

import { ask, type Backend, checkBackend } from './backend.ts';
import type { Store } from './carrier.ts';
import { MAX_CHUNKS } from './chunks.ts';
import { CookieCarrier } from './cookie-carrier.ts';
import { describe } from './options.ts';
import { getSession } from './requests.ts';
import { ServerCarrier } from './server-carrier.ts';
import { forRecords, readSettings, type StoreOptions } from './settings.ts';

/** Options of `cookieStore()`. All of it is read once and checked. */
export interface CookieStoreOptions extends StoreOptions {
  /** Over how many cookies of 4,096 bytes one session may be split, up to 16. Default 1: too large a session is an error. */
  chunks?: number;
  /** Where a session goes that is too large for its cookies; it stays there, as in a server store. Default: it is an error. */
  overflow?: Backend;
}

/**
 * A store that keeps everything in the cookie: no server state, at most 4,096 bytes.
 *
 * @throws {TypeError | RangeError} naming the option that is wrong.
 *
 * @example
 * import { cookieStore, save } from 'sealring';
 * import { generateKey } from '@sealring/codec';
 * const store = cookieStore({ keys: [generateKey()] });
 * const request = new Request('https://example.org/');
 * const session = await store.get(request, 'login');
 * session.set('visits', 1);
 * const response = await save(request, new Response('hello'));
 * console.log(response.headers.getSetCookie().length); // 1
 */
export function cookieStore(options: CookieStoreOptions): Store {
  const settings = readSettings('cookieStore()', options, ['chunks', 'overflow']);
  const { chunks = 1, overflow } = options;
  if (!Number.isInteger(chunks) || chunks < 1 || chunks > MAX_CHUNKS) {
    throw new RangeError(`"chunks" expected a whole number from 1 to ${MAX_CHUNKS}, got ${describe(chunks)}`);
  }
  if (overflow !== undefined) checkBackend('overflow', overflow);
  const carrier = new CookieCarrier(
    settings,
    chunks,
    overflow && new ServerCarrier(forRecords(settings, options), overflow),
  );
  return {
    get: (request, name, options) => getSession(carrier, request, name, options),
    async revokeAll(subject, { except } = {}) {
      const { revocations, now } = settings;
      if (revocations === undefined)
        throw new TypeError('revokeAll() expected the option "revocations" of cookieStore()');
      await ask(() => revocations.revoke(subject, now(), except?.id));
    },
    list() {
      throw new TypeError('list() expected a serverStore(): what is in cookies, only browsers know');
    },
  };
}
