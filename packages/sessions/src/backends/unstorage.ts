/** A backend in whatever unstorage reaches, and the way back: a driver of unstorage in one of our backends. */

import { describe } from '../options.ts';
import { type KeyValueStore, keyValueBackend } from './key-value/backend.ts';
import { type KeyValueOptions, readKeyValueOptions } from './key-value/options.ts';
import type { ClosableBackend } from './kit/rows.ts';

export type { ToUnstorageOptions, UnstorageDriver } from './key-value/driver.ts';
export { toUnstorage } from './key-value/driver.ts';

/** What is used of unstorage 1: a storage from `createStorage()` or `prefixStorage()`, or a bare driver. */
export interface Unstorage {
  getItem(key: string): unknown;
  setItem?(key: string, value: string, options: { ttl?: number }): unknown;
  removeItem?(key: string, options: { ttl?: number }): unknown;
  getKeys(base: string, options: { ttl?: number }): readonly string[] | Promise<readonly string[]>;
  getMount?(key?: string): { driver: { name?: string } };
  name?: unknown;
}

/** Options of `unstorage()`. */
export interface UnstorageOptions extends KeyValueOptions {}

type Writable = Unstorage & Required<Pick<Unstorage, 'setItem' | 'removeItem'>>;

/** Drivers whose `getKeys` gives nothing, or the first page and no more: to end "all" of a user's sessions by it would leave some. */
const NO_KEYS: readonly unknown[] = [
  'null',
  'vercel-runtime-cache',
  's3',
  'cloudflare-r2-binding',
  'uploadthing',
  'sealring',
];

/** Drivers that keep what has expired for ever, and on this machine, where it costs nothing to look. */
const LOCAL: readonly unknown[] = ['memory', 'fs', 'fs-lite', 'localstorage', 'session-storage', 'indexedb'];

/**
 * Keeps each record as one string, under `<prefix><hash of the id>`. For storage that gives what was written last: compare-and-set reads
 * before it writes, so with a storage that answers from a copy for a while (Cloudflare KV), updates are lost and deleted sessions live on.
 *
 * Compare-and-set works within this process only. All backends on the same object take turns for each record; those on another
 * object do not, even if it leads to the same place, nor does another process: of two creations of one record both may win.
 *
 * The expiry stands in the record and is always checked. It is also passed on, as unstorage's `ttl`: some drivers then drop the record.
 * Where a driver does not and keeps its items on this machine, expired records are removed in passing, an hour later. Elsewhere call
 * `prune`. `prune` and `list` ask for all keys and read every record. A backend has neither if its driver cannot name all keys: `null`, `s3`,
 * `cloudflare-r2-binding`, `uploadthing`, `vercel-runtime-cache`. The first `list` writes a key of its own and throws if it is not among the
 * keys, because then the sessions of a user cannot be found either.
 *
 * The drivers `fs` and `fs-lite` write in place. A crash in the middle ends the session, and another process may read half a record, which
 * is none. `file()` of `sealring/file` has neither fault.
 *
 * `delete` reads before and after, `set` with `over` reads before. The first write that lasts a minute is read back, because some
 * storages take everything and keep nothing. The storage stays yours: `close` leaves it open.
 *
 * @param storage of unstorage, or a driver.
 * @throws {TypeError} on something other than a storage, one that cannot be written to, an unknown option, and a clock that is not a function.
 * @throws {RangeError} on another `prefix` or `cas`.
 * @example
 * import { serverStore } from 'sealring';
 * import { unstorage } from 'sealring/unstorage';
 * import { createStorage } from 'unstorage';
 * const backend = unstorage(createStorage()); // in memory: give it a driver
 * const store = serverStore({ keys: [process.env.SESSION_KEY!], backend });
 */
export function unstorage(storage: Unstorage, options: UnstorageOptions = {}): ClosableBackend {
  if (!isWritable(storage)) {
    throw new TypeError(`"storage" expected a storage or driver of unstorage to write to, got ${describe(storage)}`);
  }
  const settings = readKeyValueOptions('unstorage()', 'the storage', options);
  const name = storage.getMount === undefined ? storage.name : storage.getMount(settings.prefix).driver.name;
  return keyValueBackend(storeIn(storage, name), storage, settings);
}

function isWritable(storage: Unstorage): storage is Writable {
  const given: Unstorage | null | undefined = storage;
  const methods = [given?.getItem, given?.setItem, given?.removeItem, given?.getKeys];
  return methods.every((method) => typeof method === 'function');
}

function storeIn(storage: Writable, driver: unknown): KeyValueStore {
  return {
    get: async (key) => succeeded(await storage.getItem(key)),
    set: async (key, text, lifetime) =>
      succeeded(await storage.setItem(key, text, lifetime === undefined ? {} : { ttl: Math.ceil(lifetime) })),
    delete: async (key) => succeeded(await storage.removeItem(key, {})),
    keys: NO_KEYS.includes(driver) ? undefined : (prefix) => keysOf(storage, prefix),
    isSwept: LOCAL.includes(driver),
  };
}

/** Some drivers give their errors back as a result. Taken for nothing, too many open files would be a logout. */
function succeeded(result: unknown): unknown {
  if (result instanceof Error) throw result;
  return result;
}

async function* keysOf(storage: Writable, prefix: string): AsyncGenerator<string> {
  for (const key of await storage.getKeys(prefix, {})) {
    if (typeof key !== 'string') throw new TypeError(`getKeys() of the storage expected strings, got ${describe(key)}`);
    yield key.replaceAll(/[/\\]/g, ':').replace(/^:/, ''); // as a storage does with what its drivers give
  }
}
