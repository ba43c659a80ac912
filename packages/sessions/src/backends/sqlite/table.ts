/** A table of SQLite -> its rows, as the kit wants them. Every statement is prepared once. */

import type { StoredRecord } from '../backend.ts';
import { wait } from '../kit/patience.ts';
import type { PrunableRows } from '../kit/rows.ts';
import { type PreparedStatement, prepare, type SqliteDatabase, type SqliteValue } from './handle.ts';

/**
 * Expired rows that one step removes. A hundred rows lie on up to three hundred pages, some milliseconds of work; a checkpoint of the log may
 * come on top. Meanwhile this process does nothing else, and no other can write. More than the writes between two sweeps, so that
 * expired rows cannot pile up.
 */
const MAX_REMOVED = 100;

/** Milliseconds after a full step. Other processes poll for the lock, so it must be free for more than an instant. */
const PAUSE = 2;

/**
 * @param table letters, digits and `_`.
 * @param close called when the backend is closed.
 * @throws the error of the driver, if the table is missing or has other columns.
 */
export function rowsOf(database: SqliteDatabase, table: string, close: () => void): PrunableRows {
  const select = prepare(database, `SELECT data, version, expires_at AS expiresAt FROM "${table}" WHERE id = ?`);
  const upsert = `INSERT INTO "${table}" (data, version, expires_at, subject, id) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE
    SET data = excluded.data, version = excluded.version, expires_at = excluded.expires_at, subject = excluded.subject`;
  const put = prepare(database, upsert);
  const create = prepare(database, `${upsert} WHERE "${table}".expires_at <= ?`);
  const replace = prepare(
    database,
    `UPDATE "${table}" SET data = ?, version = ?, expires_at = ?, subject = ? WHERE id = ? AND version = ? AND expires_at > ?`,
  );
  const remove = prepare(database, `DELETE FROM "${table}" WHERE id = ? AND expires_at > ?`);
  const list = prepare(
    database,
    `SELECT id, expires_at AS expiresAt FROM "${table}" WHERE subject = ? AND expires_at > ?`,
  );
  const expired = `SELECT rowid FROM "${table}" WHERE expires_at <= ? LIMIT ${MAX_REMOVED}`;
  const removeSome = prepare(database, `DELETE FROM "${table}" WHERE rowid IN (${expired})`);
  return {
    read(id) {
      const row = select.get(id) as StoredRecord | undefined; // trust boundary: the columns of a strict table
      return row && { ...row, data: new Uint8Array(row.data) }; // better-sqlite3 gives a Buffer
    },
    write(id, { data, version, expiresAt, subject }, over, now) {
      const values = [data, version, expiresAt, subject ?? null, id];
      if (over === undefined) return change(put, ...values) === 1;
      if (over === null) return change(create, ...values, now()) === 1;
      return change(replace, ...values, over.version, now()) === 1;
    },
    remove: (id, now) => change(remove, id, now()) === 1,
    /** All are read at once: a statement that is left halfway holds back checkpoints, and better-sqlite3 allows no other meanwhile. */
    async *list(subject, now) {
      yield* list.all(subject, now()) as { id: string; expiresAt: number }[]; // trust boundary: the columns of a strict table
    },
    async *removeExpired(now) {
      for (let isFull = true; isFull; ) {
        const removed = change(removeSome, now());
        isFull = removed === MAX_REMOVED;
        if (isFull) await wait(PAUSE);
        yield removed;
      }
    },
    close,
  };
}

/**
 * How many rows changed says whether the condition held. Not RETURNING: node:sqlite takes the first row and leaves the statement
 * there, and does not report what then goes wrong with the commit.
 */
function change(statement: PreparedStatement, ...values: SqliteValue[]): number {
  return Number(statement.run(...values).changes); // a bigint if the database is set to give these
}
