/** A backend in a table of PostgreSQL, through the caller's own client: pg 8 or postgres.js 3. */

import { SessionError } from '../error.ts';
import { checkBoolean, checkOptions } from '../options.ts';
import type { ManagedBackend, StoredRecord } from './backend.ts';
import { type Clock, readClock } from './kit/clock.ts';
import { backendOf, type PrunableRows, type Row } from './kit/rows.ts';
import type { Ask, PostgresClient } from './postgres/client.ts';
import { driverOf } from './postgres/client.ts';
import { explainPostgres, persistent } from './postgres/failures.ts';
import { decodeHex } from './postgres/hex.ts';
import type { Statements } from './postgres/statements.ts';
import { BATCH, formatStatements, PAGE } from './postgres/statements.ts';
import type { PostgresMigrationOptions } from './postgres/table.ts';
import { formatCreation, readTable } from './postgres/table.ts';

export type { PgClient, PostgresClient, PostgresJsClient } from './postgres/client.ts';
export type { PostgresMigrationOptions } from './postgres/table.ts';
export { postgresMigration } from './postgres/table.ts';

/** Options of `postgres()`. */
export interface PostgresOptions extends PostgresMigrationOptions {
  /** Seconds since the epoch, by which records expire; the clock of the server counts for nothing. Default: the machine's clock. */
  now?: () => number;
  /**
   * Default: true, each statement is prepared once for every connection. False behind a pooler that gives every statement another
   * connection and knows no prepared ones: PgBouncer in transaction mode, unless its `max_prepared_statements` is set (since 1.21).
   * postgres.js then takes two round trips for a call.
   */
  prepare?: boolean;
}

/** What `postgres()` returns: a backend that can create its table. */
export interface PostgresBackend extends ManagedBackend {
  /** Creates the table and its indexes if there is no such table, however many processes ask at once. Changes nothing if there is one. */
  createTable(): Promise<void>;
}

/**
 * Keeps each record in a row. A call is one statement, so one round trip, and atomic at every isolation level: where the connection's
 * is above read committed, what fails to serialize is asked again for up to 10 seconds.
 *
 * Expired rows are removed in the background, up to 1,000 after every 64th write, an hour after they have expired: this machine's clock may be
 * ahead of others'. `prune` removes all that have expired, 1,000 at a time; readers do not wait for it. `list` asks for 500 rows at a time.
 * `close` waits for what runs in the background. The client stays yours: `close` leaves it open.
 *
 * What to set on the client:
 * - pg: give a `Pool`, and listen: `pool.on('error', …)`. An idle connection that the server cuts is an `error` event, and without a
 *   listener that ends the process. A `Client` works until it loses its connection, then never again.
 * - A call waits as long as the driver does. For pg that is for ever without `connectionTimeoutMillis` and `query_timeout`;
 *   postgres.js has `connect_timeout` and nothing against a server that falls silent. `statement_timeout`, which the server keeps, works
 *   with both. A call that ends in an error may have been done: the answer got lost.
 *
 * @param client a `Pool` or a connected `Client` of pg, or what `postgres()` of postgres.js returns; not within a transaction.
 * @throws {TypeError} on a client that cannot work, an unknown option, a table that is no plain name, and a clock that is not a function. Names
 *   are quoted, so upper case counts.
 * @example
 * import { Pool } from 'pg';
 * import { serverStore } from 'sealring';
 * import { postgres } from 'sealring/postgres';
 * const connectionString = process.env.DATABASE_URL!;
 * const pool = new Pool({ connectionString, connectionTimeoutMillis: 5_000, query_timeout: 10_000 });
 * pool.on('error', (error) => console.error(error)); // an idle connection was lost
 * const backend = postgres(pool);
 * await backend.createTable(); // or postgresMigration() in a migration
 * const store = serverStore({ keys: [process.env.SESSION_KEY!], backend });
 *
 * await backend.close(); // when the process ends
 * await pool.end();
 */
export function postgres(client: PostgresClient, options: PostgresOptions = {}): PostgresBackend {
  const given = checkOptions('postgres()', options, ['now', 'table', 'unlogged', 'prepare']);
  const { prepare = true, unlogged = false } = given;
  const table = readTable(given.table);
  const ask = persistent(driverOf(client, checkBoolean('prepare', prepare)));
  const creation = formatCreation(table, checkBoolean('unlogged', unlogged));
  const where = `the table ${table.name}`;
  const settings = { cas: 'atomic', now: readClock(given.now), where, explain: explainPostgres } as const;
  const backend = backendOf(new PostgresRows(ask, formatStatements(table.sql)), settings);
  return Object.assign(backend, {
    async createTable() {
      try {
        await ask(creation, []);
      } catch (cause) {
        const message = `Cannot create ${where}: ${explainPostgres(cause)}`;
        throw new SessionError('ERR_SESSION_BACKEND', message, { cause });
      }
    },
  });
}

class PostgresRows implements PrunableRows {
  readonly #ask: Ask;
  readonly #statements: Statements;

  constructor(ask: Ask, statements: Statements) {
    this.#ask = ask;
    this.#statements = statements;
  }

  async read(id: string): Promise<StoredRecord | undefined> {
    const [row] = await this.#ask(this.#statements.get, [id]);
    if (row === undefined) return undefined;
    const [hex = '', version = '', expiry] = row;
    return { data: decodeHex(hex), version, expiresAt: Number(expiry) };
  }

  async write(
    id: string,
    { data, version, expiresAt, subject }: Row,
    over: StoredRecord | null | undefined,
    now: Clock,
  ): Promise<boolean> {
    const { put, create, replace } = this.#statements;
    const values = [id, data, version, expiresAt, subject ?? null];
    if (over === undefined) return (await this.#ask(put, values)).length > 0;
    if (over === null) return (await this.#ask(create, [...values, now()])).length > 0;
    return (await this.#ask(replace, [...values, now(), over.version])).length > 0;
  }

  async remove(id: string, now: Clock): Promise<boolean> {
    const [row] = await this.#ask(this.#statements.delete, [id, now()]);
    return row?.[0] === 'true';
  }

  async *list(subject: string, now: Clock): AsyncGenerator<{ id: string; expiresAt: number }> {
    let last = '';
    for (;;) {
      const rows = await this.#ask(this.#statements.list, [subject, now(), last]);
      for (const [id = '', expiry] of rows) {
        yield { id, expiresAt: Number(expiry) };
        last = id;
      }
      if (rows.length < PAGE) return;
    }
  }

  async *removeExpired(now: Clock): AsyncGenerator<number> {
    let from = -Infinity;
    for (;;) {
      const [[removed, found, latest] = []] = await this.#ask(this.#statements.prune, [now(), from]);
      yield Number(removed);
      const isHeldByOthers = removed === '0' && Number(latest) === from; // all that expired at one moment
      if (Number(found) < BATCH || isHeldByOthers) return;
      from = Number(latest);
    }
  }
}
