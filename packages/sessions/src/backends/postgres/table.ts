/** The name of a table -> the SQL that makes it, for a migration or for `createTable()`. */

import { checkBoolean, checkOptions, describe } from '../../options.ts';

/** Options of `postgresMigration()`: what the table is called, and what a crash may take. */
export interface PostgresMigrationOptions {
  /** `table` or `schema.table`. Default: 'sealring_sessions'. */
  table?: string;
  /**
   * Default: false. Writes to an unlogged table do not wait for the disk, so they are quicker, but it is empty after a crash of the
   * server, and on its replicas: every visitor then has to log in again. An orderly restart keeps what is in it.
   */
  unlogged?: boolean;
}

export interface Table {
  /** Quoted, with the schema if one was given. */
  readonly sql: string;
  /** As the caller gave it. */
  readonly name: string;
  /** Without the schema. */
  readonly plainName: string;
}

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Characters. PostgreSQL cuts names after 63. */
const MAX_SCHEMA = 63;
/** Characters. The names of the indexes are longer by `_expires_at`. */
const MAX_TABLE = 52;

/** @throws {TypeError} when it is no `table` or `schema.table` of plain identifiers. */
export function readTable(table: unknown = 'sealring_sessions'): Table {
  const [plainName = '', schema, ...more] = typeof table === 'string' ? table.split('.').reverse() : [];
  const isTable = isIdentifier(plainName, MAX_TABLE) && (schema === undefined || isIdentifier(schema, MAX_SCHEMA));
  if (typeof table !== 'string' || !isTable || more.length > 0) {
    const expected = `'table' or 'schema.table' of letters, digits and _, the table of up to ${MAX_TABLE} characters`;
    throw new TypeError(`"table" expected ${expected}, got ${describe(table)}`);
  }
  return { sql: schema === undefined ? `"${plainName}"` : `"${schema}"."${plainName}"`, name: table, plainName };
}

/**
 * The SQL that makes the table and its indexes where they are not there yet, for those who have migrations of their own. The table may
 * have further columns with defaults; the role that the sessions run under needs SELECT, INSERT, UPDATE and DELETE on it. A schema is
 * not made.
 *
 * @throws {TypeError} on an option that is unknown or of another type, and a table that is no plain name.
 * @example
 * import { postgresMigration } from 'sealring/postgres';
 * console.log(postgresMigration({ table: 'app.sessions' })); // CREATE TABLE IF NOT EXISTS "app"."sessions" (…
 */
export function postgresMigration(options: PostgresMigrationOptions = {}): string {
  const { table, unlogged = false } = checkOptions('postgresMigration()', options, ['table', 'unlogged']);
  return formatMigration(readTable(table), checkBoolean('unlogged', unlogged));
}

function formatMigration({ sql, plainName }: Table, unlogged: boolean): string {
  return `CREATE ${unlogged ? 'UNLOGGED ' : ''}TABLE IF NOT EXISTS ${sql} (
  id text COLLATE "C" PRIMARY KEY, -- hashed
  data bytea NOT NULL, -- sealed
  version text COLLATE "C" NOT NULL, -- another one after every write
  expires_at double precision NOT NULL, -- seconds since the epoch
  subject text COLLATE "C" -- hashed
);
ALTER TABLE ${sql} ALTER COLUMN data SET STORAGE EXTERNAL; -- what is sealed cannot be compressed
CREATE INDEX IF NOT EXISTS "${plainName}_expires_at" ON ${sql} (expires_at);
CREATE INDEX IF NOT EXISTS "${plainName}_subject" ON ${sql} (subject, id) WHERE subject IS NOT NULL;
`;
}

/**
 * One statement, so all or nothing, and for one process at a time: IF NOT EXISTS alone fails where two come at once. What is there is
 * not touched, which a role that may not create tables could not do.
 */
export function formatCreation(table: Table, unlogged: boolean): string {
  return `DO $sealring$ BEGIN
PERFORM pg_advisory_xact_lock(hashtextextended('sealring createTable()', 0));
IF to_regclass('${table.sql}') IS NULL THEN
${formatMigration(table, unlogged)}END IF;
END $sealring$`;
}

function isIdentifier(name: string, max: number): boolean {
  return name.length <= max && IDENTIFIER.test(name);
}
