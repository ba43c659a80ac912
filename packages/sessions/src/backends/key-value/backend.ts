/**
 * Any store that keeps strings under keys -> a backend. Such a store knows no versions and swaps nothing: what is to happen in one step
 * happens in a queue of this process, one queue for each record.
 */

import { canWaitForOthers, randomBytes } from '../../ambient.ts';
import { SessionError } from '../../error.ts';
import { encodeBase64url, nameOf } from '../../text.ts';
import type { StoredRecord } from '../backend.ts';
import type { Clock } from '../kit/clock.ts';
import { createQueue, type Queue } from '../kit/queue.ts';
import { backendOf, type ClosableBackend, type Row, type Rows } from '../kit/rows.ts';
import { formatKept, type Kept, parseKept } from './envelope.ts';
import type { KeyValueSettings } from './options.ts';

/** What is asked of a store. Each may throw, return its result or promise it. */
export interface KeyValueStore {
  /** Whatever is there; `undefined` and null are nothing. */
  get(key: string): unknown;
  /** @param lifetime seconds, over 0, after which the store may drop the string; `undefined`: never. It need not. */
  set(key: string, text: string, lifetime: number | undefined): unknown;
  /** Says nothing of whether anything was there. */
  delete(key: string): unknown;
  /** All keys that start so, others as well. `undefined` if the store cannot name all of them. */
  readonly keys: ((prefix: string) => AsyncIterable<string>) | undefined;
  /** Whether this backend removes in passing what has expired: the store does not, and costs nothing to ask. */
  readonly isSwept: boolean;
}

/** Keys that one step of `removeExpired` looks at. */
const STEP = 256;

/** Seconds. Some stores cannot count longer. */
const MAX_LIFETIME = 100 * 365 * 86_400;

/** Seconds that a record must have left to show whether the store keeps it. */
const PROOF_LIFETIME = 60;

/** Of what was handed in: all backends on the same storage take turns. */
const queues = new WeakMap<object, Queue>();

/** @param storage what the caller handed in, by which backends know that they share it. */
export function keyValueBackend(store: KeyValueStore, storage: object, settings: KeyValueSettings): ClosableBackend {
  const { cas, now, where } = settings;
  const queue = queues.get(storage) ?? createQueue();
  queues.set(storage, queue);
  const rows = new KeyValueRows(store, queue, settings);
  return backendOf(store.keys === undefined ? withoutKeys(rows) : rows, { cas, now, where, sweeps: store.isSwept });
}

function withoutKeys(rows: KeyValueRows): Rows {
  return {
    read: (id) => rows.read(id),
    write: (id, row, over, now) => rows.write(id, row, over, now),
    remove: (id, now) => rows.remove(id, now),
  };
}

class KeyValueRows implements Rows {
  readonly #store: KeyValueStore;
  readonly #queue: Queue;
  readonly #prefix: string;
  readonly #where: string;
  /** Reads whose turn has not come: who asks meanwhile shares them. */
  readonly #reads = new Map<string, Promise<unknown>>();
  /** Whether a string that was written has been seen to be there. */
  #isKeeping = false;
  /** Whether a key that was written has been seen among the keys. */
  #isListing = false;

  constructor(store: KeyValueStore, queue: Queue, { prefix, where }: KeyValueSettings) {
    this.#store = store;
    this.#queue = queue;
    this.#prefix = prefix;
    this.#where = where;
  }

  /** Takes turns with writes: a store may write in place, and would show half a record. */
  async read(id: string): Promise<StoredRecord | undefined> {
    const kept = await this.#readKey(this.#keyOf(id));
    return kept && { data: kept.data, version: kept.version, expiresAt: kept.expiresAt };
  }

