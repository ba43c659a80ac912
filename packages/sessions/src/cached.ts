/** A quick backend in front of a slow one: records that were read lately are not read again. */

import { type Backend, checkBackend, type SetOptions, type StoredRecord, type Version } from './backend.ts';
import { readClock } from './clock.ts';
import { checkDuration, checkOptions } from './options.ts';
import { createQueue } from './queue.ts';

/** Options of `cached()`. */
export interface CachedOptions {
  /** Seconds after which a record is read from the backend again: for so long another server's change may go unseen. Default 5, at most 3,600. */
  maxStale?: number;
  /** Seconds since the epoch. Default: the machine's clock. */
  now?: () => number;
}

const DEFAULT_STALE = 5;
const MOST_STALE = 3600;

/**
 * Reads through `cache`, writes to `backend`. What this process writes, deletes or touches it sees at once. What another has done it
 * sees after `maxStale` seconds at the latest: until then a session that was ended elsewhere can still be read here. It can not be
 * written: compare-and-set is the backend's, and a write that lost reads the newest record.
 *
 * Several requests for one record at once cost one read. A cache that fails costs a read of the backend and nothing else.
 *
 * @param cache holds copies only: `memory()`, as a rule. Nothing else may use it.
 * @param backend holds the records, with all its promises.
 * @throws {TypeError | RangeError} naming the argument that is wrong.
 * @example
 * import { cached, memory, serverStore } from 'sealring';
 * import { sqlite } from 'sealring/sqlite';
 * const backend = cached(memory(), sqlite('./sessions.db'), { maxStale: 1 });
 * const store = serverStore({ keys: [process.env.SESSION_KEY!], backend });
 */
export function cached(cache: Backend, backend: Backend, options: CachedOptions = {}): Backend {
  checkBackend('cache', cache);
  checkBackend('backend', backend);
  checkOptions('cached()', options, ['maxStale', 'now']);
  const maxStale = checkDuration('maxStale', options.maxStale, MOST_STALE) ?? DEFAULT_STALE;
  return new CachedBackend(cache, backend, maxStale, readClock(options.now));
}

class CachedBackend implements Backend {
  readonly cas: Backend['cas'];
  readonly list?: NonNullable<Backend['list']>;
  readonly #copies: Copies;
  readonly #backend: Backend;
  /** Reads that are under way. One that a write of ours has overtaken is no longer among them, and is not kept. */
  readonly #reads = new Map<string, Promise<StoredRecord | undefined>>();
  /** The change of each record that began last, while it is under way. */
  readonly #changes = new Map<string, object>();

  constructor(cache: Backend, backend: Backend, maxStale: number, now: () => number) {
    this.cas = backend.cas;
    this.#copies = new Copies(cache, maxStale, now);
    this.#backend = backend;
    if (backend.list !== undefined) this.list = (subject) => backend.list?.(subject) ?? none();
  }

  async get(id: string): Promise<StoredRecord | undefined> {
    return (await this.#copies.get(id)) ?? copyOf(await (this.#reads.get(id) ?? this.#read(id)));
  }

  async set(id: string, data: Uint8Array, options: SetOptions): Promise<Version | false> {
    const { expiresAt } = options;
    const copy = new Uint8Array(data); // the caller's may change meanwhile
    return await this.#change(
      id,
      () => this.#backend.set(id, copy, options),
      (version) => (version === false ? undefined : { data: copy, version, expiresAt }),
    );
  }

  async delete(id: string): Promise<boolean> {
    return await this.#change(id, () => this.#backend.delete(id));
  }

  async touch(id: string, expiresAt: number): Promise<boolean> {
    return await this.#change(id, () => this.#backend.touch(id, expiresAt));
  }

