/** A Keyv, an adapter for one or a Map -> the few calls that a backend makes. Reports a failure that they only mention as one. */

import { secondsNow } from '../../ambient.ts';
import { property } from '../kit/clients.ts';
import type { KeyValueStore } from './backend.ts';

/** What is used of an adapter for Keyv, of a Map, and of a Keyv 6, which is known by more than that. */
export interface KeyvAdapter {
  get(key: string): unknown;
  /** @param expiry milliseconds: of a lifetime, or since the epoch where the adapter's `capabilities` say `expires`. */
  set(key: string, value: string, expiry?: number): unknown;
  delete(key: string): unknown;
}

/** Past the Keyv, to its adapter. @returns undefined where it is no Keyv. */
export function storeInKeyv(keyv: unknown): KeyValueStore | undefined {
  if (!isKeyv(keyv)) return undefined;
  const adapter = () => {
    const { store } = keyv; // it may be changed at any time
    if (isAdapter(store)) return store;
    throw new TypeError('The store of the Keyv is no adapter');
  };
  return {
    get: async (key) => {
      const encoded = await call(adapter(), (it) => it.get(key));
      return encoded === undefined || encoded === null ? undefined : await decode(keyv, encoded);
    },
    set: async (key, text, lifetime) => {
      const expires = lifetime === undefined ? undefined : endOf(lifetime);
      const encoded = await keyv.encode(expires === undefined ? { value: text } : { value: text, expires });
      await write(adapter(), key, encoded, lifetime);
    },
    delete: (key) => call(adapter(), (it) => it.delete(key)),
    keys: canIterate(keyv.store) ? () => keysOf(adapter()) : undefined,
    isSwept: property(keyv.store, 'store') instanceof Map,
  };
}

/** @returns undefined where it is no adapter. */
export function storeInAdapter(adapter: unknown): KeyValueStore | undefined {
  if (!isAdapter(adapter)) return undefined;
  return {
    get: (key) => call(adapter, (it) => it.get(key)),
    set: (key, text, lifetime) => write(adapter, key, text, lifetime),
    delete: (key) => call(adapter, (it) => it.delete(key)),
    keys: canIterate(adapter) ? () => keysOf(adapter) : undefined,
    isSwept: adapter instanceof Map || property(adapter, 'store') instanceof Map,
  };
}

/** What cannot be decoded is nothing of ours. */
async function decode(keyv: Keyv, encoded: unknown): Promise<unknown> {
  try {
    return property(await keyv.decode(encoded), 'value');
  } catch {
    return undefined;
  }
}

async function write(adapter: Adapter, key: string, value: unknown, lifetime: number | undefined): Promise<void> {
  const isAbsolute = property(property(adapter, 'capabilities'), 'expires') === true; // since version 6
  const toExpiry = isAbsolute ? endOf : inMilliseconds;
  const result = await call(adapter, (it) =>
    it.set(key, value, lifetime === undefined ? undefined : toExpiry(lifetime)),
  );
  if (result === false) throw new Error('The adapter of the Keyv did not write');
}

function endOf(lifetime: number): number {
  return Math.ceil((secondsNow() + lifetime) * 1000);
}

function inMilliseconds(seconds: number): number {
  return Math.ceil(seconds * 1000);
}

/** What each adapter has emitted as `error`. */
const faults = new WeakMap<object, { count: number; last: unknown }>();

/**
 * @throws the adapter's error, and an Error where it gave nothing while it emitted one. That may have been another call's: then this one is
 *   said to have failed although it has not, which does less harm than the other way round.
 */
async function call(adapter: Adapter, action: (adapter: Adapter) => unknown): Promise<unknown> {
  const seen = faultsOf(adapter);
  const { count } = seen;
  const result = await action(adapter);
  if (seen.count === count || (result !== undefined && result !== null && result !== false)) return result;
  throw new Error('The adapter of the Keyv failed', { cause: seen.last });
}

async function* keysOf(adapter: Adapter): AsyncGenerator<string> {
  if (adapter instanceof Map) {
    yield* adapter.keys();
    return;
  }
  const seen = faultsOf(adapter);
  const { count } = seen;
  // What it puts in front of keys by itself it takes off again only if it is told
  const namespace = property(adapter, 'namespace');
  for await (const entry of adapter.iterator?.(typeof namespace === 'string' ? namespace : undefined) ?? []) {
    const key: unknown = Array.isArray(entry) ? entry[0] : entry;
    if (typeof key === 'string') yield key;
  }
  if (seen.count !== count) throw new Error('The adapter of the Keyv failed', { cause: seen.last });
}

/** Whether all keys can be named. The adapters that Keyv itself puts around what it is given have an `iterator` that may give none. */
function canIterate(adapter: unknown): boolean {
  if (adapter instanceof Map) return true;
  if (typeof property(adapter, 'iterator') !== 'function') return false;
  const capabilities = property(adapter, 'capabilities');
  if (capabilities === undefined || property(adapter, 'store') instanceof Map) return true;
  return property(property(property(capabilities, 'methods'), 'iterator'), 'exists') === true;
}

function faultsOf(adapter: Adapter): { count: number; last: unknown } {
  const known = faults.get(adapter);
  if (known !== undefined) return known;
  const seen: { count: number; last: unknown } = { count: 0, last: undefined };
  faults.set(adapter, seen);
  if (typeof adapter.on !== 'function') return seen;
  adapter.on('error', (error) => {
    seen.count++;
    seen.last = error;
  });
  return seen;
}

interface Keyv {
  readonly store: unknown;
  encode(data: { value: string; expires?: number }): unknown;
  decode(data: unknown): unknown;
}

interface Adapter {
  get(key: string): unknown;
  set(key: string, value: unknown, expiry?: number): unknown;
  delete(key: string): unknown;
  iterator?(namespace?: string): AsyncIterable<unknown>;
  on?(event: 'error', listener: (error: unknown) => void): unknown;
}

function isAdapter(value: unknown): value is Adapter {
  return ['get', 'set', 'delete'].every((name) => typeof property(value, name) === 'function');
}

function isKeyv(value: unknown): value is Keyv {
  return (
    isAdapter(property(value, 'store')) &&
    ['encode', 'decode'].every((name) => typeof property(value, name) === 'function')
  );
}
