/** A backend in a table of SQLite: the one to take on one host. Node, Deno and Bun. */

import { resolve } from 'node:path';
import { checkDuration, checkOptions, describe } from '../options.ts';
import type { ManagedBackend } from './backend.ts';
import { readClock } from './kit/clock.ts';
import { type Durability, readDurability } from './kit/durability.ts';
import { backendOf, type PrunableRows } from './kit/rows.ts';
import { cannot, reasonOf } from './sqlite/fault.ts';
import { isDatabase, type SqliteDatabase } from './sqlite/handle.ts';
import { openDatabase } from './sqlite/open.ts';
import { prepareSchema } from './sqlite/schema.ts';
import { rowsOf } from './sqlite/table.ts';

export type { Durability } from './kit/durability.ts';
export type { SqliteDatabase, SqliteStatement } from './sqlite/handle.ts';

/** Options of `sqlite()`. */
export interface SqliteOptions {
  /** Returns seconds since the epoch, by which records expire. Default: the machine's clock. */
  now?: () => number;
  /** Name of the table: a letter or `_`, then up to 62 letters, digits and `_`. Default 'sealring_sessions'. Beside it stands `<table>_schema`. */
  table?: string;
  /**
   * What an acknowledged write survives. Default 'process': the end of the process, however it ends; when the machine ends, the last writes
   * may be lost, and no record is torn. 'power': also the end of the machine; every write then waits for the disk. Only with a path.
   */
  durability?: Durability;
  /** Seconds to wait for writes of other processes, up to 600. Default 5. Only with a path. */
  busyTimeout?: number;
}

const BUSY_TIMEOUT = 5;
const MAX_BUSY_TIMEOUT = 600;

/**
 * Keeps records in one table and makes the table if it is missing. Several processes of one machine may share the database.
 * Every method except `list` and `prune` returns its plain result, not a promise.
 *
 * With a path, node:sqlite opens the database (Node 22.13 and later, Deno, Bun), with a write-ahead log, so that no reader waits for
 * a writer. A new file has mode 0600, and `close` closes it. It must be on a local disk: a write-ahead log does not work on network file
 * systems. While SQLite waits for a write of another process, for up to `busyTimeout`, this process stands still.
 *
 * With a handle, its owner decides all of that: `PRAGMA journal_mode` and `synchronous`; how long to wait (`timeout`: 5,000 milliseconds by
 * default with better-sqlite3, none with node:sqlite, so that a write fails at once while another process writes); and when to close it.
 * While the handle is in a transaction, everything written here is part of that transaction, also by other requests: it is lost if the
 * transaction is rolled back. So give sessions a handle of their own if you can, and call `sqlite` outside of a transaction.
 *
 * Expired records are removed in passing: every 64th write removes up to 100 that expired more than an hour ago. `prune` removes all expired
 * records, 100 at a time, with a pause of 2 milliseconds after each batch. The file does not shrink; its free pages are used again.
 *
 * @param database the path of a file (a relative path is resolved when `sqlite` is called), or a `DatabaseSync` of node:sqlite or a
 *   `Database` of better-sqlite3, which may be in memory.
 * @throws {TypeError} on another database, another name for a table, an unknown option, if `now` is not a function, and on a path if the
 *   runtime has no node:sqlite.
 * @throws {RangeError} on another durability or timeout, and on either with a handle.
 * @throws {SessionError} `ERR_SESSION_BACKEND`, with SQLite's error as cause: the file cannot be opened, is no database, stays locked, or has a
 *   table of that name which is not ours or of a later release. The methods throw the same when the database fails.
 * @example
 * import { serverStore } from 'sealring';
 * import { sqlite } from 'sealring/sqlite';
 * const store = serverStore({ keys: [process.env.SESSION_KEY!], backend: sqlite('./sessions.db') });
 */
export function sqlite(database: string | SqliteDatabase, options: SqliteOptions = {}): ManagedBackend {
  const given = checkOptions('sqlite()', options, ['now', 'table', 'durability', 'busyTimeout']);
  const now = readClock(given.now);
  const table = readTable(given.table);
  const durability = readDurability(given.durability);
  const busyTimeout = checkDuration('busyTimeout', given.busyTimeout, MAX_BUSY_TIMEOUT) ?? BUSY_TIMEOUT;
  if (isDatabase(database)) checkNotGiven(given);
  const rows = isDatabase(database)
    ? prepareRows(database, table, busyTimeout, () => {})
    : openRows(readPath(database), table, durability, busyTimeout);
  return backendOf(rows, { cas: 'atomic', now, where: `the table ${table} of SQLite`, explain: reasonOf });
}

function openRows(path: string, table: string, durability: Durability, busyTimeout: number): PrunableRows {
  const opened = openDatabase(path, durability, busyTimeout);
  try {
    return prepareRows(opened, table, busyTimeout, () => opened.close());
  } catch (error) {
    opened.close();
    throw error;
  }
}

function prepareRows(database: SqliteDatabase, table: string, busyTimeout: number, close: () => void): PrunableRows {
  try {
    prepareSchema(database, table, busyTimeout);
    return rowsOf(database, table, close);
  } catch (cause) {
    throw cannot(`keep sessions in the table ${table} of SQLite`, cause);
  }
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

function checkNotGiven({ durability, busyTimeout }: SqliteOptions): void {
  const [name] = Object.entries({ durability, busyTimeout }).find(([, value]) => value !== undefined) ?? [];
  if (name !== undefined) throw new RangeError(`"${name}" expected undefined with a handle, which has its own setting`);
}