  async prune(): Promise<number> {
    await this.#copies.prune();
    return (await this.#backend.prune?.()) ?? 0;
  }

  async close(): Promise<void> {
    await this.#copies.close();
    await this.#backend.close?.();
  }

  #read(id: string): Promise<StoredRecord | undefined> {
    const isLast = () => this.#reads.get(id) === read;
    const read: Promise<StoredRecord | undefined> = Promise.resolve() // as a backend may throw at once
      .then(() => this.#backend.get(id))
      .then(async (found) => {
        if (found !== undefined && isLast()) await this.#copies.put(id, found);
        return found;
      })
      .finally(() => {
        if (isLast()) this.#reads.delete(id);
      });
    this.#reads.set(id, read);
    return read;
  }

  /**
   * Forgets the copy before, so that nobody reads what is about to go, and after, so that no read which began in between is kept.
   * Of two changes that overlap neither knows which of them the backend did last, so neither is kept.
   */
  async #change<Result>(
    id: string,
    change: () => Result | Promise<Result>,
    resultOf: (result: Result) => StoredRecord | undefined = () => undefined,
  ): Promise<Result> {
    const own = {};
    const isAlone = !this.#changes.has(id);
    this.#changes.set(id, own);
    await this.#forget(id);
    try {
      const result = await change();
      await this.#forget(id);
      const record = resultOf(result);
      if (record !== undefined && isAlone && this.#changes.get(id) === own) await this.#copies.put(id, record);
      return result;
    } catch (error) {
      await this.#forget(id); // it may have been done all the same
      throw error;
    } finally {
      if (this.#changes.get(id) === own) this.#changes.delete(id);
    }
  }

  #forget(id: string): Promise<void> {
    this.#reads.delete(id);
    return this.#copies.delete(id);
  }
}

/** The cache: version and expiry stand before the data, as the cache has its own of both. */
class Copies {
  readonly #cache: Backend;
  readonly #maxStale: number;
  readonly #now: () => number;
  /** What was asked first is done first, however long a cache takes. */
  readonly #queue = createQueue();

  constructor(cache: Backend, maxStale: number, now: () => number) {
    this.#cache = cache;
    this.#maxStale = maxStale;
    this.#now = now;
  }

  async get(id: string): Promise<StoredRecord | undefined> {
    const kept = await this.#try(id, () => this.#cache.get(id));
    const record = kept && unpack(kept.data);
    return record && record.expiresAt > this.#now() ? record : undefined;
  }

  async put(id: string, record: StoredRecord): Promise<void> {
    const expiresAt = Math.min(record.expiresAt, this.#now() + this.#maxStale);
    await this.#try(id, () => this.#cache.set(id, pack(record), { expiresAt }));
  }

  async delete(id: string): Promise<void> {
    await this.#try(id, () => this.#cache.delete(id));
  }

  async prune(): Promise<void> {
    await this.#cache.prune?.();
  }

  async close(): Promise<void> {
    await this.#cache.close?.();
  }

  async #try<Result>(id: string, action: () => Result | Promise<Result>): Promise<Result | undefined> {
    try {
      return await this.#queue(id, async () => action());
    } catch {
      return undefined; // the backend has it
    }
  }
}

const HEAD = 9; // length of the version 1, expiry as a float 8

function pack({ data, version, expiresAt }: StoredRecord): Uint8Array {
  const name = new TextEncoder().encode(version);
  const packed = new Uint8Array(HEAD + name.length + data.length);
  packed[0] = name.length;
  new DataView(packed.buffer).setFloat64(1, expiresAt);
  packed.set(name, HEAD);
  packed.set(data, HEAD + name.length);
  return packed;
}

function unpack(packed: Uint8Array): StoredRecord {
  const from = HEAD + (packed[0] ?? 0);
  const expiresAt = new DataView(packed.buffer, packed.byteOffset).getFloat64(1);
  const version = new TextDecoder().decode(packed.subarray(HEAD, from));
  return { data: packed.slice(from), version, expiresAt };
}

/** Each of those who shared a read gets bytes of their own. */
function copyOf(record: StoredRecord | undefined): StoredRecord | undefined {
  return record && { ...record, data: new Uint8Array(record.data) };
}

async function* none(): AsyncGenerator<{ id: string; expiresAt: number }> {}
