/** What file() promises beyond the contract: its files, foreign ones, and what is left over. */
import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { file } from '../../../packages/sessions/src/backends/file.ts';
import { SessionError } from '../../../packages/sessions/src/error.ts';
import { until } from '../../support/eventually.ts';
import {
  data,
  expiresAt,
  later,
  newDirectory,
  placeOf,
  removeDirectories,
  withRecord,
} from '../support/file-fixture.ts';
import { write } from '../support/write.ts';

afterAll(removeDirectories);
afterEach(() => vi.restoreAllMocks());

describe('the files of file()', () => {
  it('are named by the hash of the id, in folders, for their owner alone', async () => {
    const directory = join(newDirectory(), 'made', 'on the way');
    await write(file(directory), 'an-id', data, { expiresAt, subject: 'ann' });
    const hash = createHash('sha256').update('an-id').digest('hex');
    expect(readdirSync(directory, { recursive: true }).sort()).toEqual([hash.slice(0, 2), placeOf('an-id')]);
    expect(modeOf(directory)).toBe(0o700);
    expect(modeOf(join(directory, hash.slice(0, 2)))).toBe(0o700);
    expect(modeOf(join(directory, placeOf('an-id')))).toBe(0o600);
    expect(statSync(join(directory, placeOf('an-id'))).mtimeMs).toBe(expiresAt * 1000);
  });

  it('are replaced, not written over', async () => {
    const { backend, path } = await withRecord();
    const first = statSync(path);
    const opened = readFileSync(path);
    await write(backend, 'a', data, { expiresAt: expiresAt + 5 });
    expect(readFileSync(path)).not.toEqual(opened);
    expect(statSync(path).ino).not.toBe(first.ino);
    expect(statSync(path).mtimeMs).toBe((expiresAt + 5) * 1000);
  });

  it('keep every version, and a subject of any characters', async () => {
    const { backend } = await withRecord();
    const options = { expiresAt, version: '-'.repeat(64) };
    for (const subject of ['', 'a\nb', '\n', 'ä€😀', 'x'.repeat(70_000)]) {
      await backend.set('b', data, { ...options, subject });
      const listed: unknown[] = [];
      for await (const entry of backend.list?.(subject) ?? []) listed.push(entry);
      expect(listed).toEqual([{ id: 'b', expiresAt }]);
      expect(await backend.get('b')).toEqual({ data, ...options });
    }
  });
});

describe('file() takes for absent', () => {
  it.each<{ name: string; change: (bytes: Buffer) => Uint8Array }>([
    { name: 'an empty file', change: () => new Uint8Array() },
    { name: 'zeros', change: (bytes) => new Uint8Array(bytes.length) },
    { name: 'another format', change: () => Buffer.from('{"cookie":{}}') },
    { name: 'a longer file', change: (bytes) => Buffer.concat([bytes, Buffer.of(0)]) },
  ])('$name', async ({ change }) => {
    const { backend, path } = await withRecord();
    rewrite(path, change(readFileSync(path)));
    await expectAbsent(backend);
  });

  it('a file cut at any byte, and one with any byte changed', async () => {
    const { backend, path } = await withRecord();
    const bytes = readFileSync(path);
    for (const at of bytes.keys()) {
      rewrite(path, bytes.subarray(0, at));
      expect(await backend.get('a')).toBeUndefined();
      rewrite(
        path,
        bytes.map((byte, other) => (other === at ? byte ^ 1 : byte)),
      );
      expect(await backend.get('a')).toBeUndefined();
    }
  });

  it('the record of another id', async () => {
    const { backend, path, directory } = await withRecord();
    await write(backend, 'b', data, { expiresAt });
    rewrite(path, readFileSync(join(directory, placeOf('b'))));
    await expectAbsent(backend);
  });

  it('a symbolic link, even to a record, and replaces the link, not its target', async () => {
    const { backend, path, directory } = await withRecord();
    const target = join(directory, 'elsewhere');
    writeFileSync(target, readFileSync(path));
    rmSync(path);
    symlinkSync(target, path);
    const before = statSync(target).mtimeMs;
    await expectAbsent(backend);
    expect(statSync(target).mtimeMs).toBe(before);
    expect(await write(backend, 'a', data, { expiresAt, over: null })).toBeTruthy();
    expect(lstatSync(path).isSymbolicLink()).toBe(false);
    expect(statSync(target).mtimeMs).toBe(before);
  });

  it('a folder', async () => {
    const { backend, path } = await withRecord();
    rmSync(path);
    mkdirSync(path);
    await expectAbsent(backend);
  });
});

