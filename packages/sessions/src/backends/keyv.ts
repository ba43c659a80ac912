/** A backend in whatever Keyv reaches: a Keyv, an adapter made for one, or a Map. */

import { describe } from '../options.ts';
import { keyValueBackend } from './key-value/backend.ts';
import { type KeyvAdapter, storeInAdapter, storeInKeyv } from './key-value/keyv.ts';
import { type KeyValueOptions, readKeyValueOptions } from './key-value/options.ts';
import type { ClosableBackend } from './kit/rows.ts';

export type { KeyvAdapter } from './key-value/keyv.ts';

/** Options of `keyv()`. */
export interface KeyvOptions extends KeyValueOptions {}

/**
 * Keeps each record as one string, under `<prefix><hash of the id>`, in a Keyv 6 or in what one is made of: a storage adapter, also of the
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
 * records are removed in passing, an hour later. Elsewhere the adapter removes them, or `prune`. `prune` and `list` go through all keys and
 * read every record; a backend on an adapter without `iterator` has neither. The first `list` writes a key of its own and looks for it among
 * all keys. It throws if the adapter does not name it, because then the sessions of a user cannot be found either. Pass a Keyv made with the
 * adapter, or use another `keyPrefixSeparator` than a colon.
 *
 * `delete` reads before and after, `set` with `over` reads before. The first write that lasts a minute is read back, because some
 * adapters take everything and keep nothing. The Keyv stays yours: `close` leaves it open.
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
export function keyv(keyv: KeyvAdapter, options: KeyvOptions = {}): ClosableBackend {
  const store = storeInKeyv(keyv) ?? storeInAdapter(keyv);
  if (store === undefined) {
    throw new TypeError(`"keyv" expected a Keyv, an adapter for one or a Map, got ${describe(keyv)}`);
  }
  return keyValueBackend(store, keyv, readKeyValueOptions('keyv()', 'the Keyv', options));
}
