/** Path of a file -> a database of this runtime's own SQLite, with a write-ahead log. */

import { closeSync, openSync } from 'node:fs';
import type { Durability } from '../kit/durability.ts';
import { codeOf } from '../kit/failure.ts';
import { cannot, whileBusy } from './fault.ts';
import { prepare, type SqliteDatabase } from './handle.ts';

/** Bytes. While several processes write all the time the log grows; from the first quiet moment on it takes no more than this. */
const LOG_LIMIT = 16_777_216;

export interface OpenedDatabase extends SqliteDatabase {
  close(): void;
}

/**
 * Opens the file; makes it where it is missing.
 *
 * @param busyTimeout seconds.
 * @throws {TypeError} where the runtime has no node:sqlite.
 * @throws {SessionError} `ERR_SESSION_BACKEND`, with the error of the file system or of SQLite as cause.
 */
export function openDatabase(path: string, durability: Durability, busyTimeout: number): OpenedDatabase {
  const { DatabaseSync } = nodeSqlite();
  let database: OpenedDatabase | undefined;
  try {
    createFile(path);
    database = new DatabaseSync(path);
    database.exec(`PRAGMA busy_timeout = ${Math.ceil(busyTimeout * 1000)}`);
    useWriteAheadLog(database, busyTimeout);
    database.exec(`PRAGMA journal_size_limit = ${LOG_LIMIT}`);
    // In a log, NORMAL loses nothing when a process ends. fullfsync: on macOS fsync alone does not reach the disk.
    database.exec(
      durability === 'power' ? 'PRAGMA synchronous = FULL; PRAGMA fullfsync = 1' : 'PRAGMA synchronous = NORMAL',
    );
    return database;
  } catch (error) {
    database?.close();
    throw cannot(`open the SQLite database ${path}`, error);
  }
}

/** Looked up when it is needed: Node 20 has none, and an import would fail there for those who pass a handle. */
function nodeSqlite(): ReturnType<typeof process.getBuiltinModule<'node:sqlite'>> {
  const found = process.getBuiltinModule?.('node:sqlite');
  if (found !== undefined) return found;
  throw new TypeError(
    '"database" expected a handle of better-sqlite3, as this runtime has no node:sqlite to open a path with; Node has it from 22.13 on',
  );
}

/** For its owner alone, as are then the log and the index beside it: SQLite gives them the mode of the file. */
function createFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600)); // only one that was missing: to close any other would undo this process's locks on it
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

function useWriteAheadLog(database: SqliteDatabase, busyTimeout: number): void {
  const set = () => prepare(database, 'PRAGMA journal_mode = WAL').get();
  // trust boundary: the pragma gives one row, with the mode that holds from now on
  const { journal_mode: mode } = whileBusy(busyTimeout, set) as { journal_mode: unknown };
  if (mode !== 'wal') throw new Error('a write-ahead log cannot be had there');
}
