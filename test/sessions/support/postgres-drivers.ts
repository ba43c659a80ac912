/** The drivers of PostgreSQL that `postgres()` takes, opened in one manner. */
import { Pool } from 'pg';
import connectPostgres from 'postgres';
import type { PostgresClient } from '../../../packages/sessions/src/backends/postgres.ts';

export interface Settings {
  /** Connections. Default: 10. */
  max?: number;
  /** Of the server, for each connection. */
  session?: Readonly<Record<string, string>>;
}

export interface OpenClient {
  readonly client: PostgresClient;
  /** Ends it, whatever has become of the server. */
  end(): Promise<void>;
}

export interface Driver {
  readonly name: string;
  open(url: string, settings?: Settings): OpenClient;
}

export const drivers: readonly Driver[] = [
  {
    name: 'pg',
    open(url, { max = 10, session = {} } = {}) {
      const options = Object.entries(session).map(([name, value]) => `-c ${name}=${value.replaceAll(' ', '\\ ')}`);
      const pool = new Pool({
        connectionString: url,
        max,
        connectionTimeoutMillis: 10_000,
        options: options.join(' '),
      });
      pool.on('error', () => {}); // an idle connection was lost
      return { client: pool, end: () => pool.end() };
    },
  },
  {
    name: 'postgres.js',
    open(url, { max = 10, session = {} } = {}) {
      const options = { max, connection: { ...session }, connect_timeout: 10, backoff: () => 0.02, onnotice: () => {} };
      const sql = connectPostgres(url, options);
      return { client: sql, end: () => sql.end({ timeout: 1 }) };
    },
  },
];

/** @throws {Error} when there is no driver of the name. */
export function driverNamed(name: string): Driver {
  const driver = drivers.find((one) => one.name === name);
  if (driver === undefined) throw new Error(`No driver ${name}`);
  return driver;
}
