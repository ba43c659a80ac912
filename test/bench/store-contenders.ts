/** The stores: ours and the one that most people use on the same engine, each as two functions, with the same record, client and server. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSealer } from '@sealring/codec';
import Database from 'better-sqlite3';
import sqliteStoreOf from 'better-sqlite3-session-store';
import pgStoreOf from 'connect-pg-simple';
import { RedisStore } from 'connect-redis';
import session from 'express-session';
import pg from 'pg';
import { createClient } from 'redis';
import type { Backend, StoredRecord } from 'sealring';
import { file } from 'sealring/file';
import { postgres } from 'sealring/postgres';
import { redis } from 'sealring/redis';
import { sqlite } from 'sealring/sqlite';
import fileStoreOf from 'session-file-store';
import type { CallbackStore } from './exchange.ts';
import type { JsonObject } from './fixtures.ts';
import { benchSecret } from './ours.ts';

/** Records that take turns: more than calls are ever under way, so that no two write one record. */
const RECORDS = 32;
const DAY = 86_400;

interface Contender {
  readonly name: string;
  read(): unknown;
  /** Ours compares and sets; the others set. */
  write(): unknown;
}

/** Ours twice, with and without the sealing, and theirs, which writes JSON. */
export interface Match {
  readonly engine: string;
  readonly sealed: Contender;
  readonly bytes: Contender;
  readonly peer: Contender;
  /** Times as quick as the peer's, at least. */
  readonly readBound: number;
  readonly writeBound: number;
  close(): unknown;
}

/** @param redisPort and @param postgresUrl of running servers, empty both. */
export async function createMatches(value: JsonObject, redisPort: number, postgresUrl: string): Promise<Match[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sealring-bench-'));
  const matches = [matchFiles, matchSqlite, matchRedis, matchPostgres];
  return Promise.all(matches.map((create) => create(value, { folder, redisPort, postgresUrl })));
}

interface Places {
  readonly folder: string;
  readonly redisPort: number;
  readonly postgresUrl: string;
}

async function matchFiles(value: JsonObject, { folder }: Places): Promise<Match> {
  const FileStore = fileStoreOf(session);
  const path = join(folder, 'theirs');
  const store = new FileStore({ path, ttl: DAY, reapInterval: -1, logFn: () => {} });
  const peer = await theirs('session-file-store', store, value);
  return {
    engine: 'files',
    ...(await both(file(join(folder, 'ours')), value)),
    peer,
    readBound: 0.95,
    writeBound: 2,
    close() {},
  };
}

async function matchSqlite(value: JsonObject, { folder }: Places): Promise<Match> {
  const database = new Database(join(folder, 'sessions.db'));
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
  const SqliteStore = sqliteStoreOf(session);
  const store = new SqliteStore({ client: database });
  const peer = await theirs('better-sqlite3-session-store', store, value);
  const close = () => database.close();
  return { engine: 'SQLite', ...(await both(sqlite(database), value)), peer, readBound: 0.95, writeBound: 0.95, close };
}

async function matchRedis(value: JsonObject, { redisPort }: Places): Promise<Match> {
  const client = await createClient({ url: `redis://127.0.0.1:${redisPort}` }).connect();
  const peer = await theirs('connect-redis', new RedisStore({ client, ttl: DAY }), value);
  const close = () => client.destroy();
  return { engine: 'Redis', ...(await both(redis(client), value)), peer, readBound: 1.1, writeBound: 0.7, close };
}

async function matchPostgres(value: JsonObject, { postgresUrl }: Places): Promise<Match> {
  const pool = new pg.Pool({ connectionString: postgresUrl });
  const backend = postgres(pool);
  await backend.createTable();
  const PgStore = pgStoreOf(session);
  const store = new PgStore({ pool, createTableIfMissing: true, pruneSessionInterval: false, ttl: DAY });
  const peer = await theirs('connect-pg-simple', store, value);
  const close = () => pool.end();
  return { engine: 'PostgreSQL', ...(await both(backend, value)), peer, readBound: 0.95, writeBound: 0.95, close };
}

async function both(backend: Backend, value: JsonObject): Promise<{ sealed: Contender; bytes: Contender }> {
  const sealer = createSealer({ keys: [benchSecret(0)], purpose: 'record' });
  const encode = () => new TextEncoder().encode(sealer.seal(value));
  const fixed = encode();
  const open = (data: Uint8Array) => sealer.open(new TextDecoder().decode(data)).value;
  return {
    sealed: await ours('sealring, sealed', backend, encode, open),
    bytes: await ours(
      'sealring, bytes alone',
      backend,
      () => fixed,
      (data) => data,
    ),
  };
}

async function ours(
  name: string,
  backend: Backend,
  encode: () => Uint8Array,
  decode: (data: Uint8Array) => unknown,
): Promise<Contender> {
  const ids = Array.from({ length: RECORDS }, (_, at) => `${name}-${at}`.replace(/\W+/g, '-').padEnd(43, 'x'));
  const expiresAt = Date.now() / 1000 + DAY;
  const records = new Map<string, StoredRecord>();
  let writes = 0;
  /** Writes over the record of before, as a session's save does. */
  const set = (id: string) => {
    const record = { data: encode(), version: `${name.length}-${writes++}`, expiresAt };
    const { version } = record;
    const keep = (isWritten: boolean) => {
      if (!isWritten) throw new Error(`${name} lost a record`);
      records.set(id, record);
    };
    const isWritten = backend.set(id, record.data, { version, expiresAt, over: records.get(id) ?? null });
    return isWritten instanceof Promise ? isWritten.then(keep) : keep(isWritten);
  };
  for (const id of ids) await set(id);
  let turn = 0;
  const next = () => ids[turn++ % RECORDS] ?? '';
  return {
    name,
    read() {
      const found = backend.get(next());
      return found instanceof Promise ? found.then((record) => decode(dataOf(record))) : decode(dataOf(found));
    },
    write: () => set(next()),
  };
}

function dataOf(record: { data: Uint8Array } | undefined): Uint8Array {
  if (record === undefined) throw new Error('a record is gone');
  return record.data;
}

async function theirs(name: string, store: CallbackStore, value: JsonObject): Promise<Contender> {
  const expires = new Date(Date.now() + DAY * 1000);
  const kept = {
    cookie: { originalMaxAge: DAY * 1000, maxAge: DAY * 1000, expires, httpOnly: true, path: '/' },
    ...value,
  };
  const sids = Array.from({ length: RECORDS }, (_, at) => `theirs-${at}`.padEnd(32, 'x'));
  let turn = 0;
  const next = () => sids[turn++ % RECORDS] ?? '';
  const set = (sid: string) =>
    new Promise<void>((resolve, reject) => {
      store.set(sid, kept, (error) => (error ? reject(error) : resolve()));
    });
  for (const sid of sids) await set(sid);
  return {
    name,
    read: () =>
      new Promise((resolve, reject) => {
        store.get(next(), (error, found) => (error || !found ? reject(error ?? new Error('gone')) : resolve(found)));
      }),
    write: () => set(next()),
  };
}
