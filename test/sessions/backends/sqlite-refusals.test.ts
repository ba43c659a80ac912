/** What sqlite() throws on when it is constructed: options, databases that are none, and tables that are not of this release. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { sqlite } from '../../../packages/sessions/src/backends/sqlite.ts';
import { SessionError } from '../../../packages/sessions/src/error.ts';
import { write } from '../support/write.ts';

const root = mkdtempSync(join(tmpdir(), 'sealring-sqlite-refusals-'));
const data = Uint8Array.of(1, 2, 3);
let files = 0;

afterAll(() => rmSync(root, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

describe('sqlite() throws on', () => {
  const noDatabase = '"database" expected the path of a file, or a database of node:sqlite or better-sqlite3, got ';
  const noTable = '"table" expected up to 63 letters, digits and _, no digit first, got ';
  const own = 'expected undefined with a handle, which has its own setting';
  const handle = () => new DatabaseSync(':memory:');
  it.each<{ name: string; options: () => unknown[]; error: Error }>([
    { name: 'nothing', options: () => [], error: new TypeError(`${noDatabase}undefined`) },
    { name: 'an empty path', options: () => [''], error: new TypeError(`${noDatabase}a text of 0 characters`) },
    {
      name: 'a path for a database in memory',
      options: () => [':memory:'],
      error: new TypeError(`${noDatabase}a text of 8 characters`),
    },
    { name: 'a path with NUL', options: () => ['a\0b'], error: new TypeError(`${noDatabase}a text of 3 characters`) },
    { name: 'an object', options: () => [{ prepare: 1 }], error: new TypeError(`${noDatabase}an object`) },
    {
      name: 'a table in quotes',
      options: () => [handle(), { table: '"a"' }],
      error: new TypeError(`${noTable}a text of 3 characters`),
    },
    {
      name: 'a table of 64 letters',
      options: () => [handle(), { table: 'a'.repeat(64) }],
      error: new TypeError(`${noTable}a text of 64 characters`),
    },
    {
      name: 'a table that starts with a digit',
      options: () => [handle(), { table: '1a' }],
      error: new TypeError(`${noTable}a text of 2 characters`),
    },
    { name: 'no table', options: () => [handle(), { table: null }], error: new TypeError(`${noTable}null`) },
    {
      name: 'a misspelt option',
      options: () => [handle(), { durable: true }],
      error: new TypeError('sqlite() has no option "durable"; it takes now, table, durability, busyTimeout'),
    },
    {
      name: 'a clock that is a number',
      options: () => [handle(), { now: 1 }],
      error: new TypeError('"now" expected a function that returns seconds, got 1'),
    },
    {
      name: 'another durability',
      options: () => [newPath(), { durability: 'disk' }],
      error: new RangeError(`"durability" expected 'process' or 'power', got a text of 4 characters`),
    },
    {
      name: 'a timeout of 0',
      options: () => [newPath(), { busyTimeout: 0 }],
      error: new RangeError('"busyTimeout" expected seconds over 0 and up to 600, or undefined, got 0'),
    },
    {
      name: 'a durability with a handle',
      options: () => [handle(), { durability: 'process' }],
      error: new RangeError(`"durability" ${own}`),
    },
    {
      name: 'a timeout with a handle',
      options: () => [handle(), { busyTimeout: 5 }],
      error: new RangeError(`"busyTimeout" ${own}`),
    },
  ])('$name', ({ options, error }) => {
    // @ts-expect-error: what JavaScript may pass
    expect(() => sqlite(...options())).toThrow(error);
  });

  it('a path where the runtime has no node:sqlite, and takes a handle there', () => {
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined);
    const path = newPath();
    const message =
      '"database" expected a handle of better-sqlite3, as this runtime has no node:sqlite to open a path with; Node has it from 22.13 on';
    expect(() => sqlite(path)).toThrow(new TypeError(message));
    expect(() => readFileSync(path)).toThrow('ENOENT');
    expect(sqlite(new BetterSqlite3()).get('a')).toBeUndefined();
  });

  it.each<{ name: string; make: (path: string) => void; reason: RegExp }>([
    {
      name: 'a text',
      make: (path) => writeFileSync(path, 'no database. '.repeat(500)),
      reason: /file is not a database$/,
    },
    { name: 'a folder', make: (path) => mkdirSync(path), reason: /unable to open database file$/ },
    {
      name: 'a database whose first page is damaged',
      make: (path) => {
        new DatabaseSync(path).exec('CREATE TABLE a (b)');
        const bytes = readFileSync(path);
        writeFileSync(path, bytes.fill(0xa5, 100, 4096));
      },
      reason: /malformed/,
    },
  ])('$name instead of a database, and leaves it as it is', ({ make, reason }) => {
    const path = newPath();
    make(path);
    const read = () => {
      try {
        return readFileSync(path);
      } catch {
        return 'a folder';
      }
    };
    const before = read();
    const error = thrownBy(() => sqlite(path));
    expect(error).toMatchObject({ code: 'ERR_SESSION_BACKEND', message: expect.stringMatching(reason) });
    expect(error).toMatchObject({ cause: { code: 'ERR_SQLITE_ERROR' } });
    expect(read()).toEqual(before);
  });

  it('a file in a folder that is not there, with the original error', () => {
    const path = join(newPath(), 'x.db');
    expect(thrownBy(() => sqlite(path))).toMatchObject({
      code: 'ERR_SESSION_BACKEND',
      message: expect.stringMatching(`^Cannot open the SQLite database ${path}: ENOENT`),
      cause: { code: 'ENOENT' },
    });
  });

  it('a handle that is not open, and one in a transaction where it would have to make the table', () => {
    expect(thrownBy(() => sqlite(new DatabaseSync(newPath(), { open: false })))).toBeInstanceOf(SessionError);
    for (const handle of [new DatabaseSync(':memory:'), new BetterSqlite3()]) {
      handle.exec('BEGIN');
      expect(thrownBy(() => sqlite(handle))).toMatchObject({
        message: expect.stringMatching('cannot start a transaction within a transaction'),
      });
      handle.exec('COMMIT'); // its transaction is as it was
      sqlite(handle);
      handle.exec('BEGIN');
      expect(sqlite(handle).get('a')).toBeUndefined();
    }
  });
});

describe('the schema of sqlite()', () => {
  it('is made once, and keeps several tables apart', async () => {
    const path = newPath();
    const one = sqlite(path, { table: 'one' });
    const backends = [one, ...['two', 'one', 'ONE'].map((table) => sqlite(path, { table }))];
    await write(one, 'a', data, { expiresAt: Infinity });
    const found = await Promise.all(backends.map(async (backend) => (await backend.get('a')) !== undefined));
    expect(found).toEqual([true, false, true, true]);
    for (const backend of backends) await backend.close();
    expect(tablesIn(path)).toEqual(['one', 'one_schema', 'two', 'two_schema']);
  });

  it('of a later release is refused, and not touched', async () => {
    const path = newPath();
    await sqlite(path).close();
    const handle = new DatabaseSync(path);
    handle.exec('UPDATE sealring_sessions_schema SET version = 2');
    const message =
      'Cannot keep sessions in the table sealring_sessions of SQLite: the table has version 2 of its schema, and this release knows only version 1';
    for (const database of [path, handle, new BetterSqlite3(path).defaultSafeIntegers(true)]) {
      expect(thrownBy(() => sqlite(database))).toMatchObject({ code: 'ERR_SESSION_BACKEND', message });
    }
    handle.exec('BEGIN IMMEDIATE; ROLLBACK'); // none of the three has left a transaction open
  });

  it.each([
    { name: 'other columns', sql: 'CREATE TABLE Sealring_Sessions (name)' },
    { name: 'the same columns', sql: 'CREATE TABLE sealring_sessions (id, data, version, expires_at, subject)' },
  ])('of a foreign table with $name is refused, and not touched', ({ sql }) => {
    const path = newPath();
    const handle = new DatabaseSync(path);
    handle.exec(sql);
    const before = handle.prepare('SELECT sql FROM sqlite_schema').all();
    expect(thrownBy(() => sqlite(path))).toMatchObject({
      message: expect.stringMatching('a table of that name is there, made by something else$'),
    });
    expect(handle.prepare('SELECT sql FROM sqlite_schema').all()).toEqual(before);
  });

  it('is made again where its table was dropped', async () => {
    const path = newPath();
    const first = sqlite(path);
    const handle = new DatabaseSync(path);
    handle.exec('DROP TABLE sealring_sessions');
    expect(() => first.get('a')).toThrow(SessionError);
    const next = sqlite(path);
    expect(await write(next, 'a', data, { expiresAt: Infinity })).toBeTruthy();
    expect(first.get('a')).toMatchObject({ data });
    await first.close();
    await next.close();
  });

  it('is made whole or not at all', () => {
    for (const handle of [new DatabaseSync(':memory:'), new BetterSqlite3()]) {
      handle.exec('CREATE TABLE other (a); CREATE INDEX sealring_sessions_by_subject ON other (a)'); // is in the way of the third step
      expect(thrownBy(() => sqlite(handle))).toBeInstanceOf(SessionError);
      handle.exec('DROP INDEX sealring_sessions_by_subject; BEGIN; COMMIT');
      expect(handle.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'other' }]);
      expect(sqlite(handle).get('a')).toBeUndefined();
    }
  });
});

function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

function tablesIn(path: string): unknown[] {
  const tables = new DatabaseSync(path).prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
  return tables.all().map(({ name }) => name);
}

function newPath(): string {
  return join(root, `${++files}.db`);
}
