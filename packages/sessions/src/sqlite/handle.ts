/** What is asked of a database: so little that the handles of node:sqlite and of better-sqlite3 both have it. */

export type SqliteValue = string | number | Uint8Array | null;

/** A `DatabaseSync` of node:sqlite and a `Database` of better-sqlite3 are such. */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): SqliteStatement;
}

/** What `prepare` of either gives. */
export interface SqliteStatement {
  run(...values: SqliteValue[]): { changes: number | bigint };
  get(...values: SqliteValue[]): unknown;
  all(...values: SqliteValue[]): unknown[];
  /** Of node:sqlite, where a database may be opened so that rows are arrays. */
  setReturnArrays?(enabled: boolean): void;
}

export function isDatabase(value: unknown): value is SqliteDatabase {
  if (typeof value !== 'object' || value === null || !('exec' in value) || !('prepare' in value)) return false;
  return typeof value.exec === 'function' && typeof value.prepare === 'function';
}

/** @returns a statement whose rows are objects, whatever the database does by default. */
export function prepare(database: SqliteDatabase, sql: string): SqliteStatement {
  const statement = database.prepare(sql);
  statement.setReturnArrays?.(false);
  return statement;
}
