/** Sessions on the server: what a backend keeps, and the cookie that leads to it. */

import { ask, type Backend, backendFailed, checkBackend } from './backend.ts';
import type { Store } from './carrier.ts';
import { getSession } from './requests.ts';
import { ServerCarrier } from './server-carrier.ts';
import { forRecords, readSettings, type StoreOptions } from './settings.ts';

/** Options of `serverStore()`. All of it is read once and checked. */
export interface ServerStoreOptions extends StoreOptions {
  /** Where the records are kept, e.g. `memory()` or `file(directory)`. */
  backend: Backend;
}

/**
 * A store that keeps contents in a backend, of any size and without lost updates.
 *
 * @throws {TypeError | RangeError} naming the option that is wrong.
 *
 * @example
 * import { memory, save, serverStore } from 'sealring';
 * import { generateKey } from '@sealring/codec';
 * const store = serverStore({ keys: [generateKey()], backend: memory() });
 * const request = new Request('https://example.org/');
 * const session = await store.get(request, 'login');
 * session.update('visits', (n = 0) => n + 1);
 * const response = await save(request, new Response('hello'));
 * console.log(response.headers.getSetCookie().length); // 1
 */
export function serverStore(options: ServerStoreOptions): Store {
  const settings = readSettings('serverStore()', options, ['backend']);
  const { backend } = options;
  checkBackend('backend', backend);
  const carrier = new ServerCarrier(forRecords(settings, options), backend);
  return {
    get: (request, name, options) => getSession(carrier, request, name, options),
    async revokeAll(subject, { except } = {}) {
      const { revocations, now } = settings;
      if (backend.list === undefined && revocations === undefined) {
        throw new TypeError(
          'revokeAll() expected a backend that can list, or the option "revocations" of serverStore()',
        );
      }
      await ask(() => revocations?.revoke(subject, now(), except?.id));
      if (backend.list === undefined) return;
      for await (const { id } of listed(backend, settings.namesOf(subject))) {
        if (id !== except?.id) await ask(() => backend.delete(id));
      }
    },
    list(subject) {
      if (backend.list === undefined) throw new TypeError('list() expected a backend that can list');
      return listed(backend, settings.namesOf(subject));
    },
  };
}

/** The records under all of a subject's names: after a rotation of keys it has several. */
async function* listed(backend: Backend, names: readonly string[]): AsyncGenerator<{ id: string; expiresAt: number }> {
  try {
    for (const name of names) yield* backend.list?.(name) ?? [];
  } catch (cause) {
    throw backendFailed(cause);
  }
}
