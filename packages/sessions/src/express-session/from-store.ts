/** Any store made for express-session -> a backend. */

import { randomBytes } from '../ambient.ts';
import type { Backend, SetOptions, StoredRecord, Version } from '../backend.ts';
import { readClock } from '../clock.ts';
import { checkOptions, describe } from '../options.ts';
import { createQueue, type Queue } from '../queue.ts';
import { encodeBase64url, nameOf } from '../text.ts';
import { call } from './callbacks.ts';
import { type ForeignSession, formatEnvelope, type KeptRecord, parseEnvelope } from './envelope.ts';

/** What is used of a store. It calls back, or returns promises, or both. */
export interface ForeignStore {
  get(sid: string, callback: (error?: unknown, session?: unknown) => void): unknown;
  set(sid: string, session: ForeignSession, callback: (error?: unknown) => void): unknown;
  destroy(sid: string, callback: (error?: unknown) => void): unknown;
  /** All sessions, in an array or under their ids. */
  all?(callback: (error?: unknown, sessions?: unknown) => void): unknown;
}

/** Options of `fromExpressStore()`. */
export interface FromExpressStoreOptions {
  /** Seconds since the epoch. Default: the machine's clock. */
  now?: () => number;
  /**
   * How far `ifVersion` can be relied on. Default 'process': within this process only. Say 'atomic' where nothing but this process uses the
   * storage, so that this is all there is, and 'none' to say that several do.
   */
  cas?: Backend['cas'];
}

const CAS: readonly unknown[] = ['atomic', 'process', 'none'];

/** Of each store, however many backends are made of it: its records are changed in turn. */
const queues = new WeakMap<object, Queue>();

/**
 * Keeps records in a store that was made for express-session. Such a store can neither compare and set nor touch without a rewrite, so
 * that compare-and-set is a read and a write in turn, which other processes do not wait for. It gets to see hashed ids and sessions with
 * a cookie, by which it tells when they end; when records expire is decided here.
 *
 * Where the store has the method `all`, the backend can list and prune, going through everything the store has.
 *
 * @param store stays open when the backend is closed.
 * @throws {TypeError} on a store that has not get, set and destroy, an unknown option, and a clock that is not a function.
 * @throws {RangeError} on another `cas`.
 * @example
 * import session from 'express-session';
 * import { serverStore } from 'sealring';
 * import { fromExpressStore } from 'sealring/express-session';
 * const backend = fromExpressStore(new session.MemoryStore()); // or of a connect-* package
 * const store = serverStore({ keys: [process.env.SESSION_KEY!], backend });
 */
export function fromExpressStore(store: ForeignStore, options: FromExpressStoreOptions = {}): Backend {
  for (const method of ['get', 'set', 'destroy'] as const) {
    if (typeof store?.[method] === 'function') continue;
    throw new TypeError(`"store" expected a store with get, set and destroy, got ${describe(store)}`);
  }
  checkOptions('fromExpressStore()', options, ['now', 'cas']);
  const { cas = 'process' } = options;
  if (!CAS.includes(cas)) {
    throw new RangeError(`"cas" expected 'atomic', 'process' or 'none', got ${describe(cas)}`);
  }
  return new ExpressStoreBackend(store, readClock(options.now), cas);
}

class ExpressStoreBackend implements Backend {
  readonly cas: Backend['cas'];
  readonly list?: NonNullable<Backend['list']>;
  readonly prune?: NonNullable<Backend['prune']>;
  readonly #store: ForeignStore;
  readonly #now: () => number;
  readonly #queue: Queue;

  constructor(store: ForeignStore, now: () => number, cas: Backend['cas']) {
    this.cas = cas;
    this.#store = store;
    this.#now = now;
    this.#queue = queues.get(store) ?? createQueue();
    queues.set(store, this.#queue);
    if (typeof store.all !== 'function') return;
    this.list = (subject) => this.#list(subject);
    this.prune = () => this.#prune();
  }

  async get(id: string): Promise<StoredRecord | undefined> {
    const found = await this.#find(id);
    return found && { data: found.data, version: found.version, expiresAt: found.expiresAt };
  }

  async set(id: string, data: Uint8Array, { expiresAt, ifVersion, subject }: SetOptions): Promise<Version | false> {
    const record = { id, data: new Uint8Array(data), version: encodeBase64url(randomBytes(16)), expiresAt, subject };
    return await this.#queue(id, async () => {
      const isThere = ifVersion === undefined || ((await this.#find(id))?.version ?? null) === ifVersion;
      if (!isThere) return false;
      await this.#put(record);
      return record.version;
    });
  }

  async delete(id: string): Promise<boolean> {
    return await this.#queue(id, async () => {
      const found = await this.#find(id);
      if (found !== undefined) await this.#remove(id);
      return found !== undefined;
    });
  }

  async touch(id: string, expiresAt: number): Promise<boolean> {
    return await this.#queue(id, async () => {
      const found = await this.#find(id);
      if (found !== undefined) await this.#put({ ...found, expiresAt });
      return found !== undefined;
    });
  }

  async *#list(subject: string): AsyncGenerator<{ id: string; expiresAt: number }> {
    for (const record of await this.#all()) {
      if (record.subject === subject && record.expiresAt > this.#now()) {
        yield { id: record.id, expiresAt: record.expiresAt };
      }
    }
  }

  async #prune(): Promise<number> {
    let pruned = 0;
    for (const { id, expiresAt } of await this.#all()) {
      if (expiresAt > this.#now()) continue;
      await this.#queue(id, async () => {
        if ((await this.#find(id)) !== undefined) return; // written again since
        await this.#remove(id);
        pruned++;
      });
    }
    return pruned;
  }

  async #find(id: string): Promise<KeptRecord | undefined> {
    const record = parseEnvelope(await call(this.#store, this.#store.get, nameOf(id)).catch(absentAsUndefined));
    return record?.id === id && record.expiresAt > this.#now() ? record : undefined;
  }

  async #put(record: KeptRecord): Promise<void> {
    await call(this.#store, this.#store.set, nameOf(record.id), formatEnvelope(record, this.#now()));
  }

  async #remove(id: string): Promise<void> {
    await call(this.#store, this.#store.destroy, nameOf(id)).catch(absentAsUndefined);
  }

  async #all(): Promise<KeptRecord[]> {
    const sessions = await call(this.#store, this.#store.all);
    const values: unknown[] = typeof sessions === 'object' && sessions !== null ? Object.values(sessions) : [];
    return values.map(parseEnvelope).filter((record) => record !== undefined);
  }
}

/** express-session takes this code of an error for no session, and so stores in files give it. */
function absentAsUndefined(error: unknown): undefined {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
