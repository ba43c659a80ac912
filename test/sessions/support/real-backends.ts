/** Every backend on the real thing, by a description that another process can open too. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Redis } from 'ioredis';
import { Redis as Valkey } from 'iovalkey';
import pg from 'pg';
import postgresJs from 'postgres';
import { createClient } from 'redis';
import type { Backend, ManagedBackend } from '../../../packages/sessions/src/backends/backend.ts';
import { cached } from '../../../packages/sessions/src/backends/cached.ts';
import { file } from '../../../packages/sessions/src/backends/file.ts';
import { postgres } from '../../../packages/sessions/src/backends/postgres.ts';
import { redis } from '../../../packages/sessions/src/backends/redis.ts';
import { sqlite } from '../../../packages/sessions/src/backends/sqlite.ts';

/** @param at a directory, the port of a Redis, or the URL of a database. */
export interface BackendSpec {
  readonly kind: keyof typeof OPENERS;
  readonly at: string;
}

export interface OpenBackend {
  readonly backend: Backend;
  close(): Promise<void>;
}

const OPENERS = {
  file: (at: string) => owned(file(at)),
  'sqlite, node:sqlite': (at: string) => owned(sqlite(join(at, 'sessions.db'))),
  'sqlite, better-sqlite3': (at: string) => {
    const database = new Database(join(at, 'sessions.db'));
    return { backend: sqlite(database), close: async () => void database.close() };
  },
  'redis, node-redis': (at: string) => openNodeRedis(at, (backend) => backend),
  'redis, ioredis': (at: string) => {
    const client = new Redis(Number(at));
    return { backend: redis(client), close: async () => client.disconnect() };
  },
  'redis, iovalkey': (at: string) => {
    const client = new Valkey(Number(at));
    return { backend: redis(client), close: async () => client.disconnect() };
  },
  'redis behind cached(memory())': (at: string) => openNodeRedis(at, (backend) => cached(backend)),
  'postgres, pg': async (at: string) => {
    const pool = new pg.Pool({ connectionString: at });
    const backend = postgres(pool);
    await backend.createTable();
    return { backend, close: () => pool.end() };
  },
  'postgres, postgres.js': async (at: string) => {
    const sql = postgresJs(at, { onnotice: () => {} });
    const backend = postgres(sql);
    await backend.createTable();
    return { backend, close: () => sql.end() };
  },
};

/** Opens it; what it opened for itself goes when it is closed, the records stay. */
export async function openBackend({ kind, at }: BackendSpec): Promise<OpenBackend> {
  return OPENERS[kind](at);
}

/** With a listener, as without one a lost connection ends the process. */
async function openNodeRedis(port: string, wrap: (backend: Backend) => Backend): Promise<OpenBackend> {
  const client = createClient({ url: `redis://127.0.0.1:${port}` });
  client.on('error', () => {});
  await client.connect();
  return { backend: wrap(redis(client)), close: async () => client.destroy() };
}

function owned(backend: ManagedBackend): OpenBackend {
  return { backend, close: async () => backend.close() };
}
