/** A backend in a table of PostgreSQL, through the caller's own client: pg 8 or postgres.js 3. */

import { randomBytes } from './ambient.ts';
import type { Backend, SetOptions, StoredRecord, Version } from './backend.ts';
import { readClock } from './clock.ts';
import { checkOptions } from './options.ts';
import type { Ask, PostgresClient, Value } from './postgres/client.ts';
import { driverOf } from './postgres/client.ts';
import { explained, persistent } from './postgres/failures.ts';
import { decodeHex } from './postgres/hex.ts';
import type { Statements } from './postgres/statements.ts';
import { BATCH, formatStatements, PAGE } from './postgres/statements.ts';
import type { PostgresMigrationOptions } from './postgres/table.ts';
import { formatCreation, readFlag, readTable } from './postgres/table.ts';
import { encodeBase64url } from './text.ts';

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

/** What `postgres()` gives: a backend with every optional method, and one that makes its table. */
export interface PostgresBackend extends Backend {
  /** Makes the table and its indexes if the table is not there; however many processes ask at once. Leaves alone what is there. */
  createTable(): Promise<void>;
  list(subject: string): AsyncIterable<{ id: string; expiresAt: number }>;
  prune(): Promise<number>;
  close(): Promise<void>;
}

/** Writes after which some expired rows are removed. */
const SWEEP_EVERY = 64;

/**
 * Keeps each record in a row. A call is one statement, so one round trip, and atomic at every isolation level: where the connection's
 * is above read committed, what fails to serialize is asked again up to 30 times.
 *
 * Expired rows are removed in passing: after every 64th write up to 100 of them, in the background. `prune` removes all, 1,000 at a time;
 * readers do not wait for it. `list` asks for 500 rows at a time. `close` waits for what runs in the background; the client stays open, it is
 * the caller's.
 *
 * What to set on the client:
 * - pg: give a `Pool`, and listen: `pool.on('error', …)`. An idle connection that the server cuts is an `error` event, and without a
 *   listener that ends the process. A `Client` works until it loses its connection, then never again.
 * - A call waits as long as the driver does. For pg that is for ever without `connectionTimeoutMillis` and `query_timeout`;
 *   postgres.js has `connect_timeout` and nothing against a server that falls silent. `statement_timeout`, which the server keeps, works
 *   with both. A call that ends in an error may have been done: the answer got lost.
 *
 * @param client a `Pool` or `Client` of pg, or what `postgres()` of postgres.js gives; not within a transaction.
 * @throws {TypeError} on another client, an unknown option, a table that is no plain name, and a clock that is not a function. Names
 *   are quoted, so that upper case counts.
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
  checkOptions('postgres()', options, ['now', 'table', 'unlogged', 'prepare']);
  const table = readTable(options.table);
  const ask = explained(persistent(driverOf(client, readFlag('prepare', options.prepare, true))), table);
  const creation = formatCreation(table, readFlag('unlogged', options.unlogged, false));
  return new PostgresTable(ask, formatStatements(table.sql), creation, readClock(options.now));
}

class PostgresTable implements PostgresBackend {
  readonly cas = 'atomic';
  readonly #ask: Ask;
  readonly #statements: Statements;
  readonly #creation: string;
  readonly #now: () => number;
  #writes = 0;
  #sweep: Promise<unknown> | undefined;

  constructor(ask: Ask, statements: Statements, creation: string, now: () => number) {
    this.#ask = ask;
    this.#statements = statements;
    this.#creation = creation;
    this.#now = now;
  }

  async createTable(): Promise<void> {
    await this.#ask(this.#creation, []);
  }

  async get(id: string): Promise<StoredRecord | undefined> {
    const [row] = await this.#ask(this.#statements.get, [id]);
    if (row === undefined) return undefined;
    const [hex = '', version = '', expiry] = row;
    const expiresAt = Number(expiry);
    return expiresAt > this.#now() ? { data: decodeHex(hex), version, expiresAt } : undefined;
  }

  async set(id: string, data: Uint8Array, { expiresAt, ifVersion, subject }: SetOptions): Promise<Version | false> {
    const version = encodeBase64url(randomBytes(12));
    const record = [id, new Uint8Array(data), version, expiresAt, subject ?? null]; // the caller's data may change meanwhile
    const rows = await this.#put(record, ifVersion);
    if (rows.length === 0) return false;
    if (++this.#writes % SWEEP_EVERY === 0) this.#sweepSome();
    return version;
  }

  async delete(id: string): Promise<boolean> {
    const [row] = await this.#ask(this.#statements.delete, [id, this.#now()]);
    return row?.[0] === 'true';
  }

  async touch(id: string, expiresAt: number): Promise<boolean> {
    const rows = await this.#ask(this.#statements.touch, [id, expiresAt, this.#now()]);
    return rows.length > 0;
  }

  async *list(subject: string): AsyncGenerator<{ id: string; expiresAt: number }> {
    let last = '';
    for (;;) {
      const rows = await this.#ask(this.#statements.list, [subject, this.#now(), last]);
      for (const [id = '', expiry] of rows) {
        yield { id, expiresAt: Number(expiry) };
        last = id;
      }
      if (rows.length < PAGE) return;
    }
  }

  async prune(): Promise<number> {
    const now = this.#now();
    let total = 0;
    let from = -Infinity;
    for (;;) {
      const [[pruned, found, latest] = []] = await this.#ask(this.#statements.prune, [now, from]);
      total += Number(pruned);
      const isHeldByOthers = pruned === '0' && Number(latest) === from; // all that expired at one moment
      if (Number(found) < BATCH || isHeldByOthers) return total;
      from = Number(latest);
    }
  }

  async close(): Promise<void> {
    await this.#sweep;
  }

  #put(record: Value[], ifVersion: Version | null | undefined): Promise<string[][]> {
    if (ifVersion === undefined) return this.#ask(this.#statements.put, record);
    if (ifVersion === null) return this.#ask(this.#statements.create, [...record, this.#now()]);
    return this.#ask(this.#statements.replace, [...record, this.#now(), ifVersion]);
  }

  /** Nobody waits for it, and nobody is told of a failure: `prune` says what is wrong, and the next round tries again. */
  #sweepSome(): void {
    if (this.#sweep !== undefined) return;
    const finish = () => (this.#sweep = undefined);
    this.#sweep = this.#ask(this.#statements.sweep, [this.#now(), -Infinity]).then(finish, finish);
  }
}