describe('file().prune()', () => {
  it('collects temporary files and locks after 60 seconds, and leaves foreign files', async () => {
    const { backend, path, directory } = await withRecord();
    const foreign = [join(directory, 'notes.txt'), `${path}.orig`, join(directory, 'zz')];
    const leftOvers = [`${path}.0123456789ab.tmp`, `${path}.lock`, `${path}.lock.0123456789ab`];
    for (const one of [...foreign, ...leftOvers]) writeFileSync(one, `0123456789ab elsewhere ${process.pid}`);
    expect(await backend.prune()).toBe(0);
    expect(leftOvers.filter(isThere)).toEqual(leftOvers);
    later(61);
    expect(await backend.prune()).toBe(0);
    expect(leftOvers.filter(isThere)).toEqual([]);
    expect(foreign.filter(isThere)).toEqual(foreign);
    expect(await backend.get('a')).toMatchObject({ data });
  });

  it('happens in passing, a folder at a time, as others are written', async () => {
    const directory = newDirectory();
    const backend = file(directory);
    for (let n = 0; n < 20; n++) await write(backend, `old-${n}`, data, { expiresAt: 1000 + n });
    const left = () => readdirSync(directory, { recursive: true }).filter((name) => String(name).length === 65).length;
    expect(left()).toBe(20);
    let writes = 0;
    while (left() > 1 && writes < 256 * 64) {
      for (let n = 0; n < 64; n++)
        await write(backend, 'one', data, { expiresAt, ...(writes++ === 0 && { over: null }) });
      await until('no other write is under way', () =>
        readdirSync(directory, { recursive: true }).every((name) => !/lock|tmp/.test(String(name))),
      );
    }
    expect(left()).toBe(1);
    expect(writes).toBeGreaterThan(64); // not all folders at once
    expect(await backend.get('one')).toMatchObject({ data });
  }, 60_000);

  it('of a directory that is not there yet is 0', async () => {
    expect(await file(newDirectory()).prune()).toBe(0);
  });
});

describe('file()', () => {
  it('gives plain results of get(), and a promise of each 32nd so that others get a turn', async () => {
    const { backend } = await withRecord();
    const results = Array.from({ length: 64 }, () => backend.get('a'));
    expect(results.filter((result) => result instanceof Promise)).toHaveLength(2);
    for (const result of results) expect(await result).toMatchObject({ data, expiresAt });
  });

  it.each<{ name: string; args: unknown[]; error: new (message: string) => Error; message: string }>([
    {
      name: 'no directory',
      args: [''],
      error: TypeError,
      message: '"directory" expected the path of a directory, got a',
    },
    {
      name: 'NUL in it',
      args: ['a\0b'],
      error: TypeError,
      message: '"directory" expected the path of a directory, got a',
    },
    {
      name: 'an object for it',
      args: [{}],
      error: TypeError,
      message: '"directory" expected the path of a directory, got an',
    },
    {
      name: 'a misspelt option',
      args: ['x', { durable: true }],
      error: TypeError,
      message: 'file() has no option "durable"; it takes now, durability',
    },
    {
      name: 'another durability',
      args: ['x', { durability: 'disk' }],
      error: RangeError,
      message: `"durability" expected 'process' or 'power', got a`,
    },
    {
      name: 'a clock that is a number',
      args: ['x', { now: 1 }],
      error: TypeError,
      message: '"now" expected a function that returns seconds, got 1',
    },
  ])('throws on $name', ({ args, error, message }) => {
    expect(() => Reflect.apply(file, undefined, args)).toThrow(error);
    expect(() => Reflect.apply(file, undefined, args)).toThrow(message);
  });

  it('throws at first use of a directory that cannot be made, with the original error', async () => {
    const directory = newDirectory();
    writeFileSync(directory, 'a file');
    const backend = file(join(directory, 'in a file'));
    const error = await write(backend, 'a', data, { expiresAt }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SessionError);
    expect(error).toMatchObject({
      code: 'ERR_SESSION_BACKEND',
      message: `Cannot write sessions in the directory ${directory}/in a file: ENOTDIR`,
      cause: { code: 'ENOTDIR' },
    });
  });
});

async function expectAbsent(backend: ReturnType<typeof file>): Promise<void> {
  expect(await backend.get('a')).toBeUndefined();
  expect(await backend.delete('a')).toBe(false);
  expect(await write(backend, 'a', data, { expiresAt, over: { data, version: 'of_nothing', expiresAt } })).toBe(false);
  for await (const { id } of backend.list?.('ann') ?? []) expect(id).not.toBe('a');
}

function rewrite(path: string, bytes: Uint8Array): void {
  writeFileSync(path, bytes);
  utimesSync(path, expiresAt, expiresAt);
}

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
