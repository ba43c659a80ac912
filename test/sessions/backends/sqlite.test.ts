/** sqlite() with every kind of database: the contract, and what it promises beyond it. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../../../packages/sessions/src/backends/backend.ts';
import { type SqliteDatabase, sqlite } from '../../../packages/sessions/src/backends/sqlite.ts';
import { SessionError } from '../../../packages/sessions/src/error.ts';
import { backendContract } from '../../../packages/sessions/src/testing/contract.ts';
import { until } from '../../support/eventually.ts';
import { write } from '../support/write.ts';

const root = mkdtempSync(join(tmpdir(), 'sealring-sqlite-'));
const data = Uint8Array.of(1, 2, 3);
const expiresAt = Math.floor(Date.now() / 1000) + 86_400;
let files = 0;

afterAll(() => rmSync(root, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

/** Every kind of handle: how each is set changes what it gives for rows and numbers. */
const handles: { name: string; open: () => SqliteDatabase }[] = [
  { name: 'node:sqlite', open: () => new DatabaseSync(newPath()) },
  { name: 'node:sqlite in memory', open: () => new DatabaseSync(':memory:') },
  {
    name: 'node:sqlite with bigints, arrays and no bare names',
    open: () => new DatabaseSync(newPath(), { readBigInts: true, returnArrays: true, allowBareNamedParameters: false }),
  },
  { name: 'better-sqlite3', open: () => new BetterSqlite3(newPath()) },
  { name: 'better-sqlite3 in memory', open: () => new BetterSqlite3() },
  { name: 'better-sqlite3 with bigints', open: () => new BetterSqlite3(newPath()).defaultSafeIntegers(true) },
];

describe.each<{ name: string; create: (now: () => number) => Backend }>([
  { name: 'sqlite(path)', create: (now) => sqlite(newPath(), { now }) },
  { name: "sqlite(path) with durability 'power'", create: (now) => sqlite(newPath(), { now, durability: 'power' }) },
  { name: 'sqlite(path) with a table', create: (now) => sqlite(newPath(), { now, table: 'select' }) },
  ...handles.map(({ name, open }) => ({
    name: `sqlite(handle) of ${name}`,
    create: (now: () => number) => sqlite(open(), { now }),
  })),
])('$name', ({ create }) => {
  it.each(backendContract(create))('$name', ({ run }) => run());
});

describe('the file of sqlite(path)', () => {
  it('is for its owner alone, with its log and index', async () => {
    const path = newPath();
    const backend = sqlite(path);
    await write(backend, 'a', data, { expiresAt });
    expect(['', '-wal', '-shm'].map((suffix) => modeOf(path + suffix))).toEqual([0o600, 0o600, 0o600]);
    await backend.close();
  });

  it.each([
    { durability: 'process', synchronous: 1 },
    { durability: 'power', synchronous: 2 },
  ] as const)(
    "has a write-ahead log, and with '$durability' the promised care for the disk",
    async ({ durability, synchronous }) => {
      const path = newPath();
      const exec = vi.spyOn(DatabaseSync.prototype, 'exec');
      const backend = sqlite(path, { durability });
      const [opened] = exec.mock.contexts;
      if (!(opened instanceof DatabaseSync)) throw new Error('nothing was opened');
      expect(opened.prepare('PRAGMA synchronous').get()).toEqual({ synchronous });
      expect(opened.prepare('PRAGMA busy_timeout').get()).toEqual({ timeout: 5_000 });
      expect(opened.prepare('PRAGMA journal_size_limit').get()).toEqual({ journal_size_limit: 2 ** 24 });
      expect(new DatabaseSync(path).prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
      await backend.close();
    },
  );

  it('keeps records for the next who opens it', async () => {
    const path = newPath();
    const first = sqlite(path);
    const record = await write(first, 'a', data, { expiresAt, subject: 'ann' });
    await first.close();
    const next = sqlite(path);
    expect(next.get('a')).toEqual(record);
    await next.close();
  });

  it('is closed by close(), once and for all', async () => {
    const backend = sqlite(newPath());
    await backend.close();
    await backend.close();
    expect(() => backend.get('a')).toThrow(SessionError);
  });
});

describe('the handle of sqlite(handle)', () => {
  it.each(handles)('of $name is not closed by close()', async ({ open }) => {
    const handle = open();
    const backend = sqlite(handle);
    const record = await write(backend, 'a', data, { expiresAt });
    await backend.close();
    expect(sqlite(handle).get('a')).toEqual(record);
  });

  it('keeps its own user_version, journal and tables', async () => {
    const handle = new DatabaseSync(newPath());
    handle.exec('PRAGMA user_version = 77; CREATE TABLE users (name)');
    await write(sqlite(handle), 'a', data, { expiresAt });
    expect(handle.prepare('PRAGMA user_version').get()).toEqual({ user_version: 77 });
    expect(handle.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'delete' });
    expect(handle.prepare('SELECT * FROM users').all()).toEqual([]);
  });

  it.each(handles)('of $name takes records into its own transaction', async ({ open }) => {
    const handle = open();
    const backend = sqlite(handle);
    await write(backend, 'kept', data, { expiresAt });
    handle.exec('BEGIN');
    expect(backend.set('a', data, { version: 'v', expiresAt })).toBe(true);
    expect(backend.delete('kept')).toBe(true);
    handle.exec('ROLLBACK');
    expect([backend.get('a'), backend.get('kept')]).toMatchObject([undefined, { data }]);
    handle.exec('BEGIN');
    await write(backend, 'a', data, { expiresAt });
    handle.exec('COMMIT');
    expect(backend.get('a')).toMatchObject({ data });
  });
});

