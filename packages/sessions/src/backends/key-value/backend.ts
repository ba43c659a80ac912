/**
 * A backend in any store that keeps texts under keys. Such a store knows no versions and swaps nothing: what is to happen in one step
 * happens in a queue of this process, one queue for each record.
 */

import { randomBytes } from '../../ambient.ts';
import { encodeBase64url, nameOf } from '../../text.ts';
import type { Backend, SetOptions, StoredRecord, Version } from '../backend.ts';
import { createQueue, type Queue } from '../queue.ts';
import { formatKept, hashSubject, type Kept, parseKept } from './envelope.ts';
import type { KeyValueSettings } from './options.ts';

/** What is asked of a store. Each may throw, give its result or promise it. */
export interface KeyValueStore {
  /** Whatever is there; anything but a text of ours counts as nothing. */
  get(key: string): unknown;
  /** @param lifetime seconds, over 0, after which the store may drop the text; undefined: never. It need not. */
  set(key: string, text: string, lifetime: number | undefined): unknown;
  /** Says nothing of whether anything was there. */
  delete(key: string): unknown;
  /** All keys that start so, others as well. Undefined where the store cannot say or leaves some out. */
  readonly keys: ((prefix: string) => AsyncIterable<string>) | undefined;
  /** Whether this backend has to clear up in passing: the store drops nothing that has expired, and costs nothing to ask. */
  readonly isSwept: boolean;
}

/** Writes after which a part of the store is swept, and the records that then have their turn: 4 for each write. */
const SWEEP_EVERY = 64;
const SWEPT = 256;

/** Seconds. Some stores cannot count longer. */
const LONGEST_LIFETIME = 100 * 365 * 86_400;

/** Seconds that a record must have left to show whether the store keeps it. */
const PROOF_LIFETIME = 60;

/** Of what was handed in: all backends on the same storage take turns. */
const queues = new WeakMap<object, Queue>();

export class KeyValueBackend implements Backend {
  readonly cas: Backend['cas'];
  readonly list?: NonNullable<Backend['list']>;
  readonly prune?: NonNullable<Backend['prune']>;
  readonly #store: KeyValueStore;
  readonly #prefix: string;
  readonly #now: () => number;
  readonly #queue: Queue;
  /** Reads whose turn has not come: who asks meanwhile shares them. */
  readonly #reads = new Map<string, Promise<unknown>>();
  /** Whether a text that was written has been seen to be there. */
  #isKeeping = false;
  #writes = 0;
  /** Where the sweep is. */
  #cursor: AsyncIterator<string> | undefined;
  #sweep: Promise<unknown> | undefined;

