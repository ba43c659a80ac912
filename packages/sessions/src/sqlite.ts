/** A backend in a table of SQLite: the one to take on one host. Node, Deno and Bun. */

import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { randomBytes } from './ambient.ts';
import type { Backend, SetOptions, StoredRecord, Version } from './backend.ts';
import { readClock } from './clock.ts';
import { checkDuration, checkOptions, describe } from './options.ts';
import { cannot } from './sqlite/fault.ts';
import { isDatabase, type SqliteDatabase } from './sqlite/handle.ts';
import { type OpenedDatabase, openDatabase, type SqliteDurability } from './sqlite/open.ts';
import { prepareSchema } from './sqlite/schema.ts';
import { MOST_REMOVED, prepareTable, type Table } from './sqlite/table.ts';

export type { SqliteDatabase, SqliteStatement } from './sqlite/handle.ts';
export type { SqliteDurability } from './sqlite/open.ts';

/** Options of `sqlite()`. */
export interface SqliteOptions {
  /** Seconds since the epoch, by which records expire. Default: the machine's clock. */
  now?: () => number;
  /** Name of the table: a letter or `_`, then up to 62 letters, digits and `_`. Default 'sealring_sessions'. Beside it stands `<table>_schema`. */
  table?: string;
  /**
   * What a crash keeps of the writes that were acknowledged. Default 'process': all of them when the process ends in whatever way; when
   * the machine ends, the last ones may be lost, and no record is torn. 'power': all of them then too; every write waits for the disk.
   * Only with a path.
   */
  durability?: SqliteDurability;
  /** Seconds to wait for other processes' writes, up to 600. Default 5. Only with a path. */
  busyTimeout?: number;
}

const BUSY_TIMEOUT = 5;
const MOST_BUSY_TIMEOUT = 600;

/** Writes after which some of what has expired is removed. Fewer than `MOST_REMOVED`, so that it cannot pile up. */
const SWEEP_EVERY = 64;

/** Milliseconds between two batches of `prune`. Other processes poll for the lock, so it must be free for more than an instant. */
const PAUSE = 2;

/**
 * Keeps records in one table, made at construction where it is missing. Several processes of one machine may share the database.
 * Every method but `list` and `prune` gives its plain result, no promise.
 *
 * With a path the database is opened here by node:sqlite (Node 22.13 and later, Deno, Bun), with a write-ahead log, so that nobody who
 * reads waits for one who writes; a new file has mode 0600, and `close` closes it. For a local disk: a write-ahead log does not work over
 * network file systems. SQLite waits for the writes of other processes without giving way: for up to `busyTimeout` this process stands still.
 *
 * With a handle all of that is its owner's to say: `PRAGMA journal_mode` and `synchronous`; how long to wait (`timeout`, of which
 * better-sqlite3 has 5,000 milliseconds by default and node:sqlite none, so that a write fails at once while another process writes); and
 * closing it, which `close` does not. While it is in a transaction, all that is written here is part of that, also by other requests: it
 * counts when that commits and is gone when that is rolled back. So better give sessions a handle of their own, and construct outside of one.
 *
 * Expired records are removed in passing: up to 100 after every 64th write. `prune` removes all, 100 at a time, with a pause of 2 milliseconds
 * after each batch. Their room in the file is used again, not given back.
 *
 * @param database path of a file, relative to the working directory of this moment; or a `DatabaseSync` of node:sqlite or a `Database` of
 *   better-sqlite3, for a database in memory as well.
 * @throws {TypeError} on anything else for a database, another name for a table, an unknown option, a clock that is not a function, and on
 *   a path where the runtime has no node:sqlite.
 * @throws {RangeError} on another durability or timeout, and on either with a handle.
 * @throws {SessionError} `ERR_SESSION_BACKEND`, with SQLite's error as cause: what is there cannot be opened, is no database, has a table of that
 *   name which is not ours or of a later release, or stays locked. The methods throw the same when the database fails.
 * @example
 * import { serverStore } from 'sealring';
 * import { sqlite } from 'sealring/sqlite';
 * const store = serverStore({ keys: [process.env.SESSION_KEY!], backend: sqlite('./sessions.db') });
 */
export function sqlite(database: string | SqliteDatabase, options: SqliteOptions = {}): Backend {
  checkOptions('sqlite()', options, ['now', 'table', 'durability', 'busyTimeout']);
  const now = readClock(options.now);
  const table = readTable(options.table);
  const { durability, busyTimeout } = readOpening(options);
  if (isDatabase(database)) {
    refuseOpening(options);
    return new SqliteBackend(prepareIn(database, table, busyTimeout), table, now);
  }
  const opened = openDatabase(readPath(database), durability, busyTimeout);
  try {
    return new SqliteBackend(prepareIn(opened, table, busyTimeout), table, now, opened);
  } catch (error) {
    opened.close();
    throw error;
  }
}