describe('sqlite()', () => {
  it('gives plain results', async () => {
    const backend = sqlite(new DatabaseSync(':memory:'));
    const record = { data, version: 'v', expiresAt };
    expect(backend.set('a', data, record)).toBe(true);
    expect(backend.get('a')).toEqual(record);
    expect(backend.set('a', data, { ...record, over: null })).toBe(false);
    expect(backend.delete('a')).toBe(true);
    expect(backend.close()).toBeUndefined();
  });

  it.each(handles)('copies a Buffer, and gives a Uint8Array of its own, with $name', async ({ open }) => {
    const backend = sqlite(open());
    await write(backend, 'a', Buffer.from('abc').subarray(1), { expiresAt });
    const record = await backend.get('a');
    expect(record?.data.constructor).toBe(Uint8Array);
    expect(record?.data.buffer.byteLength).toBe(2);
    expect(record?.data).toEqual(Uint8Array.of(98, 99));
  });

  it.each(handles)('keeps every expiry to the last bit, with $name', async ({ open }) => {
    let time = 0;
    const backend = sqlite(open(), { now: () => time });
    for (const at of [Infinity, Number.MAX_VALUE, 2 ** 53 + 2, 1_790_000_000.123_456, 1_790_000_000, 5e-324]) {
      await write(backend, 'a', data, { expiresAt: at, subject: 'ann' });
      expect(await backend.get('a')).toMatchObject({ expiresAt: at });
      for await (const listed of backend.list?.('ann') ?? []) expect(listed).toEqual({ id: 'a', expiresAt: at });
    }
    time = -Infinity;
    for (const at of [0, -1, -1e300]) {
      await write(backend, 'a', data, { expiresAt: at });
      expect(await backend.get('a')).toMatchObject({ expiresAt: at });
    }
    time = Infinity;
    await write(backend, 'a', data, { expiresAt: Infinity });
    expect(await backend.get('a')).toBeUndefined();
  });

  it('takes subjects for nothing but strings', async () => {
    const backend = sqlite(new DatabaseSync(':memory:'));
    const hostile = ["'; DROP TABLE sealring_sessions; --", '%', '_', '*', '"', '?', ':a', '', 'x'.repeat(1000)];
    for (const [at, subject] of hostile.entries()) await write(backend, `id-${at}`, data, { expiresAt, subject });
    for (const [at, subject] of hostile.entries()) {
      const found: string[] = [];
      for await (const { id } of backend.list?.(subject) ?? []) found.push(id);
      expect(found).toEqual([`id-${at}`]);
    }
  });

  it('removes expired records in passing, with later sets', async () => {
    let time = 0;
    const handle = new DatabaseSync(':memory:');
    const backend = sqlite(handle, { now: () => time });
    const rows = () => handle.prepare('SELECT count(*) AS rows FROM sealring_sessions').get()?.['rows'];
    for (let at = 0; at < 150; at++) await write(backend, `old-${at}`, data, { expiresAt: 10 });
    time = 10 + 3600 - 0.001; // the margin for servers whose clocks differ
    for (let at = 0; at < 64; at++) await write(backend, 'new', data, { expiresAt: 20_000 });
    expect(rows()).toBe(151);
    time += 0.001;
    for (let at = 0; at < 64; at++) await write(backend, 'new', data, { expiresAt: 20_000 });
    expect(rows()).toBe(51);
    await until('one record is left', async () => {
      for (let at = 0; at < 64; at++) await write(backend, 'new', data, { expiresAt: 20_000 });
      return rows() === 1;
    });
    expect(await backend.prune()).toBe(0);
  });

  it('stops pruning when it is closed', async () => {
    for (const database of [newPath(), new DatabaseSync(':memory:')]) {
      const backend = sqlite(database, { now: () => 0 });
      for (let at = 0; at < 300; at++) await write(backend, `id-${at}`, data, { expiresAt: -1 });
      const left = backend.prune(); // its first batch
      await backend.close();
      expect(await left).toBeLessThanOrEqual(100);
    }
  });

  it('finds by index whatever it looks for', async () => {
    const statements: string[] = [];
    const handle = new DatabaseSync(':memory:');
    sqlite({
      exec: (sql) => handle.exec(sql),
      prepare: (sql) => {
        if (/sealring_sessions"? /.test(sql) && !sql.includes('sqlite_schema')) statements.push(sql);
        return handle.prepare(sql);
      },
    });
    expect(statements.length).toBeGreaterThan(6);
    for (const sql of statements) {
      const plan = handle.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
      for (const { detail } of plan) expect(detail).not.toMatch(/SCAN/);
    }
  });
});

function newPath(): string {
  return join(root, `${++files}.db`);
}

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}
