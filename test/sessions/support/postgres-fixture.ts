/** A PostgreSQL of its own for a test file, with clients and tables that go at the end. */
import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'pg';
import { afterAll, beforeAll } from 'vitest';
import {
  type PostgresBackend,
  type PostgresClient,
  type PostgresOptions,
  postgres,
} from '../../../packages/sessions/src/backends/postgres.ts';
import type { Driver, OpenClient, Settings } from './postgres-drivers.ts';
import { missing, startPostgres } from './servers.ts';

type Server = Awaited<ReturnType<typeof startPostgres>>;

/** Starts before the tests of the file and ends after them; where the machine has no PostgreSQL, neither. */
export function usePostgres(...settings: readonly string[]): PostgresFixture {
  const fixture = new PostgresFixture();
  beforeAll(async () => {
    if (missing('postgres') === undefined) fixture.server = await startPostgres('max_connections=500', ...settings);
  });
  afterAll(() => fixture.remove());
  return fixture;
}

export class PostgresFixture {
  #server: Server | undefined;
  #admin: Pool | undefined;
  #tables = 0;
  readonly #opened: OpenClient[] = [];

  get server(): Server {
    if (this.#server === undefined) throw new Error('PostgreSQL has not been started');
    return this.#server;
  }

  set server(server: Server) {
    this.#server = server;
  }

  /** Connections beside those that are tested. */
  get admin(): Pool {
    if (this.#admin !== undefined) return this.#admin;
    this.#admin = new Pool({ connectionString: this.server.url, max: 4 });
    this.#admin.on('error', () => {}); // the server was stopped
    return this.#admin;
  }

  /** @param url of something that stands between. Default: the server's. */
  open(driver: Driver, settings?: Settings, url: string = this.server.url): PostgresClient {
    const opened = driver.open(url, settings);
    this.#opened.push(opened);
    return opened.client;
  }

  newTable(): string {
    return `sessions_${++this.#tables}`;
  }

  /** @returns a backend with a new table, which has been made. */
  async create(client: PostgresClient, options: PostgresOptions = {}): Promise<PostgresBackend> {
    const backend = postgres(client, { table: this.newTable(), ...options });
    await backend.createTable();
    return backend;
  }

  async remove(): Promise<void> {
    const ends = [...this.#opened.map(({ end }) => end()), this.#admin?.end()];
    await Promise.race([Promise.allSettled(ends), wait(5_000)]); // a test that failed may have kept a connection
    await this.#server?.remove();
  }
}
