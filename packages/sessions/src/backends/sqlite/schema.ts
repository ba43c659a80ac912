/** A database -> the same with a table of ours in it, of the schema that this release knows. */

import { whileBusy } from './fault.ts';
import { prepare, type SqliteDatabase } from './handle.ts';

/** Goes up with every change to what `create` makes. */
const SCHEMA = 1;

/**
 * Makes the table, and beside it a table of one number, `<table>_schema`: `user_version` may be in use by whoever owns the database.
 * Both come in one transaction, so that of several processes one makes them and none finds half. Where they are, nothing is written.
 *
 * @param patience seconds to wait for other processes.
 * @throws {Error} on a table of that name that is not ours, and on a schema that this release does not know.
 */
export function prepareSchema(database: SqliteDatabase, table: string, patience: number): void {
  whileBusy(patience, () => {
    if (!isReady(database, table)) inTransaction(database, () => create(database, table));
  });
}

/** @returns false where there is something to make. */
function isReady(database: SqliteDatabase, table: string): boolean {
  const hasTable = has(database, table);
  const version = readVersion(database, table);
  if (version === undefined && hasTable) throw new Error('a table of that name is there, made by something else');
  if (version !== undefined && version !== SCHEMA) {
    throw new Error(`the table has version ${version} of its schema, and this release knows only version ${SCHEMA}`);
  }
  return version !== undefined && hasTable;
}

function create(database: SqliteDatabase, table: string): void {
  if (isReady(database, table)) return; // another process was faster
  database.exec(`
    CREATE TABLE "${table}" (
      id TEXT PRIMARY KEY NOT NULL,
      data BLOB NOT NULL,
      version TEXT NOT NULL,
      expires_at REAL NOT NULL,
      subject TEXT
    ) STRICT;
    CREATE INDEX "${table}_by_expiry" ON "${table}" (expires_at);
    CREATE INDEX "${table}_by_subject" ON "${table}" (subject) WHERE subject IS NOT NULL;
    CREATE TABLE IF NOT EXISTS "${table}_schema" (version INTEGER NOT NULL) STRICT;
    DELETE FROM "${table}_schema";
    INSERT INTO "${table}_schema" VALUES (${SCHEMA});
  `);
}

/** @returns undefined where the table was never ours. */
function readVersion(database: SqliteDatabase, table: string): number | undefined {
  if (!has(database, `${table}_schema`)) return undefined;
  // trust boundary: max() gives one row, with a number of the strict column or null
  const row = prepare(database, `SELECT max(version) AS version FROM "${table}_schema"`).get() as { version: unknown };
  return row.version === null ? undefined : Number(row.version);
}

function has(database: SqliteDatabase, table: string): boolean {
  const sql = `SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ? COLLATE NOCASE`;
  return prepare(database, sql).get(table) !== undefined;
}

/** From its begin no one else can write, so that what `change` reads still holds when it writes. */
function inTransaction(database: SqliteDatabase, change: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    change();
    database.exec('COMMIT');
  } catch (error) {
    try {
      database.exec('ROLLBACK');
    } catch {
      // SQLite has rolled back by itself, as it does when the disk is full
    }
    throw error;
  }
}
