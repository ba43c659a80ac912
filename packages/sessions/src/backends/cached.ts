/** A quick backend in front of a slow one: records that were read lately are not read again. */

import { canWaitForOthers } from '../ambient.ts';
import { checkDuration, checkOptions } from '../options.ts';
import {
  type Backend,
  checkBackend,
  type ManagedBackend,
  type MaybePromise,
  type SetOptions,
  type StoredRecord,
} from './backend.ts';
import { type Clock, readClock } from './kit/clock.ts';
import { createQueue } from './kit/queue.ts';
import type { ClosableBackend } from './kit/rows.ts';
import { memory } from './memory.ts';

/** Options of `cached()`. */
export interface CachedOptions {
  /** Holds copies of records, and is used for nothing else. Default: `memory()`. */
  cache?: Backend;
  /** Seconds after which a record is read from the backend again: for so long another server's change may go unseen. Default 5, at most 3,600. */
  maxStale?: number;
  /** Returns seconds since the epoch. Default: the machine's clock. */
  now?: () => number;
}

const DEFAULT_STALE = 5;
const MAX_STALE = 3600;

/** Bytes of an expiry, a float. */
const HEAD = 8;

/**
 * Reads through a cache, writes to `backend`. This process sees its own writes and deletes at once. It sees those of others
 * after `maxStale` seconds at the latest: until then, a session that was ended elsewhere can still be read here. It cannot be
 * written: compare-and-set is the backend's, and whoever loses it reads the newest record.
 *
 * Several requests for one record at the same time cost one read, except in Cloudflare Workers, where no request may wait for another. A cache
 * that fails costs reads of the backend and nothing else.
 *
 * @param backend holds the records, with all its promises. `close` closes it, and the cache.
 * @throws {TypeError | RangeError} naming the argument that is wrong.
 * @example
 * import { cached, serverStore } from 'sealring';
 * import { sqlite } from 'sealring/sqlite';
 * const backend = cached(sqlite('./sessions.db'), { maxStale: 1 });
 * const store = serverStore({ keys: [process.env.SESSION_KEY!], backend });
 */
export function cached(backend: Backend, options: CachedOptions = {}): ClosableBackend {
  checkBackend('backend', backend);
  const given = checkOptions('cached()', options, ['cache', 'maxStale', 'now']);
  const now = readClock(given.now);
  const maxStale = checkDuration('maxStale', given.maxStale, MAX_STALE) ?? DEFAULT_STALE;
  const { cache = memory({ now }) } = given;
  checkBackend('cache', cache);
  return new CachedBackend(backend, new Copies(cache, maxStale, now));
}

/** Some backends can do more than the contract asks. */
type Given = Backend & Partial<Pick<ManagedBackend, 'prune' | 'close'>>;

class CachedBackend implements ClosableBackend {
  readonly cas: Backend['cas'];
  readonly list?: NonNullable<Backend['list']>;
  readonly prune?: ManagedBackend['prune'];
  readonly #backend: Given;
  readonly #copies: Copies;
  /** What is done to one record is done in turn, so that no read brings back what a later write has replaced. */
  readonly #queue = createQueue();
  /** The reads that wait for their turn or have it: whoever asks meanwhile shares them. */
  readonly #reads = new Map<string, Promise<StoredRecord | undefined>>();
  /** How often a change has begun or ended. */
  #changes = 0;

  constructor(backend: Given, copies: Copies) {
    this.cas = backend.cas;
    this.#backend = backend;
    this.#copies = copies;
    const { list, prune } = backend;
    if (list !== undefined) this.list = (subject) => list.call(backend, subject);
    if (prune !== undefined) this.prune = () => prune.call(backend);
  }

  async get(id: string): Promise<StoredRecord | undefined> {
    return (await this.#copies.get(id)) ?? (await this.#shareRead(id));
  }

  set(id: string, data: Uint8Array, options: SetOptions): Promise<boolean> {
    const { version, expiresAt } = options;
    const record = { data: new Uint8Array(data), version, expiresAt }; // the caller's may change meanwhile
    return this.#change(id, () => this.#backend.set(id, record.data, options), record);
  }

  delete(id: string): Promise<boolean> {
    return this.#change(id, () => this.#backend.delete(id));
  }

  async close(): Promise<void> {
    await this.#copies.close();
    await this.#backend.close?.();
  }

  async #shareRead(id: string): Promise<StoredRecord | undefined> {
    if (!canWaitForOthers()) return await this.#readBeside(id);
    const read = this.#reads.get(id) ?? this.#queue(id, () => this.#read(id));
    this.#reads.set(id, read);
    const record = await read;
    return record && { ...record, data: new Uint8Array(record.data) }; // each reader gets bytes of its own
  }

  async #read(id: string): Promise<StoredRecord | undefined> {
    try {
      const record = await this.#backend.get(id);
      if (record !== undefined) await this.#copies.put(id, record);
      return record;
    } finally {
      this.#reads.delete(id);
    }
  }

  /** Where there are no turns: keeps no copy of what a change may have replaced meanwhile. */
  async #readBeside(id: string): Promise<StoredRecord | undefined> {
    const changes = this.#changes;
    const record = await this.#backend.get(id);
    if (record !== undefined && changes === this.#changes) await this.#copies.put(id, record);
    return record;
  }

  /** Drops the copy unless the record was certainly written: a change that failed may have been made all the same. */
  #change(id: string, change: () => MaybePromise<boolean>, written?: StoredRecord): Promise<boolean> {
    return this.#queue(id, async () => {
      let isDone = false;
      this.#changes++;
      try {
        return (isDone = await change());
      } finally {
        this.#changes++;
        await (isDone && written !== undefined ? this.#copies.put(id, written) : this.#copies.drop(id));
      }
    });
  }
}

/** The records in the cache. Each has its own expiry before its data, as the cache is told an earlier one. */
class Copies {
  readonly #cache: Given;
  readonly #maxStale: number;
  readonly #now: Clock;
  /** If the cache failed to drop a copy or to replace it, it may still have the old one until then. */
  #distrustedUntil = -Infinity;

  constructor(cache: Given, maxStale: number, now: Clock) {
    this.#cache = cache;
    this.#maxStale = maxStale;
    this.#now = now;
  }

  async get(id: string): Promise<StoredRecord | undefined> {
    if (this.#now() < this.#distrustedUntil) return undefined;
    try {
      const copy = await this.#cache.get(id);
      if (copy === undefined) return undefined;
      const expiresAt = new DataView(copy.data.buffer, copy.data.byteOffset).getFloat64(0);
      return expiresAt > this.#now() ? { data: copy.data.slice(HEAD), version: copy.version, expiresAt } : undefined;
    } catch {
      return undefined; // the backend has the record
    }
  }

  put(id: string, { data, version, expiresAt }: StoredRecord): Promise<void> {
    const bytes = new Uint8Array(HEAD + data.length);
    new DataView(bytes.buffer).setFloat64(0, expiresAt);
    bytes.set(data, HEAD);
    const until = Math.min(expiresAt, this.#now() + this.#maxStale);
    return this.#change(() => this.#cache.set(id, bytes, { version, expiresAt: until }));
  }

  drop(id: string): Promise<void> {
    return this.#change(() => this.#cache.delete(id));
  }

  async close(): Promise<void> {
    await this.#cache.close?.();
  }

  async #change(change: () => unknown): Promise<void> {
    try {
      await change();
    } catch {
      this.#distrustedUntil = this.#now() + this.#maxStale;
    }
  }
}
