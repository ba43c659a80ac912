/** A backend in this process's memory: for tests, for development, and for one server whose sessions may end with it. */

import type { Backend, SetOptions, StoredRecord, Version } from './backend.ts';
import { readClock } from './clock.ts';
import { checkOptions } from './options.ts';

/** Options of `memory()`. */
export interface MemoryOptions {
  /** Seconds since the epoch. Default: the machine's clock. */
  now?: () => number;
}

/** Of the records, those that each `set` looks at for expired ones. */
const SWEPT = 4;

/**
 * Keeps records in this process's memory, which end with it. Every method but `list` gives its plain result, no promise.
 *
 * What expires is dropped when it is next asked for and by `prune`; each `set` also looks at the next four records in turn and drops
 * the expired. So sessions that nobody returns to go too: among N records, one that has expired goes within the next N / 3 calls of
 * `set`, at constant work for each.
 *
 * @throws {TypeError} on an unknown option, and a clock that is not a function.
 * @example
 * import { memory, serverStore } from 'sealring';
 * import { generateKey } from '@sealring/codec';
 * const store = serverStore({ keys: [generateKey()], backend: memory() });
 */
export function memory(options: MemoryOptions = {}): Backend {
  checkOptions('memory()', options, ['now']);
  return new MemoryBackend(readClock(options.now));
}

interface Entry {
  data: Uint8Array;
  version: Version;
  expiresAt: number;
  subject: string | undefined;
}

class MemoryBackend implements Backend {
  readonly cas = 'atomic'; // nothing but this process can reach it
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  readonly #subjects = new Map<string, Set<string>>();
  /** One counter for all ids, so a version does not return after delete and set. */
  #versions = 0;
  /** Where the sweep is: an iterator of a Map takes part in what is added and deleted meanwhile. */
  #sweep: Iterator<[string, Entry]> = this.#entries.entries();

  constructor(now: () => number) {
    this.#now = now;
  }

  get(id: string): StoredRecord | undefined {
    const entry = this.#find(id);
    if (entry === undefined) return undefined;
    const { data, version, expiresAt } = entry;
    return { data: new Uint8Array(data), version, expiresAt };
  }

  set(id: string, data: Uint8Array, { expiresAt, ifVersion, subject }: SetOptions): Version | false {
    this.#dropSomeExpired();
    const present = this.#find(id);
    if (ifVersion !== undefined && (present?.version ?? null) !== ifVersion) return false;
    if (present !== undefined) this.#unlist(id, present);
    const version = String(++this.#versions);
    this.#entries.set(id, { data: new Uint8Array(data), version, expiresAt, subject }); // not slice(): a Buffer's does not copy
    if (subject !== undefined) this.#list(id, subject);
    return version;
  }

  delete(id: string): boolean {
    const entry = this.#find(id);
    if (entry === undefined) return false;
    this.#drop(id, entry);
    return true;
  }

  touch(id: string, expiresAt: number): boolean {
    const entry = this.#find(id);
    if (entry === undefined) return false;
    entry.expiresAt = expiresAt;
    return true;
  }

  async *list(subject: string): AsyncGenerator<{ id: string; expiresAt: number }> {
    for (const id of [...(this.#subjects.get(subject) ?? [])]) {
      const entry = this.#find(id);
      if (entry?.subject === subject) yield { id, expiresAt: entry.expiresAt };
    }
  }

  prune(): number {
    const now = this.#now();
    let dropped = 0;
    for (const [id, entry] of this.#entries) {
      if (entry.expiresAt > now) continue;
      this.#drop(id, entry);
      dropped++;
    }
    return dropped;
  }

  close(): void {
    this.#entries.clear();
    this.#subjects.clear();
  }

  #find(id: string): Entry | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.expiresAt > this.#now()) return entry;
    this.#drop(id, entry);
    return undefined;
  }

  #drop(id: string, entry: Entry): void {
    this.#entries.delete(id);
    this.#unlist(id, entry);
  }

  #dropSomeExpired(): void {
    const now = this.#now();
    for (let looked = 0; looked < SWEPT; looked++) {
      const { done, value } = this.#sweep.next();
      if (done) {
        this.#sweep = this.#entries.entries();
        return;
      }
      const [id, entry] = value;
      if (entry.expiresAt <= now) this.#drop(id, entry);
    }
  }

  #list(id: string, subject: string): void {
    const ids = this.#subjects.get(subject);
    if (ids === undefined) this.#subjects.set(subject, new Set([id]));
    else ids.add(id);
  }

  #unlist(id: string, { subject }: Entry): void {
    if (subject === undefined) return;
    const ids = this.#subjects.get(subject);
    ids?.delete(id);
    if (ids?.size === 0) this.#subjects.delete(subject);
  }
}
