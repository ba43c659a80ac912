/** sqlite() with every kind of database: the contract, and what it promises beyond it. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../../packages/sessions/src/backend.ts';
import { backendContract } from '../../packages/sessions/src/contract.ts';
import { SessionError } from '../../packages/sessions/src/error.ts';
import { type SqliteDatabase, sqlite } from '../../packages/sessions/src/sqlite.ts';

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
    await backend.set('a', data, { expiresAt });
    expect(['', '-wal', '-shm'].map((suffix) => modeOf(path + suffix))).toEqual([0o600, 0o600, 0o600]);
    await backend.close?.();
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
      await backend.close?.();
    },
  );

  it('keeps records for the next who opens it', async () => {
    const path = newPath();
    const first = sqlite(path);
    const version = await first.set('a', data, { expiresAt, subject: 'ann' });
    await first.close?.();
    const next = sqlite(path);
    expect(next.get('a')).toEqual({ data, version, expiresAt });
    await next.close?.();
  });

  it('is closed by close(), once and for all', async () => {
    const backend = sqlite(newPath());
    await backend.close?.();
    await backend.close?.();
    expect(() => backend.get('a')).toThrow(SessionError);
  });
});

describe('the handle of sqlite(handle)', () => {
  it.each(handles)('of $name is not closed by close()', async ({ open }) => {
    const handle = open();
    const backend = sqlite(handle);
    const version = await backend.set('a', data, { expiresAt });
    await backend.close?.();
    expect(sqlite(handle).get('a')).toEqual({ data, version, expiresAt });
  });

  it('keeps its own user_version, journal and tables', async () => {
    const handle = new DatabaseSync(newPath());
    handle.exec('PRAGMA user_version = 77; CREATE TABLE users (name)');
    await sqlite(handle).set('a', data, { expiresAt });
    expect(handle.prepare('PRAGMA user_version').get()).toEqual({ user_version: 77 });
    expect(handle.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'delete' });
    expect(handle.prepare('SELECT * FROM users').all()).toEqual([]);
  });

  it.each(handles)('of $name takes records into its own transaction', async ({ open }) => {
    const handle = open();
    const backend = sqlite(handle);
    await backend.set('kept', data, { expiresAt });
    handle.exec('BEGIN');
    expect(backend.set('a', data, { expiresAt })).toBeTypeOf('string');
    expect(backend.delete('kept')).toBe(true);
    handle.exec('ROLLBACK');
    expect([backend.get('a'), backend.get('kept')]).toMatchObject([undefined, { data }]);
    handle.exec('BEGIN');
    await backend.set('a', data, { expiresAt });
    handle.exec('COMMIT');
    expect(backend.get('a')).toMatchObject({ data });
  });
});

describe('sqlite()', () => {
  it('gives plain results', async () => {
    const backend = sqlite(new DatabaseSync(':memory:'));
    const version = backend.set('a', data, { expiresAt });
    const record = backend.get('a');
    expect(record).toEqual({ data, version, expiresAt });
    expect(version).toMatch(/^[\w-]{16}$/);
    expect(backend.touch('a', expiresAt + 1)).toBe(true);
    expect(backend.delete('a')).toBe(true);
  });

  it.each(handles)('copies a Buffer, and gives a Uint8Array of its own, with $name', async ({ open }) => {
    const backend = sqlite(open());
    await backend.set('a', Buffer.from('abc').subarray(1), { expiresAt });
    const record = await backend.get('a');
    expect(record?.data.constructor).toBe(Uint8Array);
    expect(record?.data.buffer.byteLength).toBe(2);
    expect(record?.data).toEqual(Uint8Array.of(98, 99));
  });

  it.each(handles)('keeps every expiry to the last bit, with $name', async ({ open }) => {
    let time = 0;
    const backend = sqlite(open(), { now: () => time });
    for (const at of [Infinity, Number.MAX_VALUE, 2 ** 53 + 2, 1_790_000_000.123_456, 1_790_000_000, 5e-324]) {
      await backend.set('a', data, { expiresAt: at, subject: 'ann' });
      expect(await backend.get('a')).toMatchObject({ expiresAt: at });
      expect(await backend.touch('a', at)).toBe(true);
      for await (const listed of backend.list?.('ann') ?? []) expect(listed).toEqual({ id: 'a', expiresAt: at });
    }
    time = -Infinity;
    for (const at of [0, -1, -1e300]) {
      await backend.set('a', data, { expiresAt: at });
      expect(await backend.get('a')).toMatchObject({ expiresAt: at });
    }
    time = Infinity;
    await backend.set('a', data, { expiresAt: Infinity });
    expect(await backend.get('a')).toBeUndefined();
    expect(() => backend.set('a', data, { expiresAt: NaN })).toThrow(SessionError);
  });

  it('takes ids and subjects for nothing but text', async () => {
    const backend = sqlite(new DatabaseSync(':memory:'));
    const hostile = ["'; DROP TABLE sealring_sessions; --", '%', '_', '*', '"', '?', ':a', 'x'.repeat(128)];
    for (const text of hostile) await backend.set(text, data, { expiresAt, subject: text });
    for (const text of hostile) {
      const found: string[] = [];
      for await (const { id } of backend.list?.(text) ?? []) found.push(id);
      expect(found).toEqual([text]);
      expect(await backend.delete(text)).toBe(true);
    }
  });

  it('never repeats a version, nor in another process or after delete', async () => {
    const path = newPath();
    const backends = [sqlite(path), sqlite(path)];
    const versions = new Set<unknown>();
    for (let round = 0; round < 500; round++) {
      for (const backend of backends) versions.add(await backend.set('a', data, { expiresAt }));
      if (round % 2 === 0) await backends[0]?.delete('a');
    }
    expect(versions.size).toBe(1_000);
    for (const backend of backends) await backend.close?.();
  });

  it('removes expired records in passing, with later sets', async () => {
    let time = 0;
    const handle = new DatabaseSync(':memory:');
    const backend = sqlite(handle, { now: () => time });
    for (let at = 0; at < 150; at++) await backend.set(`abandoned-${at}`, data, { expiresAt: 10 });
    time = 10;
    for (let at = 0; at < 2 * 64; at++) await backend.set(`kept-${at}`, data, { expiresAt: 20 });
    expect(handle.prepare('SELECT count(*) AS rows FROM sealring_sessions').get()).toEqual({ rows: 128 });
    expect(await backend.prune?.()).toBe(0);
  });

  it('stops pruning when it is closed', async () => {
    for (const database of [newPath(), new DatabaseSync(':memory:')]) {
      const backend = sqlite(database, { now: () => 0 });
      for (let at = 0; at < 300; at++) await backend.set(`id-${at}`, data, { expiresAt: -1 });
      const left = backend.prune?.(); // its first batch
      await backend.close?.();
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
