/** sqlite() while its database fails: locked by another process, on a full disk, read-only, damaged; and that it goes on afterwards. */
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Backend, ManagedBackend } from '../../../packages/sessions/src/backends/backend.ts';
import { type SqliteDatabase, sqlite } from '../../../packages/sessions/src/backends/sqlite.ts';
import { mountDisk } from '../support/sqlite-disk.ts';
import { killProcesses, TalkingProcess } from '../support/talking-process.ts';
import { write } from '../support/write.ts';

const root = mkdtempSync(join(tmpdir(), 'sealring-sqlite-faults-'));
const data = Uint8Array.of(1, 2, 3);
const expiresAt = Math.floor(Date.now() / 1000) + 86_400;
let files = 0;

afterAll(() => rmSync(root, { recursive: true }));
afterEach(killProcesses);

/** What opens a database that a backend has made, each with a wait of 0.2 seconds. */
const ways: { name: string; open: (path: string) => ManagedBackend }[] = [
  { name: 'a path', open: (path) => sqlite(path, { busyTimeout: 0.2 }) },
  { name: 'a handle of node:sqlite', open: (path) => sqlite(new DatabaseSync(path, { timeout: 200 })) },
  { name: 'a handle of better-sqlite3', open: (path) => sqlite(new BetterSqlite3(path, { timeout: 200 })) },
];

describe.each(ways)('locked by another process, sqlite() of $name', ({ open }) => {
  it.each(['BEGIN IMMEDIATE', 'BEGIN EXCLUSIVE'])(
    'reads, refuses to write after its wait, and goes on; %s',
    async (statement) => {
      const path = await newDatabase();
      const backend = open(path);
      await write(backend, 'a', data, { expiresAt, subject: 'ann' });
      const locker = new TalkingProcess('sqlite-process.ts', 'lock', path, statement);
      await locker.tell();
      await locker.hears(/^locked$/m);

      expect(await backend.get('a')).toMatchObject({ data });
      const from = performance.now();
      for (const write of writes(backend)) {
        expect(await errorOf(write)).toMatchObject({
          code: 'ERR_SESSION_BACKEND',
          message: expect.stringMatching(
            /^Cannot \w+ sessions in the table sealring_sessions of SQLite: database is locked$/,
          ),
          cause: { message: 'database is locked' },
        });
      }
      expect((performance.now() - from) / writes(backend).length).toBeGreaterThan(150);
      expect(await open(path).get('a')).toMatchObject({ data }); // nor does a start wait for the lock
      expect(await backend.get('a')).toMatchObject({ data, expiresAt });

      await locker.tell();
      await locker.finish();
      for (const write of writes(backend)) await write();
      expect(await backend.get('a')).toBeUndefined();
    },
  );
});

describe('locked by another process, sqlite()', () => {
  it('waits for a lock that is released in time', async () => {
    const path = await newDatabase();
    const backend = sqlite(path);
    const locker = new TalkingProcess('sqlite-process.ts', 'lock-for', path, '300');
    await locker.tell();
    await locker.hears(/^locked$/m);
    expect(await write(backend, 'a', data, { expiresAt })).toBeTruthy(); // for so long this process stands still
    await locker.finish();
    await backend.close();
  });

  it('is not constructed where the table would have to be made, and then is', async () => {
    const path = join(root, 'not-yet.db');
    const locker = new TalkingProcess('sqlite-process.ts', 'lock', path, 'BEGIN EXCLUSIVE');
    await locker.tell();
    await locker.hears(/^locked$/m);
    const message = `Cannot open the SQLite database ${path}: database is locked`;
    expect(await errorOf(() => sqlite(path, { busyTimeout: 0.2 }))).toMatchObject({
      code: 'ERR_SESSION_BACKEND',
      message,
    });
    await locker.tell();
    await locker.finish();
    expect(await write(sqlite(path), 'a', data, { expiresAt })).toBeTruthy();
  });
});

const disk = mountDisk(join(root, 'disk'), 4_000_000);
const noDisk = 'reason' in disk ? disk.reason : undefined;
afterAll(() => 'unmount' in disk && disk.unmount());
if (noDisk !== undefined)
  console.warn(`The tests with a full disk are skipped, as none can be mounted here: ${noDisk}`);

describe.skipIf(noDisk !== undefined).each(ways)('on a full disk, sqlite() of $name', ({ open }) => {
  it('refuses what it cannot keep, keeps what it has, and goes on when there is room', async () => {
    const path = join(root, 'disk', `${++files}.db`);
    const filler = `${path}.filler`;
    await sqlite(path).close();
    const backend = open(path);
    const kept = new Map<string, Uint8Array>();
    for (let at = 0; at < 50; at++) {
      const content = new Uint8Array(1_000).fill(at);
      await write(backend, `id-${at}`, content, { expiresAt });
      kept.set(`id-${at}`, content);
    }
    fillDisk(filler);

    let refused = 0;
    for (let at = 0; at < 100; at++) {
      const content = new Uint8Array(10_000).fill(100 + at);
      const id = `id-${at}`; // the first 50 are there, the others are not
      const result = await errorOf(() => write(backend, id, content, { expiresAt }));
      if (!(result instanceof Error)) kept.set(id, content);
      else refused++;
      if (result instanceof Error) {
        expect(result).toMatchObject({ code: 'ERR_SESSION_BACKEND', cause: { message: 'database or disk is full' } });
      }
    }
    expect(refused).toBeGreaterThan(50);
    await expectAll(backend, kept);

    rmSync(filler);
    expect(await write(backend, 'id-0', data, { expiresAt })).toBeTruthy();
    expect(await write(backend, 'new', data, { expiresAt, over: null })).toBeTruthy();
    await expectAll(backend, kept.set('id-0', data).set('new', data));
    expect(integrityOf(path)).toEqual([{ integrity_check: 'ok' }]);
    await backend.close();
    await expectAll(sqlite(path), kept);
  });
});

