/** Any store made for express-session -> a backend. */

import { createVersion } from '../../ambient.ts';
import { SessionError } from '../../error.ts';
import { checkOptions, describe } from '../../options.ts';
import { nameOf } from '../../text.ts';
import type { Backend, StoredRecord } from '../backend.ts';
import { type Clock, readClock } from '../kit/clock.ts';
import { createQueue, type Queue } from '../kit/queue.ts';
import { backendOf, type ClosableBackend, type Row, type Rows } from '../kit/rows.ts';
import { call } from './callbacks.ts';
import { type ForeignSession, formatEnvelope, type KeptRow, parseEnvelope } from './envelope.ts';

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
  /** Returns seconds since the epoch. Default: the machine's clock. */
  now?: () => number;
  /**
   * How far compare-and-set can be relied on. Default 'process': within this process only. Say 'atomic' if only this process uses the
   * storage, and 'none' if several do.
   */
  cas?: Backend['cas'];
}

const CAS: readonly unknown[] = ['atomic', 'process', 'none'];
/** Seconds after which the store may drop the record that shows whether `all` can be trusted. */
const PROOF_LIFETIME = 60;

/** One for each store, however many backends are made of it: they change its records in turn. */
const queues = new WeakMap<object, Queue>();

/**
 * Keeps records in a store that was made for express-session. Such a store cannot compare and set, so compare-and-set is a read and a write in
 * turn, and other processes do not wait for that turn. The store gets hashed ids, and sessions with a cookie by which it knows when they end;
 * whether a record has expired is decided here.
 *
 * If the store has the method `all`, the backend can list and prune, each of which reads everything the store has. `list` throws
 * if `all` leaves out what `set` has just written: a `revokeAll` that finds nothing must not look like one that has ended everything.
 *
 * @param store stays open when the backend is closed.
 * @throws {TypeError} on a store without get, set or destroy, on an unknown option, and if `now` is not a function.
 * @throws {RangeError} on another `cas`.
 * @example
 * import session from 'express-session';
 * import { serverStore } from 'sealring';
 * import { fromExpressStore } from 'sealring/express-session';
 * const backend = fromExpressStore(new session.MemoryStore()); // or of a connect-* package
 * const store = serverStore({ keys: [process.env.SESSION_KEY!], backend });
 */
export function fromExpressStore(store: ForeignStore, options: FromExpressStoreOptions = {}): ClosableBackend {
  for (const method of ['get', 'set', 'destroy'] as const) {
    if (typeof store?.[method] === 'function') continue;
    throw new TypeError(`"store" expected a store with get, set and destroy, got ${describe(store)}`);
  }
  const given = checkOptions('fromExpressStore()', options, ['now', 'cas']);
  const { cas = 'process' } = given;
  if (!CAS.includes(cas)) {
    throw new RangeError(`"cas" expected 'atomic', 'process' or 'none', got ${describe(cas)}`);
  }
  const now = readClock(given.now);
  return backendOf(new ForeignRows(store, now), { cas, now, where: 'a store of express-session' });
}

class ForeignRows implements Rows {
  readonly list?: NonNullable<Rows['list']>;
  readonly #store: ForeignStore;
  readonly #now: Clock;
  readonly #queue: Queue;
  /** Whether `all` has been seen to return what `set` was given. */
  #isProven = false;

  constructor(store: ForeignStore, now: Clock) {
    this.#store = store;
    this.#now = now;
    this.#queue = queues.get(store) ?? createQueue();
    queues.set(store, this.#queue);
    if (typeof store.all === 'function') this.list = (subject) => this.#list(subject);
  }

  async read(id: string): Promise<StoredRecord | undefined> {
    const row = parseEnvelope(await call(this.#store, this.#store.get, nameOf(id)).catch(absentAsUndefined));
    return row?.id === id ? { data: row.data, version: row.version, expiresAt: row.expiresAt } : undefined;
  }

  async write(id: string, row: Row, over: StoredRecord | null | undefined, now: Clock): Promise<boolean> {
    return await this.#queue(id, async () => {
      if (over !== undefined && (await this.#find(id, now))?.version !== over?.version) return false;
      await this.#put({ ...row, id });
      return true;
    });
  }

  async remove(id: string, now: Clock): Promise<boolean> {
    return await this.#queue(id, async () => {
      const found = await this.#find(id, now);
      if (found !== undefined) await this.#remove(id);
      return found !== undefined;
    });
  }

  async *#list(subject: string): AsyncGenerator<{ id: string; expiresAt: number }> {
    const rows = this.#isProven ? await this.#all() : await this.#prove();
    for (const { id, expiresAt, subject: theirs } of rows) if (theirs === subject) yield { id, expiresAt };
  }

  /** Writes a record and looks for it among all: some stores forget a prefix, return strings, or stop after a page. */
  async #prove(): Promise<KeptRow[]> {
    const version = createVersion();
    const proof = { id: `proof-${version}`, data: new Uint8Array(), version, subject: undefined };
    await this.#put({ ...proof, expiresAt: this.#now() + PROOF_LIFETIME });
    try {
      const rows = await this.#all();
      this.#isProven = rows.some(({ id }) => id === proof.id);
      if (this.#isProven) return rows;
    } finally {
      await this.#remove(proof.id);
    }
    const message = 'Cannot list sessions: all() of the store does not return what its set() was given';
    throw new SessionError('ERR_SESSION_BACKEND', message);
  }

  async #find(id: string, now: Clock): Promise<StoredRecord | undefined> {
    const row = await this.read(id);
    return row !== undefined && row.expiresAt > now() ? row : undefined;
  }

  async #put(row: KeptRow): Promise<void> {
    await call(this.#store, this.#store.set, nameOf(row.id), formatEnvelope(row, this.#now()));
  }

  async #remove(id: string): Promise<void> {
    await call(this.#store, this.#store.destroy, nameOf(id)).catch(absentAsUndefined);
  }

  async #all(): Promise<KeptRow[]> {
    const sessions = await call(this.#store, this.#store.all);
    const values: unknown[] = typeof sessions === 'object' && sessions !== null ? Object.values(sessions) : [];
    return values.map(parseEnvelope).filter((row) => row !== undefined);
  }
}

/** express-session takes an error with this code for no session, and stores in files give it. */
function absentAsUndefined(error: unknown): undefined {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
