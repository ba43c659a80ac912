/** The quoted name of a table -> what is asked of it. One statement is one round trip, and atomic. Every column comes as a string. */

export interface Statements {
  /** id -> data, version, expiry, also if it has expired. */
  readonly get: string;
  /** id, data, version, expiry, subject -> a row. */
  readonly put: string;
  /** id, data, version, expiry, subject, now -> a row if nothing unexpired was there. */
  readonly create: string;
  /** id, data, version, expiry, subject, now, the version that must be there -> a row if it was. */
  readonly replace: string;
  /** id, now -> whether something unexpired was there, or no row. */
  readonly delete: string;
  /** subject, now, the last id of the page before or '' -> pairs of id and expiry, at most `PAGE`. */
  readonly list: string;
  /** now, the latest expiry of the batch before or -Infinity -> how many rows went, how many were found, at most `BATCH`, and their latest expiry. */
  readonly prune: string;
}

export const PAGE = 500;
/** A few milliseconds of work: nobody waits longer for a lock, nor the server for its end. */
export const BATCH = 1_000;

export function formatStatements(table: string): Statements {
  const columns = '(id, data, version, expires_at, subject) VALUES ($1, $2, $3, $4, $5)';
  const replaced = 'data = excluded.data, version = excluded.version, expires_at = excluded.expires_at';
  const put = `INSERT INTO ${table} AS present ${columns}
ON CONFLICT (id) DO UPDATE SET ${replaced}, subject = excluded.subject`;
  return {
    // Not as bytea, which the settings of the connection give another form
    get: `SELECT encode(data, 'hex'), version, expires_at::text FROM ${table} WHERE id = $1`,
    put: `${put} RETURNING version`,
    create: `${put} WHERE present.expires_at <= $6 RETURNING version`,
    replace: `UPDATE ${table} SET data = $2, version = $3, expires_at = $4, subject = $5
WHERE id = $1 AND expires_at > $6 AND version = $7 RETURNING version`,
    delete: `DELETE FROM ${table} WHERE id = $1 RETURNING (expires_at > $2)::text`,
    list: `SELECT id, expires_at::text FROM ${table} WHERE subject = $1 AND expires_at > $2 AND id > $3
ORDER BY id LIMIT ${PAGE}`,
    prune: formatPrune(table),
  };
}

/**
 * Finds by index, then locks what is still expired and nobody else works on, then deletes. Three things keep a batch small:
 * - The search has a lower limit only, and drops what has not expired afterwards. With both limits the planner, whose statistics know
 *   nothing of a table just filled or of what has expired since, expects few rows, and sorts all that have expired for each batch.
 * - It starts where the batch before ended: the index keeps what that one removed until the next vacuum.
 * - The limit stands in the statement: the planner has to know that it is after few rows.
 */
function formatPrune(table: string): string {
  return `WITH found AS MATERIALIZED (
  SELECT id, expires_at FROM (
    SELECT id, expires_at FROM ${table} WHERE expires_at >= $2 ORDER BY expires_at LIMIT ${BATCH}
  ) AS first WHERE expires_at <= $1
), gone AS (
  DELETE FROM ${table} WHERE id = ANY (ARRAY(
    SELECT id FROM ${table} WHERE id = ANY (ARRAY(SELECT id FROM found)) AND expires_at <= $1 FOR UPDATE SKIP LOCKED
  )) RETURNING id
) SELECT (SELECT count(*) FROM gone)::text, count(*)::text, coalesce(max(expires_at), $2)::text FROM found`;
}