  /** @param storage what the caller handed in, by which backends know that they share it. */
  constructor(store: KeyValueStore, storage: object, { now, prefix, cas }: KeyValueSettings) {
    this.cas = cas;
    this.#store = store;
    this.#prefix = prefix;
    this.#now = now;
    this.#queue = queues.get(storage) ?? createQueue();
    queues.set(storage, this.#queue);
    if (store.keys === undefined) return;
    this.list = (subject) => this.#list(subject);
    this.prune = () => this.#prune();
  }

  async get(id: string): Promise<StoredRecord | undefined> {
    const kept = await this.#read(this.#keyOf(id));
    return kept && { data: kept.data, version: kept.version, expiresAt: kept.expiresAt };
  }

  async set(id: string, data: Uint8Array, { expiresAt, ifVersion, subject }: SetOptions): Promise<Version | false> {
    const key = this.#keyOf(id);
    const version = encodeBase64url(randomBytes(16));
    const text = formatKept({ id, version, expiresAt, subject: hashSubject(subject), data }); // at once: the caller's may change
    const isWritten = await this.#queue(key, async () => {
      if (ifVersion !== undefined && ((await this.#find(key))?.version ?? null) !== ifVersion) return false;
      await this.#write(key, text, expiresAt);
      return true;
    });
    if (isWritten && ++this.#writes % SWEEP_EVERY === 0) this.#sweepNext();
    return isWritten && version;
  }

  /** Looks whether it is gone: of a file that cannot be removed, say, unstorage tells nobody, and the session would live on. */
  async delete(id: string): Promise<boolean> {
    const key = this.#keyOf(id);
    return await this.#queue(key, async () => {
      const kept = await this.#find(key);
      if (kept === undefined) return false;
      await this.#store.delete(key);
      const left = await this.#find(key);
      if (left?.version === kept.version) throw new Error('The store still has what was deleted');
      return true;
    });
  }

  async touch(id: string, expiresAt: number): Promise<boolean> {
    const key = this.#keyOf(id);
    return await this.#queue(key, async () => {
      const kept = await this.#find(key);
      if (kept === undefined) return false;
      await this.#write(key, formatKept({ ...kept, expiresAt }), expiresAt);
      return true;
    });
  }

  /** Waits for what is under way. The storage is the caller's. */
  async close(): Promise<void> {
    await this.#sweep;
  }

  async *#list(subject: string): AsyncGenerator<{ id: string; expiresAt: number }> {
    const wanted = hashSubject(subject);
    for await (const key of this.#keys()) {
      const kept = await this.#read(key);
      if (kept?.subject === wanted) yield { id: kept.id, expiresAt: kept.expiresAt };
    }
  }

  async #prune(): Promise<number> {
    let pruned = 0;
    for await (const key of this.#keys()) pruned += Number(await this.#pruneKey(key));
    return pruned;
  }

  /** Nobody waits for it, and nobody is told of a failure: `prune` says what is wrong, and the next round tries again. */
  #sweepNext(): void {
    if (!this.#store.isSwept || this.#sweep !== undefined) return;
    const finish = () => (this.#sweep = undefined);
    this.#sweep = this.#sweepSome().then(finish, finish);
  }

  async #sweepSome(): Promise<void> {
    this.#cursor ??= this.#keys()[Symbol.asyncIterator]();
    for (let looked = 0; looked < SWEPT; looked++) {
      const next = await this.#cursor.next();
      if (next.done) {
        this.#cursor = undefined;
        return;
      }
      await this.#pruneKey(next.value);
    }
  }

  /** Removes nothing that is not ours. */
  async #pruneKey(key: string): Promise<boolean> {
    return await this.#queue(key, async () => {
      const kept = this.#parse(key, await this.#store.get(key));
      if (kept === undefined || kept.expiresAt > this.#now()) return false;
      await this.#store.delete(key);
      return true;
    });
  }

  /** The keys that may be of records, each once. */
  async *#keys(): AsyncGenerator<string> {
    const seen = new Set<string>();
    for await (const key of this.#store.keys?.(this.#prefix) ?? []) {
      if (!this.#isKey(key) || seen.has(key)) continue;
      seen.add(key);
      yield key;
    }
  }

  /** Takes turns with writes: a store may write in place, and would show half a record, or drop an expired one along with its successor. */
  async #read(key: string): Promise<Kept | undefined> {
    const read = this.#reads.get(key) ?? this.#queueRead(key);
    return this.#unexpired(key, await read);
  }

  #queueRead(key: string): Promise<unknown> {
    const read = this.#queue(key, async () => {
      this.#reads.delete(key);
      return await this.#store.get(key);
    });
    this.#reads.set(key, read);
    return read;
  }

  /** Within a turn. */
  async #find(key: string): Promise<Kept | undefined> {
    return this.#unexpired(key, await this.#store.get(key));
  }

  /** Within a turn. The first time it reads what it has written: some stores take everything and keep nothing, read-only ones for example. */
  async #write(key: string, text: string, expiresAt: number): Promise<void> {
    const left = expiresAt - this.#now();
    await this.#store.set(key, text, left <= LONGEST_LIFETIME ? Math.max(left, 0.001) : undefined);
    if (this.#isKeeping || left < PROOF_LIFETIME) return;
    this.#isKeeping = this.#parse(key, await this.#store.get(key)) !== undefined;
    if (!this.#isKeeping) throw new Error('The store does not have what was written to it');
  }

  #unexpired(key: string, value: unknown): Kept | undefined {
    const kept = this.#parse(key, value);
    return kept !== undefined && kept.expiresAt > this.#now() ? kept : undefined;
  }

  #parse(key: string, value: unknown): Kept | undefined {
    return parseKept(value, key.slice(this.#prefix.length));
  }

  #keyOf(id: string): string {
    return this.#prefix + nameOf(id);
  }

  #isKey(key: string): boolean {
    return key.startsWith(this.#prefix) && /^[0-9a-f]{64}$/.test(key.slice(this.#prefix.length));
  }
}