  async write(id: string, row: Row, over: StoredRecord | null | undefined, now: Clock): Promise<boolean> {
    const key = this.#keyOf(id);
    const text = formatKept(this.#nameIn(key), id, row);
    return await this.#queue(key, async () => {
      if (over !== undefined) {
        const there = this.#parse(key, await this.#store.get(key));
        const version = there !== undefined && there.expiresAt > now() ? there.version : undefined;
        if (version !== over?.version) return false;
      }
      await this.#put(key, text, row.expiresAt - now());
      return true;
    });
  }

  /**
   * Deletes also what a read does not find: it may be one that lags behind. Looks whether it is gone: of a file that cannot be removed, say,
   * unstorage tells nobody, and the session would live on.
   */
  async remove(id: string, now: Clock): Promise<boolean> {
    const key = this.#keyOf(id);
    return await this.#queue(key, async () => {
      const value = await this.#store.get(key);
      const kept = this.#parse(key, value);
      if (kept === undefined && value !== undefined && value !== null) return false; // it is somebody's
      await this.#store.delete(key);
      if (kept === undefined) return false;
      const left = this.#parse(key, await this.#store.get(key));
      if (left?.version === kept.version) throw this.#failure('delete', 'they are still there');
      return kept.expiresAt > now();
    });
  }

  async *list(subject: string): AsyncGenerator<{ id: string; expiresAt: number }> {
    for await (const key of this.#provenKeys()) {
      const kept = await this.#readKey(key);
      if (kept?.subject === subject) yield { id: kept.id, expiresAt: kept.expiresAt };
    }
  }

  async *removeExpired(now: Clock): AsyncGenerator<number> {
    let [looked, removed] = [0, 0];
    for await (const key of this.#store.isSwept ? this.#keys() : this.#provenKeys()) {
      removed += Number(await this.#removeIfExpired(key, now));
      if (++looked % STEP > 0) continue;
      yield removed;
      removed = 0;
    }
    yield removed;
  }

  /** Removes nothing that is not ours. */
  async #removeIfExpired(key: string, now: Clock): Promise<boolean> {
    return await this.#queue(key, async () => {
      const kept = this.#parse(key, await this.#store.get(key));
      if (kept === undefined || kept.expiresAt > now()) return false;
      await this.#store.delete(key);
      return true;
    });
  }

  /** @throws {SessionError} at the end if the store has not named a key that was written before. "All" of a user's sessions would be none. */
  async *#provenKeys(): AsyncGenerator<string> {
    if (this.#isListing) {
      yield* this.#keys();
      return;
    }
    const id = encodeBase64url(randomBytes(16));
    const probe = this.#keyOf(id);
    const row = { data: new Uint8Array(), version: id, expiresAt: 0, subject: undefined };
    await this.#store.set(probe, formatKept(this.#nameIn(probe), id, row), PROOF_LIFETIME);
    try {
      for await (const key of this.#keys()) {
        if (key === probe) this.#isListing = true;
        else yield key;
      }
    } finally {
      await this.#store.delete(probe);
    }
    if (!this.#isListing) throw this.#failure('list', 'a key just written is not among its keys');
  }

  /** The keys that may be of records, each once. */
  async *#keys(): AsyncGenerator<string> {
    const seen = new Set<string>();
    for await (const key of this.#store.keys?.(this.#prefix) ?? []) {
      if (!key.startsWith(this.#prefix) || !/^[0-9a-f]{64}$/.test(this.#nameIn(key)) || seen.has(key)) continue;
      seen.add(key);
      yield key;
    }
  }

  async #readKey(key: string): Promise<Kept | undefined> {
    const value = canWaitForOthers() ? (this.#reads.get(key) ?? this.#queueRead(key)) : this.#store.get(key);
    return this.#parse(key, await value);
  }

  #queueRead(key: string): Promise<unknown> {
    const read = this.#queue(key, async () => {
      this.#reads.delete(key);
      return await this.#store.get(key);
    });
    this.#reads.set(key, read);
    return read;
  }

  /** Within a turn. The first time it reads what it has written: some stores take everything and keep nothing, read-only ones for example. */
  async #put(key: string, text: string, lifetime: number): Promise<void> {
    await this.#store.set(key, text, lifetime <= MAX_LIFETIME ? Math.max(lifetime, 0.001) : undefined);
    if (this.#isKeeping || lifetime < PROOF_LIFETIME) return;
    this.#isKeeping = this.#parse(key, await this.#store.get(key)) !== undefined;
    if (!this.#isKeeping) throw this.#failure('write', 'it does not have what was written to it');
  }

  #parse(key: string, value: unknown): Kept | undefined {
    return parseKept(this.#nameIn(key), value);
  }

  #keyOf(id: string): string {
    return this.#prefix + nameOf(id);
  }

  #nameIn(key: string): string {
    return key.slice(this.#prefix.length);
  }

  #failure(verb: string, what: string): SessionError {
    return new SessionError('ERR_SESSION_BACKEND', `Cannot ${verb} sessions in ${this.#where}: ${what}`);
  }
}
