/** The statements on the table of records, each made once: what they are given -> rows, or whether they changed one. */

import { type PreparedStatement, prepare, type SqliteDatabase, type SqliteValue } from './handle.ts';

interface Row {
  data: Uint8Array;
  version: string;
  expires_at: number;
}

interface NewRow {
  id: string;
  data: Uint8Array;
  version: string;
  expiresAt: number;
  subject: string | undefined;
}

/** Rows that expire at `now` or before count as absent throughout. */
export interface Table {
  find(id: string, now: number): Row | undefined;
  /** Whatever is there. */
  put(row: NewRow): boolean;
  /** Only where nothing is. */
  create(row: NewRow, now: number): boolean;
  /** Only the version. */
  replace(row: NewRow, version: string, now: number): boolean;
  remove(id: string, now: number): boolean;
  touch(id: string, expiresAt: number, now: number): boolean;
  list(subject: string, now: number): { id: string; expiresAt: number }[];
  /** Removes some of those that have expired, at most `MOST_REMOVED`. @returns how many. */
  removeExpired(now: number): number;
}

/**
 * A hundred rows lie on up to three hundred pages, some milliseconds of work; a checkpoint of the log may come on top.
 * For so long this process does nothing else, and no other can write.
 */
export const MOST_REMOVED = 100;

/**
 * @param name of letters, digits and `_`.
 * @throws the error of the driver, where the table is missing or has other columns.
 */
export function prepareTable(database: SqliteDatabase, name: string): Table {
  const find = prepare(database, `SELECT data, version, expires_at FROM "${name}" WHERE id = ? AND expires_at > ?`);
  const list = prepare(
    database,
    `SELECT id, expires_at AS expiresAt FROM "${name}" WHERE subject = ? AND expires_at > ?`,
  );
  const upsert = `INSERT INTO "${name}" (id, data, version, expires_at, subject) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE
    SET data = excluded.data, version = excluded.version, expires_at = excluded.expires_at, subject = excluded.subject`;
  const put = prepare(database, upsert);
  const create = prepare(database, `${upsert} WHERE "${name}".expires_at <= ?`);
  const replace = prepare(
    database,
    `UPDATE "${name}" SET data = ?, version = ?, expires_at = ?, subject = ? WHERE id = ? AND version = ? AND expires_at > ?`,
  );
  const remove = prepare(database, `DELETE FROM "${name}" WHERE id = ? AND expires_at > ?`);
  const touch = prepare(database, `UPDATE "${name}" SET expires_at = ? WHERE id = ? AND expires_at > ?`);
  const expired = `SELECT rowid FROM "${name}" WHERE expires_at <= ? LIMIT ${MOST_REMOVED}`;
  const removeExpired = prepare(database, `DELETE FROM "${name}" WHERE rowid IN (${expired})`);
  return {
    // trust boundary: the columns of a strict table
    find: (id, now) => find.get(id, now) as Row | undefined,
    put: (row) => change(put, row.id, ...valuesOf(row)) === 1,
    create: (row, now) => change(create, row.id, ...valuesOf(row), now) === 1,
    replace: (row, version, now) => change(replace, ...valuesOf(row), row.id, version, now) === 1,
    remove: (id, now) => change(remove, id, now) === 1,
    touch: (id, expiresAt, now) => change(touch, expiresAt, id, now) === 1,
    // trust boundary: the columns of a strict table
    list: (subject, now) => list.all(subject, now) as { id: string; expiresAt: number }[],
    removeExpired: (now) => change(removeExpired, now),
  };
}

function valuesOf({ data, version, expiresAt, subject }: NewRow): SqliteValue[] {
  return [data, version, expiresAt, subject ?? null];
}

/**
 * How many rows changed says whether the condition held. Not RETURNING: node:sqlite takes the first row and leaves the statement
 * there, and what then goes wrong with the commit it does not say.
 */
function change(statement: PreparedStatement, ...values: SqliteValue[]): number {
  return Number(statement.run(...values).changes); // a bigint where the database is set to give these
}
