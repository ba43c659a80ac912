/** memory() that tells what was asked of it, and shows what it has; and our store over it. */

import type { Backend, SetOptions, StoredRecord } from '../../../packages/sessions/src/backend.ts';
import {
  type ExpressStore,
  type ExpressStoreEvent,
  type ExpressStoreOptions,
  toExpressStore,
} from '../../../packages/sessions/src/express-session.ts';
import { memory } from '../../../packages/sessions/src/memory.ts';
import { secret } from '../support.ts';

export interface SeenBackend extends Backend {
  /** Methods that were called, without `get`. */
  readonly changes: string[];
  /** All ids and all bytes that it was ever given, as texts. */
  readonly given: string[];
  /** Of its only record. */
  only(): Promise<StoredRecord | undefined>;
  /** How many records there are. */
  count(): Promise<number>;
  /** The next calls of this method come to this. */
  fail: { get?: unknown; set?: unknown; delete?: unknown; touch?: unknown };
}

export function seen(inner: Backend = memory()): SeenBackend {
  const changes: string[] = [];
  const given: string[] = [];
  const ids = new Set<string>();
  const fail: SeenBackend['fail'] = {};
  const check = (method: keyof SeenBackend['fail'], id: string) => {
    ids.add(id);
    given.push(id);
    if (method !== 'get') changes.push(method);
    if (fail[method] !== undefined) throw fail[method];
  };
  const records = async () => {
    const found = await Promise.all([...ids].map((id) => inner.get(id)));
    return found.filter((record) => record !== undefined);
  };
  return {
    cas: inner.cas,
    changes,
    given,
    fail,
    async get(id: string) {
      check('get', id);
      return await inner.get(id);
    },
    async set(id: string, data: Uint8Array, options: SetOptions) {
      check('set', id);
      given.push(new TextDecoder('latin1').decode(data));
      return await inner.set(id, data, options);
    },
    async delete(id: string) {
      check('delete', id);
      return await inner.delete(id);
    },
    async touch(id: string, expiresAt: number) {
      check('touch', id);
      return await inner.touch(id, expiresAt);
    },
    async only() {
      const found = await records();
      if (found.length > 1) throw new Error(`Expected one record, got ${found.length}`);
      return found[0];
    },
    count: async () => (await records()).length,
  };
}

export const SID = 'a session id that nobody guesses';
/** Seconds since the epoch: where the clock of these stores stands. */
export const NOW = 1_900_000_000;
export const keys = [secret(1)];
/** Of a session that ends with the browser. */
export const cookie = { originalMaxAge: null, expires: null, httpOnly: true, path: '/' };

export type Loaded = Record<string, unknown>;

/** A store, what it is over, and what it tells: types of events, and reasons. */
export function openStore(
  options: Partial<ExpressStoreOptions> = {},
  backend: SeenBackend = seen(memory({ now: () => NOW })),
) {
  const events: string[] = [];
  const onEvent = (event: ExpressStoreEvent) => events.push(event.type === 'rejected' ? event.reason : event.type);
  const store = toExpressStore(backend, { keys, now: () => NOW, onEvent, ...options });
  const load = async (sid = SID): Promise<Loaded> => (await store.get<Loaded>(sid)) ?? {};
  return { backend, store, events, load };
}

/** What is there, without what rides along. */
export async function look(store: ExpressStore, sid = SID): Promise<unknown> {
  return JSON.parse(JSON.stringify(await store.get(sid)));
}
