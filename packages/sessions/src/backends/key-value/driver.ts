/** A backend -> a driver of unstorage, for all that takes one. Items are kept as they are, not sealed. */

import { createVersion } from '../../ambient.ts';
import { checkDuration, checkOptions } from '../../options.ts';
import { MAX_COOKIE_AGE } from '../../session/lifetime.ts';
import { fingerprint } from '../../text.ts';
import { type Backend, checkBackend, type ManagedBackend } from '../backend.ts';
import { readClock } from '../kit/clock.ts';

/** Options of `toUnstorage()`. */
export interface ToUnstorageOptions {
  /** Seconds for which an item is kept that is set without `ttl`; up to 400 days. Default: no end. */
  maxAge?: number;
  /** Seconds since the epoch. Default: the machine's clock. */
  now?: () => number;
}

/** Fits `createStorage({ driver })` and `storage.mount(base, driver)` of unstorage 1. */
export interface UnstorageDriver {
  readonly name: 'sealring';
  hasItem(key: string): Promise<boolean>;
  getItem(key: string): Promise<string | null>;
  /** @param options `ttl`: seconds. */
  setItem(key: string, value: string, options?: { ttl?: number }): Promise<void>;
  removeItem(key: string): Promise<void>;
  /** Always empty, as with unstorage's own drivers that cannot name their keys: a backend cannot. */
  getKeys(): Promise<string[]>;
  /** @throws {Error} always: what cannot be named cannot be cleared, and must not seem to be. */
  clear(): Promise<void>;
  /** Closes the backend, if it can be closed. */
  dispose(): Promise<void>;
}

/**
 * Makes a backend usable wherever unstorage is: Nitro, Nuxt, Astro's sessions. Items are found by a hash of their key, so keys may be of any
 * length and content, and the backend can hold sessions of ours besides.
 *
 * An item lives for the `ttl` of its `setItem`, in seconds. Without `maxAge`, what is set without a `ttl` stays for ever; Astro never passes one.
 *
 * @throws {TypeError} on something other than a backend, an unknown option, and a clock that is not a function.
 * @throws {RangeError} on a `maxAge` that is not a duration.
 * @example
 * import { sqlite } from 'sealring/sqlite';
 * import { toUnstorage } from 'sealring/unstorage';
 * import { createStorage } from 'unstorage';
 * const storage = createStorage({ driver: toUnstorage(sqlite('./items.db'), { maxAge: 86_400 }) });
 * await storage.setItem('greeting', 'hello', { ttl: 60 });
 * console.log(await storage.getItem('greeting')); // hello
 */
export function toUnstorage(
  backend: Backend & Partial<Pick<ManagedBackend, 'close'>>,
  options: ToUnstorageOptions = {},
): UnstorageDriver {
  checkBackend('backend', backend);
  const given = checkOptions('toUnstorage()', options, ['maxAge', 'now']);
  const maxAge = checkDuration('maxAge', given.maxAge, MAX_COOKIE_AGE) ?? Infinity;
  const now = readClock(given.now);
  return {
    name: 'sealring',
    hasItem: async (key) => (await backend.get(idOf(key))) !== undefined,
    getItem: async (key) => {
      const record = await backend.get(idOf(key));
      return record === undefined ? null : new TextDecoder('utf-8', { ignoreBOM: true }).decode(record.data);
    },
    setItem: async (key, value, { ttl } = {}) => {
      const lifetime = typeof ttl === 'number' && ttl > 0 ? ttl : maxAge; // unstorage's own take 0 for none given
      const expiresAt = now() + lifetime;
      await backend.set(idOf(key), new TextEncoder().encode(value), { version: createVersion(), expiresAt });
    },
    removeItem: async (key) => void (await backend.delete(idOf(key))),
    getKeys: async () => [],
    clear: async () => {
      throw new Error('Cannot clear: a backend of sealring does not know its keys');
    },
    dispose: async () => backend.close?.(),
  };
}

function idOf(key: string): string {
  return fingerprint(new TextEncoder().encode(key));
}
