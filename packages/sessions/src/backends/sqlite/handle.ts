/** What is asked of a database: so little that the handles of node:sqlite and of better-sqlite3 both have it. */

export type SqliteValue = string | number | Uint8Array | null;

/** A `DatabaseSync` of node:sqlite and a `Database` of better-sqlite3 are such. */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): SqliteStatement;
}

/** What `prepare` of either gives. What it takes, each types in a way of its own, and no wider type fits both. */
export interface SqliteStatement {
  run(...values: never[]): { changes: number | bigint };
  get(...values: never[]): unknown;
  all(...values: never[]): unknown[];
  /** Of node:sqlite, where a database may be opened so that rows are arrays. */
  setReturnArrays?(enabled: boolean): void;
}

/** The same, to be called. */
export interface PreparedStatement {
  run(...values: SqliteValue[]): { changes: number | bigint };
  get(...values: SqliteValue[]): unknown;
  all(...values: SqliteValue[]): unknown[];
}

export function isDatabase(value: unknown): value is SqliteDatabase {
  if (typeof value !== 'object' || value === null || !('exec' in value) || !('prepare' in value)) return false;
  return typeof value.exec === 'function' && typeof value.prepare === 'function';
}

/** @returns a statement whose rows are objects, whatever the database does by default. */
export function prepare(database: SqliteDatabase, sql: string): PreparedStatement {
  const statement = database.prepare(sql);
  statement.setReturnArrays?.(false);
  return statement as PreparedStatement; // trust boundary: both drivers bind these values
}
