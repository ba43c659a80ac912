/** memory() that tells what was asked of it and shows what it has; and our store over it. */

import type {
  Backend,
  ManagedBackend,
  SetOptions,
  StoredRecord,
} from '../../../../../packages/sessions/src/backends/backend.ts';
import {
  type ExpressStore,
  type ExpressStoreEvent,
  type ExpressStoreOptions,
  toExpressStore,
} from '../../../../../packages/sessions/src/backends/express-session.ts';
import { memory } from '../../../../../packages/sessions/src/backends/memory.ts';
import { secret } from '../../../../codec/support.ts';

export interface SeenBackend extends Backend, Pick<ManagedBackend, 'close'> {
  /** Methods that were called and may have changed something. */
  readonly changes: string[];
  /** All ids and all bytes that it was ever given, as strings. */
  readonly given: string[];
  /** All index names that it was ever given. */
  readonly subjects: Set<string | undefined>;
  list: NonNullable<Backend['list']>;
  /** Returns its only record. */
  only(): Promise<StoredRecord | undefined>;
  /** How many records there are. */
  count(): Promise<number>;
  /** What the next calls of this method throw. */
  fail: { get?: unknown; set?: unknown; delete?: unknown; list?: unknown; close?: unknown };
}

export function seen(inner: Backend & Partial<Pick<ManagedBackend, 'close'>> = memory()): SeenBackend {
  const changes: string[] = [];
  const given: string[] = [];
  const ids = new Set<string>();
  const subjects = new Set<string | undefined>();
  const fail: SeenBackend['fail'] = {};
  const check = (method: 'get' | 'set' | 'delete', id: string) => {
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
    subjects,
    fail,
    async get(id: string) {
      check('get', id);
      return await inner.get(id);
    },
    async set(id: string, data: Uint8Array, options: SetOptions) {
      check('set', id);
      subjects.add(options.subject);
      given.push(new TextDecoder('latin1').decode(data));
      return await inner.set(id, data, options);
    },
    async delete(id: string) {
      check('delete', id);
      return await inner.delete(id);
    },
    async *list(subject: string) {
      if (fail.list !== undefined) throw fail.list;
      yield* inner.list?.(subject) ?? [];
    },
    async close() {
      if (fail.close !== undefined) throw fail.close;
      changes.push('close');
      await inner.close?.();
    },
    async only() {
      const found = await records();
      if (found.length > 1) throw new Error(`Expected one record, got ${found.length}`);
      return found[0];
    },
    count: async () => (await records()).length,
  };
}

/** A backend that cannot list. */
export function blind(): Backend {
  const { list: _, ...backend } = seen(memory({ now: () => NOW }));
  return backend;
}

export const SID = 'a session id that nobody guesses';
/** Seconds since the epoch: where the clock of these stores stands. */
export const NOW = 1_900_000_000;
export const keys = [secret(1)];
/** Of a session that ends with the browser. */
export const cookie = { originalMaxAge: null, expires: null, httpOnly: true, path: '/' };
/** Of a session that ends after so many seconds. */
export const lasting = (seconds: number) => ({
  ...cookie,
  originalMaxAge: seconds * 1000,
  expires: new Date((NOW + seconds) * 1000),
});

export type Loaded = Record<string, unknown>;

/** A store, what it is over, and what it reports: types of events, and reasons. */
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