class SqliteBackend implements Backend {
  readonly cas = 'atomic';
  readonly #table: Table;
  readonly #name: string;
  readonly #now: () => number;
  #opened: OpenedDatabase | undefined;
  #isClosed = false;
  #writes = 0;

  /** @param opened what `close` closes. */
  constructor(table: Table, name: string, now: () => number, opened?: OpenedDatabase) {
    this.#table = table;
    this.#name = name;
    this.#now = now;
    this.#opened = opened;
  }

  get(id: string): StoredRecord | undefined {
    const row = this.#try('read', () => this.#table.find(id, this.#now()));
    if (row === undefined) return undefined;
    return { data: new Uint8Array(row.data), version: row.version, expiresAt: row.expires_at }; // a Buffer of better-sqlite3
  }

  set(id: string, data: Uint8Array, { expiresAt, ifVersion, subject }: SetOptions): Version | false {
    const version = createVersion();
    const row = { id, data, version, expiresAt, subject };
    const isWritten = this.#try('write', () => {
      if (ifVersion === undefined) return this.#table.put(row);
      if (ifVersion === null) return this.#table.create(row, this.#now());
      return this.#table.replace(row, ifVersion, this.#now());
    });
    if (isWritten && ++this.#writes % SWEEP_EVERY === 0) this.#sweep();
    return isWritten && version;
  }

  delete(id: string): boolean {
    return this.#try('delete', () => this.#table.remove(id, this.#now()));
  }

  touch(id: string, expiresAt: number): boolean {
    return this.#try('touch', () => this.#table.touch(id, expiresAt, this.#now()));
  }

  /** All are read at once: a statement that is left halfway holds back checkpoints, and better-sqlite3 allows no other meanwhile. */
  async *list(subject: string): AsyncGenerator<{ id: string; expiresAt: number }> {
    for (const { id, expiresAt } of this.#try('list', () => this.#table.list(subject, this.#now()))) {
      yield { id, expiresAt };
    }
  }

  async prune(): Promise<number> {
    const now = this.#now();
    for (let pruned = 0; ; await wait(PAUSE)) {
      if (this.#isClosed) return pruned;
      const removed = this.#try('prune', () => this.#table.removeExpired(now));
      pruned += removed;
      if (removed < MOST_REMOVED) return pruned;
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#opened?.close();
    this.#opened = undefined; // a second close() is none
  }

  /** Nobody is told of a failure: what was asked for is done, `prune` says what is wrong, and the next round tries again. */
  #sweep(): void {
    try {
      this.#table.removeExpired(this.#now());
    } catch {}
  }

  #try<Result>(verb: string, action: () => Result): Result {
    try {
      return action();
    } catch (cause) {
      throw cannot(`${verb} sessions in the table ${this.#name} of SQLite`, cause);
    }
  }
}

function prepareIn(database: SqliteDatabase, table: string, patience: number): Table {
  try {
    prepareSchema(database, table, patience);
    return prepareTable(database, table);
  } catch (cause) {
    throw cannot(`keep sessions in the table ${table} of SQLite`, cause);
  }
}

/** @returns 16 characters for 96 random bits: nothing of a deleted record is kept, so what comes after it is told from it by chance. */
function createVersion(): Version {
  return Buffer.from(randomBytes(12)).toString('base64url');
}

function readPath(database: unknown): string {
  const isPath = typeof database === 'string' && database !== '' && database !== ':memory:' && !database.includes('\0');
  if (isPath) return resolve(database); // also so that SQLite takes it for nothing else, such as a URI
  throw new TypeError(
    `"database" expected the path of a file, or a database of node:sqlite or better-sqlite3, got ${describe(database)}`,
  );
}

function readTable(table: unknown = 'sealring_sessions'): string {
  if (typeof table === 'string' && /^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(table)) return table;
  throw new TypeError(`"table" expected up to 63 letters, digits and _, no digit first, got ${describe(table)}`);
}

function readOpening(options: SqliteOptions): { durability: SqliteDurability; busyTimeout: number } {
  const { durability = 'process' } = options;
  if (durability !== 'process' && durability !== 'power') {
    throw new RangeError(`"durability" expected 'process' or 'power', got ${describe(durability)}`);
  }
  const busyTimeout = checkDuration('busyTimeout', options.busyTimeout, MOST_BUSY_TIMEOUT) ?? BUSY_TIMEOUT;
  return { durability, busyTimeout };
}

function refuseOpening({ durability, busyTimeout }: SqliteOptions): void {
  const [name] = Object.entries({ durability, busyTimeout }).find(([, value]) => value !== undefined) ?? [];
  if (name !== undefined) throw new RangeError(`"${name}" expected undefined with a handle, whose own setting holds`);
}
