/** A store that keeps sessions in a backend, and in the cookie what leads there. */

import { cookiePurpose, recordPurpose, SUBJECT_PURPOSE } from '@sealring/wire';
import type { Backend } from '../backends/backend.ts';
import { createIndexNames, lazySealer } from '../keys.ts';
import { checkOptions, checkString } from '../options.ts';
import { BackendPlace } from './backend-place.ts';
import { createCore } from './names.ts';
import { Numbers } from './numbers.ts';
import { endListed, endOne, listLive, revokeSubject } from './revoke.ts';
import { getSession, peekSession } from './scope.ts';
import { acceptBackend, readStoreOptions, STORE_OPTIONS, type StoreOptions } from './setup.ts';
import { STORE, type Store, type StoreWithCore } from './store.ts';

/** Options of `serverStore()`. All of it is read once and checked. */
export interface ServerStoreOptions extends StoreOptions {
  /** Where the records are kept, for example `memory()` or `file(directory)`. */
  backend: Backend;
}

/**
 * A store that keeps contents in a backend, without lost updates.
 *
 * @throws {TypeError | RangeError} naming the option that is wrong.
 *
 * @example
 * import { generateKey, memory, save, serverStore } from 'sealring';
 * const store = serverStore({ keys: [generateKey()], backend: memory() });
 * const request = new Request('https://example.org/');
 * const session = await store.get(request, 'login');
 * session.update('visits', (n = 0) => n + 1);
 * const response = await save(request, new Response('hello'));
 * console.log(response.headers.getSetCookie().length); // 1
 */
export function serverStore(options: ServerStoreOptions): Store {
  const given = checkOptions('serverStore()', options, [...STORE_OPTIONS, 'backend']);
  const setup = readStoreOptions(given);
  const { keys, now, codec } = setup;
  const backend = acceptBackend('backend', given.backend, setup);
  const namesOf = createIndexNames(keys, SUBJECT_PURPOSE);
  const numbers = new Numbers(backend, namesOf, now);
  const core = createCore({
    setup,
    stampOf: (subject) => numbers.stampOf(subject),
    placeOf(cookieName, lifetimeOf) {
      const cookieSealer = lazySealer(keys, cookiePurpose(cookieName), codec.cookie);
      const recordSealer = lazySealer(keys, recordPurpose(cookieName), codec.record);
      const maxBytes = codec.record.limits.bytes;
      // A backend that cannot list cannot find what to end: there each load asks for the subject's number.
      const isJudgedByNumber = backend.list === undefined;
      const parts = { backend, cookieSealer, recordSealer, maxBytes, numbers, namesOf, lifetimeOf, now };
      return { place: new BackendPlace({ ...parts, isJudgedByNumber }), sealer: recordSealer };
    },
  });
  const store: StoreWithCore = {
    [STORE]: core,
    get: (request, name) => getSession(core, request, name),
    peek: (request, name) => peekSession(core, request, name),
    async revokeAll(subject, options = {}) {
      const end = (spared: string | undefined) => endListed(backend, now, namesOf(subject), spared);
      await revokeSubject(core, subject, options, numbers, end);
    },
    async revoke(id) {
      checkString('id', id);
      await endOne(backend, now, id);
    },
    list(subject) {
      checkString('subject', subject);
      if (backend.list === undefined) throw new TypeError('list() expected a backend that can list by subject');
      return listLive(backend, namesOf(subject), now);
    },
  };
  return store;
}
