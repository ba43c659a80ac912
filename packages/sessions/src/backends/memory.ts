/** A backend in this process's memory: for tests, for development, and for one server whose sessions may end with it. */

import { checkOptions } from '../options.ts';
import type { ManagedBackend, StoredRecord } from './backend.ts';
import { type Clock, readClock } from './kit/clock.ts';
import { rememberMemory } from './kit/memories.ts';
import { backendOf, type Row, type Rows } from './kit/rows.ts';

/** Options of `memory()`. */
export interface MemoryOptions {
  /** Returns seconds since the epoch. Default: the machine's clock. */
  now?: () => number;
}

/** Rows that a step of the sweep looks at: four for each write since the last step. */
const STEP = 256;

/**
 * Keeps records in this process's memory. They end with the process. Every method except `list` returns its plain result, not a promise.
 *
 * Expired records are removed in passing, in the order in which they were created: each 64th `set` looks at the next 256 records. So a record
 * that expires among N others is removed within the next N / 3 calls of `set` or so. `prune` removes all of them.
 *
 * @throws {TypeError} on an unknown option, and if `now` is not a function.
 * @example
 * import { memory, serverStore } from 'sealring';
 * import { generateKey } from '@sealring/codec';
 * const store = serverStore({ keys: [generateKey()], backend: memory() });
 */
export function memory(options: MemoryOptions = {}): ManagedBackend {
  const given = checkOptions('memory()', options, ['now']);
  const now = readClock(given.now);
  const backend = backendOf(new MemoryRows(), { cas: 'atomic', now, where: 'memory', inProcess: true });
  rememberMemory(backend, now);
  return backend;
}

class MemoryRows implements Rows {
  readonly #rows = new Map<string, Row>();
  readonly #subjects = new Map<string, Set<string>>();

  read(id: string): StoredRecord | undefined {
    const row = this.#rows.get(id);
    return row && { data: new Uint8Array(row.data), version: row.version, expiresAt: row.expiresAt };
  }

  write(id: string, row: Row, over: StoredRecord | null | undefined, now: Clock): boolean {
    const present = this.#rows.get(id);
    const version = present !== undefined && present.expiresAt > now() ? present.version : undefined;
    if (over !== undefined && version !== over?.version) return false;
    if (present !== undefined && present.subject !== row.subject) this.#unlist(id, present);
    this.#rows.set(id, row);
    this.#list(id, row);
    return true;
  }

  remove(id: string, now: Clock): boolean {
    const row = this.#rows.get(id);
    if (row === undefined) return false;
    this.#drop(id, row);
    return row.expiresAt > now();
  }

  async *list(subject: string): AsyncGenerator<{ id: string; expiresAt: number }> {
    for (const id of [...(this.#subjects.get(subject) ?? [])]) {
      const row = this.#rows.get(id);
      if (row?.subject === subject) yield { id, expiresAt: row.expiresAt };
    }
  }

  /** Between two steps rows come and go: the iterator of a Map visits those that came and skips those that went. */
  *removeExpired(now: Clock): Generator<number> {
    let looked = 0;
    let removed = 0;
    for (const [id, row] of this.#rows) {
      if (row.expiresAt <= now()) {
        this.#drop(id, row);
        removed++;
      }
      if (++looked % STEP !== 0) continue;
      yield removed;
      removed = 0;
    }
    yield removed;
  }

  close(): void {
    this.#rows.clear();
    this.#subjects.clear();
  }

  #drop(id: string, row: Row): void {
    this.#rows.delete(id);
    this.#unlist(id, row);
  }

  #list(id: string, { subject }: Row): void {
    if (subject === undefined) return;
    const ids = this.#subjects.get(subject);
    if (ids === undefined) this.#subjects.set(subject, new Set([id]));
    else ids.add(id);
  }

  #unlist(id: string, { subject }: Row): void {
    if (subject === undefined) return;
    const ids = this.#subjects.get(subject);
    ids?.delete(id);
    if (ids?.size === 0) this.#subjects.delete(subject);
  }
}
