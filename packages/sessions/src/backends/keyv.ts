/** A backend in whatever Keyv reaches: a Keyv, an adapter made for one, or a Map. */

import { describe } from '../options.ts';
import type { Backend } from './backend.ts';
import { KeyValueBackend } from './key-value/backend.ts';
import { type KeyvAdapter, storeInAdapter, storeInKeyv } from './key-value/keyv.ts';
import { type KeyValueOptions, readKeyValueOptions } from './key-value/options.ts';

export type { KeyvAdapter } from './key-value/keyv.ts';

/** Options of `keyv()`. */
export interface KeyvOptions extends KeyValueOptions {}

/**
 * Keeps each record as one text, under `<prefix><hash of the id>`, in a Keyv 6 or in what one is made of: a storage adapter, also of the
 * older kind that takes a lifetime, or a Map.
 *
 * Of a Keyv its adapter, namespace, serialization, compression and encryption are used, not its hooks, statistics and default `ttl`:
 * a Keyv reports an adapter that fails as a value that is missing, and a visitor would be logged out. Here such a call rejects, also
 * where the adapter emits `error` and returns nothing, as `@keyv/redis` does unless `throwOnErrors` is set.
 *
 * Compare-and-set works within this process only. All backends on the same object take turns for each record; those on another
 * object do not, even if it leads to the same place, nor does another process: of two creations of one record both may win.
 *
 * The expiry stands in the record and is always checked. It is also passed on, and most adapters then drop the record. In a Map expired
 * records are removed in passing, four for each `set`. Elsewhere the adapter clears up, or `prune`. It and `list` go through all keys and
 * read every record; both are undefined where the adapter has no `iterator`.
 *
 * `delete` reads before and after, `set` with `ifVersion` and `touch` before; the first write that lasts a minute is read back, for there
 * are adapters that take everything and keep nothing. There is nothing to close: the Keyv is the caller's.
 *
 * @throws {TypeError} on anything without `get`, `set` and `delete`, an unknown option, and a clock that is not a function.
 * @throws {RangeError} on another `prefix` or `cas`.
 * @example
 * import Keyv from 'keyv';
 * import { serverStore } from 'sealring';
 * import { keyv } from 'sealring/keyv';
 * const backend = keyv(new Keyv()); // in memory: give it an adapter
 * const store = serverStore({ keys: [process.env.SESSION_KEY!], backend });
 */
export function keyv(keyv: KeyvAdapter, options: KeyvOptions = {}): Backend {
  const store = storeInKeyv(keyv) ?? storeInAdapter(keyv);
  if (store === undefined) {
    throw new TypeError(`"keyv" expected a Keyv, an adapter for one or a Map, got ${describe(keyv)}`);
  }
  return new KeyValueBackend(store, keyv, readKeyValueOptions('keyv()', options));
}