describe('sqlite()', () => {
  it.each<{ name: string; open: (path: string) => SqliteDatabase }>([
    { name: 'node:sqlite', open: (path) => new DatabaseSync(path, { readOnly: true }) },
    { name: 'better-sqlite3', open: (path) => new BetterSqlite3(path, { readonly: true }) },
  ])('reads from a read-only handle of $name, and refuses to write', async ({ open }) => {
    const path = await newDatabase();
    const writer = sqlite(path);
    await write(writer, 'a', data, { expiresAt });
    const reader = sqlite(open(path));
    expect(await reader.get('a')).toMatchObject({ data });
    for (const write of writes(reader)) await expectReadOnly(write);
    expect(await write(writer, 'a', data, { expiresAt: 5 })).toBeTruthy();
    expect(await reader.get('a')).toBeUndefined();
    await writer.close();
  });

  it('reads a file that it may not write, where its log is there, and refuses to write', async () => {
    const folder = newFolder();
    const path = join(folder, 'x.db');
    const writer = sqlite(path);
    await write(writer, 'a', data, { expiresAt });
    for (const suffix of ['', '-wal', '-shm']) chmodSync(path + suffix, 0o444);
    chmodSync(folder, 0o555);
    const reader = withoutPrivilege(() => sqlite(path));
    expect(await reader.get('a')).toMatchObject({ data });
    for (const write of writes(reader)) await expectReadOnly(write);
    await reader.close();
    await writer.close();

    const error = await errorOf(() => withoutPrivilege(() => sqlite(path))); // the log went with the last who could write
    const message = expect.stringMatching(/^Cannot open the SQLite database .*: attempt to write a readonly database$/);
    expect(error).toMatchObject({ code: 'ERR_SESSION_BACKEND', message });
    chmodSync(folder, 0o700);
  });

  it.each(ways)(
    'of $name gives an error where a page was overwritten, and whole records from the others',
    async ({ open }) => {
      const path = await newDatabase();
      const first = sqlite(path);
      const content = (at: number) => new Uint8Array(2_000).fill(at);
      for (let at = 0; at < 200; at++) await write(first, `id-${at}`, content(at), { expiresAt });
      await first.close(); // moves all from the log to the file
      const file = openSync(path, 'r+');
      for (let page = 3; page < statSync(path).size / 4096; page += 7) {
        writeSync(file, new Uint8Array(4096).fill(0xa5), 0, 4096, page * 4096);
      }
      closeSync(file);
      const backend = open(path);
      let errors = 0;
      for (let at = 0; at < 200; at++) {
        const result = await errorOf(() => backend.get(`id-${at}`));
        if (result instanceof Error) {
          errors++;
          const cause = { message: 'database disk image is malformed' };
          expect(result).toMatchObject({ code: 'ERR_SESSION_BACKEND', cause });
        } else {
          expect(result).toMatchObject({ data: content(at), expiresAt });
        }
      }
      expect(errors).toBeGreaterThan(0);
      expect(errors).toBeLessThan(200);
    },
  );
});

/** Every way to write of a backend. The last leaves nothing of the record `a`. */
function writes(backend: ManagedBackend): (() => unknown)[] {
  return [
    () => write(backend, 'a', data, { expiresAt }),
    () => write(backend, 'b', data, { expiresAt, over: null }),
    () => backend.prune(),
    () => backend.delete('a'),
  ];
}

async function expectReadOnly(write: () => unknown): Promise<void> {
  const cause = { message: 'attempt to write a readonly database' };
  expect(await errorOf(write)).toMatchObject({ code: 'ERR_SESSION_BACKEND', cause });
}

async function expectAll(backend: Backend, kept: ReadonlyMap<string, Uint8Array>): Promise<void> {
  for (const [id, content] of kept) expect((await backend.get(id))?.data).toEqual(content);
}

/** @returns what it throws or rejects with, or else its result. */
async function errorOf(call: () => unknown): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    return error;
  }
}

async function newDatabase(): Promise<string> {
  const path = join(newFolder(), 'x.db');
  await sqlite(path).close();
  return path;
}

function newFolder(): string {
  const path = join(root, String(++files));
  mkdirSync(path);
  return path;
}

/** Root may write whatever its mode. */
function withoutPrivilege<Result>(call: () => Result): Result {
  if (process.getuid?.() !== 0) return call();
  chmodSync(root, 0o755);
  process.seteuid?.(65_534);
  try {
    return call();
  } finally {
    process.seteuid?.(0);
  }
}

function fillDisk(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (;;) writeSync(file, new Uint8Array(4096));
  } catch (error) {
    if (!String(error).includes('ENOSPC')) throw error;
  } finally {
    closeSync(file); // or it would keep its room when it is removed
  }
}

function integrityOf(path: string): unknown {
  return new DatabaseSync(path).prepare('PRAGMA integrity_check').all();
}
