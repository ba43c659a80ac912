/** What file() promises beyond the contract: its files, foreign ones, left-overs, other processes, and the end of its own at any moment. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { SessionError } from '../../packages/sessions/src/error.ts';
import { acquireLock } from '../../packages/sessions/src/file/lock.ts';
import { file } from '../../packages/sessions/src/file.ts';
import { soaked } from '../support/soak.ts';
import { formatNumbered, parseNumbered } from './support/numbered.ts';
import { killProcesses, TalkingProcess } from './support/talking-process.ts';

const root = mkdtempSync(join(tmpdir(), 'sealring-file-'));
const KILLS = soaked(200);
const data = Uint8Array.of(1, 2, 3);
const expiresAt = Math.floor(Date.now() / 1000) + 86_400;
let directories = 0;

afterAll(() => rmSync(root, { recursive: true }));
afterEach(async () => {
  vi.restoreAllMocks();
  await killProcesses();
});

describe('the files of file()', () => {
  it('are named by the hash of the id, in folders, for their owner alone', async () => {
    const directory = join(newDirectory(), 'made', 'on the way');
    await file(directory).set('an-id', data, { expiresAt, subject: 'ann' });
    const hash = createHash('sha256').update('an-id').digest('hex');
    expect(readdirSync(directory, { recursive: true }).sort()).toEqual([hash.slice(0, 2), placeOf('an-id')]);
    expect(modeOf(directory)).toBe(0o700);
    expect(modeOf(join(directory, hash.slice(0, 2)))).toBe(0o700);
    expect(modeOf(join(directory, placeOf('an-id')))).toBe(0o600);
    expect(statSync(join(directory, placeOf('an-id'))).mtimeMs).toBe(expiresAt * 1000);
  });

  it('are replaced, not written over, and touched without a rewrite', async () => {
    const { backend, path } = await withRecord();
    const first = statSync(path);
    await backend.touch('a', expiresAt + 5);
    const touched = statSync(path);
    expect([touched.ino, touched.mtimeMs]).toEqual([first.ino, (expiresAt + 5) * 1000]);
    const opened = readFileSync(path);
    await backend.set('a', data, { expiresAt });
    expect(readFileSync(path)).not.toEqual(opened);
    expect(statSync(path).ino).not.toBe(first.ino);
  });

  it('hold no name of a subject', async () => {
    const { backend, path } = await withRecord();
    await backend.set('a', data, { expiresAt, subject: 'ann@example.org' });
    expect(readFileSync(path, 'latin1')).not.toContain('ann@');
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
    await backend.set('b', data, { expiresAt });
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
    expect(await backend.set('a', data, { expiresAt, ifVersion: null })).toBeTypeOf('string');
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
    expect(await backend.prune?.()).toBe(0);
    expect(leftOvers.filter(isThere)).toEqual(leftOvers);
    later(61);
    expect(await backend.prune?.()).toBe(0);
    expect(leftOvers.filter(isThere)).toEqual([]);
    expect(foreign.filter(isThere)).toEqual(foreign);
    expect(await backend.get('a')).toMatchObject({ data });
  });

  it('happens in passing, a folder at a time, as others are written', async () => {
    const directory = newDirectory();
    const backend = file(directory);
    for (let n = 0; n < 20; n++) await backend.set(`old-${n}`, data, { expiresAt: 1000 + n });
    const left = () => readdirSync(directory, { recursive: true }).filter((name) => String(name).length === 65).length;
    expect(left()).toBe(20);
    let writes = 0;
    while (left() > 1 && writes < 256 * 64) {
      for (let n = 0; n < 64; n++)
        await backend.set('one', data, { expiresAt, ...(writes++ === 0 && { ifVersion: null }) });
      await backend.close?.();
    }
    expect(left()).toBe(1);
    expect(writes).toBeGreaterThan(64); // not all folders at once
    expect(await backend.get('one')).toMatchObject({ data });
  }, 60_000);

  it('of a directory that is not there yet is 0', async () => {
    expect(await file(newDirectory()).prune?.()).toBe(0);
  });
});

describe('the lock of file()', () => {
  it.each<{ name: string; content: () => string | Promise<string>; after: number }>([
    { name: 'whose maker does not run', content: () => lockOf(endedProcess()), after: 0 },
    { name: 'that nobody named, after a second', content: () => '', after: 2 },
    { name: 'from elsewhere, after 10 seconds', content: () => `0123456789ab elsewhere ${process.pid}`, after: 11 },
    { name: 'of a process that runs, after 10 seconds', content: () => lockOf(process.pid), after: 11 },
  ])('is taken over from one $name', async ({ content, after }) => {
    const { backend, path } = await withRecord();
    writeFileSync(`${path}.lock`, await content());
    later(after);
    expect(await backend.set('a', data, { expiresAt })).toBeTypeOf('string');
    expect(readdirSync(join(path, '..'))).toHaveLength(1);
  });

  it('shows its holder that it was taken over, and is not released by that one', async () => {
    const path = `${newDirectory()}.lock`;
    const first = await acquireLock(path);
    expect(first.isHeld()).toBe(true);
    later(11);
    const second = await acquireLock(path);
    vi.restoreAllMocks();
    expect([first.isHeld(), second.isHeld()]).toEqual([false, true]);
    first.release();
    expect(second.isHeld()).toBe(true);
    second.release();
    expect(isThere(path)).toBe(false);
  });

  it('is not taken over while its claim is held, and is when the claim is stale too', async () => {
    const { backend, path } = await withRecord();
    const dead = await lockOf(endedProcess());
    const claim = `${path}.lock.${dead.split(' ')[0]}`;
    writeFileSync(`${path}.lock`, dead);
    writeFileSync(claim, await lockOf(process.pid));
    const waiting = settled(backend.delete('a'));
    for (let turn = 0; turn < 50; turn++) await backend.get('a');
    expect(waiting.isDone).toBe(false);
    rmSync(claim);
    writeFileSync(claim, dead);
    await waiting.promise;
    expect(readdirSync(join(path, '..'))).toEqual([]);
  });

  it('is waited for while its maker runs', async () => {
    const { backend, path } = await withRecord();
    writeFileSync(`${path}.lock`, await lockOf(process.pid));
    const waiting = settled(backend.delete('a'));
    for (let turn = 0; turn < 50; turn++) await backend.get('a');
    expect(waiting.isDone).toBe(false);
    rmSync(`${path}.lock`);
    expect(await waiting.promise).toBe(true);
  });

  it('is taken over by one of many at a time', async () => {
    const { backend, directory, path } = await withRecord();
    await backend.set('a', formatNumbered(0), { expiresAt });
    const dead = await lockOf(endedProcess());
    for (let round = 0; round < 20; round++) {
      writeFileSync(`${path}.lock`, dead);
      const before = await numberIn(directory);
      await Promise.all(Array.from({ length: 5 }, () => increment(directory)));
      expect(await numberIn(directory)).toBe(before + 5);
    }
  });
});

describe('file() and other processes', () => {
  it('counts to exactly 1,000 in 4 processes', async () => {
    const directory = newDirectory();
    const workers = Array.from({ length: 4 }, () => worker('increment', directory, 250));
    await Promise.all(workers.map((one) => one.run()));
    expect(await numberIn(directory)).toBe(1_000);
  });

  it('counts each number once in 3 processes that are killed and replaced', async () => {
    const directory = newDirectory();
    const start = () => worker('increment', directory);
    const workers = Array.from({ length: 3 }, start);
    await Promise.all(workers.map((one) => one.start()));
    const counted: number[] = [];
    for (let kill = 0; kill < 30; kill++) {
      const next = start();
      await next.start();
      counted.push(...((await workers.shift()?.kill()) ?? []).map(Number));
      workers.push(next);
    }
    for (const one of workers) counted.push(...(await one.kill()).map(Number));
    expect(new Set(counted).size).toBe(counted.length); // two of one number: an increment was lost
    const most = counted.reduce((max, number) => Math.max(max, number));
    expect(most).toBeGreaterThan(100);
    const number = await numberIn(directory);
    expect(number).toBeGreaterThanOrEqual(most);
    expect(number - counted.length).toBeLessThanOrEqual(33); // written, not acknowledged: at most one by each
  });

  it(`loses and tears nothing when a writer is killed ${KILLS} times`, async () => {
    const directory = newDirectory();
    const backend = file(directory);
    await backend.set('a', formatNumbered(0), { expiresAt });
    const reader = new Reader(directory);
    const waiting = Array.from({ length: 3 }, () => worker('write', directory));
    let lost = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const writer = waiting.shift();
      if (kill < KILLS - 3) waiting.push(worker('write', directory)); // starting takes longer than the rest
      await writer?.start();
      await new Promise((resolve) => setTimeout(resolve, (kill * 7) % 10)); // the moment must vary: there is no clock to inject into a kill
      const acknowledged = Number((await writer?.kill())?.at(-1) ?? Infinity);
      const stored = await numberIn(directory);
      if (!(stored === acknowledged || stored === acknowledged + 1)) lost++;
    }
    const { reads, bad } = await reader.stop();
    expect({ lost, bad }).toEqual({ lost: 0, bad: 0 });
    expect(reads).toBeGreaterThan(KILLS);

    later(61);
    await backend.prune?.();
    expect(readdirSync(directory, { recursive: true })).toHaveLength(2); // the folder and the record
  }, 180_000); // 4 seconds on two free cores, 15 under pnpm soak
});

describe('file() refuses', () => {
  it.each<{ name: string; options: unknown[]; error: Error }>([
    {
      name: 'no directory',
      options: [''],
      error: new TypeError('"directory" expected the path of a directory, got a text of 0 characters'),
    },
    {
      name: 'an object for one',
      options: [{}],
      error: new TypeError('"directory" expected the path of a directory, got an object'),
    },
    {
      name: 'a misspelt option',
      options: ['x', { durable: true }],
      error: new TypeError('file() has no option "durable"; it takes now, durability'),
    },
    {
      name: 'another durability',
      options: ['x', { durability: 'disk' }],
      error: new RangeError(`"durability" expected 'process' or 'power', got a text of 4 characters`),
    },
    {
      name: 'a clock that is a number',
      options: ['x', { now: 1 }],
      error: new TypeError('"now" expected a function that gives seconds, got 1'),
    },
  ])('$name', ({ options, error }) => {
    // @ts-expect-error: what JavaScript may pass
    expect(() => file(...options)).toThrow(error);
  });

  it('at first use a directory that cannot be made, with the original error', async () => {
    const directory = newDirectory();
    writeFileSync(directory, 'a file');
    const backend = file(join(directory, 'in a file'));
    const error = await Promise.resolve(backend.set('a', data, { expiresAt })).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SessionError);
    expect(error).toMatchObject({
      code: 'ERR_SESSION_BACKEND',
      message: `Cannot write sessions in the directory ${directory}/in a file: ENOTDIR`,
      cause: { code: 'ENOTDIR' },
    });
  });
});

/** Reads in a loop from when it is made; counts what is absent or not whole. */
class Reader {
  #isStopped = false;
  readonly #loop: Promise<{ reads: number; bad: number }>;

  constructor(directory: string) {
    this.#loop = this.#read(file(directory));
  }

  stop(): Promise<{ reads: number; bad: number }> {
    this.#isStopped = true;
    return this.#loop;
  }

  async #read(backend: ReturnType<typeof file>): Promise<{ reads: number; bad: number }> {
    let reads = 0;
    let bad = 0;
    let last = 0;
    for (; !this.#isStopped; reads++) {
      const record = await backend.get('a');
      const number = record && parseNumbered(record.data);
      if (number === undefined || number < last) bad++;
      last = number ?? last;
    }
    return { reads, bad };
  }
}

async function withRecord(): Promise<{ backend: ReturnType<typeof file>; directory: string; path: string }> {
  const directory = newDirectory();
  const backend = file(directory);
  await backend.set('a', data, { expiresAt });
  return { backend, directory, path: join(directory, placeOf('a')) };
}

async function expectAbsent(backend: ReturnType<typeof file>): Promise<void> {
  expect(await backend.get('a')).toBeUndefined();
  expect(await backend.touch('a', expiresAt + 5)).toBe(false);
  expect(await backend.delete('a')).toBe(false);
  expect(await backend.set('a', data, { expiresAt, ifVersion: 'of nothing' })).toBe(false);
  for await (const { id } of backend.list?.('ann') ?? []) expect(id).not.toBe('a');
}

/** A process that works on the record of "a". */
function worker(task: 'write' | 'increment', directory: string, times = 1e9): TalkingProcess {
  return new TalkingProcess('file-process.ts', task, directory, 'a', String(times));
}

/** One by compare-and-set; each with a backend of its own, so that only the lock stands between them. */
async function increment(directory: string): Promise<void> {
  const backend = file(directory);
  for (;;) {
    const record = await backend.get('a');
    const number = (record && parseNumbered(record.data)) ?? 0;
    const ifVersion = record?.version ?? null;
    if (await backend.set('a', formatNumbered(number + 1), { expiresAt, ifVersion })) return;
  }
}

async function numberIn(directory: string): Promise<number> {
  const record = await file(directory).get('a');
  return (record && parseNumbered(record.data)) ?? -1;
}

function rewrite(path: string, bytes: Uint8Array): void {
  writeFileSync(path, bytes);
  utimesSync(path, expiresAt, expiresAt);
}

/** A promise that shows whether it is done. */
function settled<T>(result: T | Promise<T>): { promise: Promise<T>; isDone: boolean } {
  const shown = { promise: Promise.resolve(result), isDone: false };
  shown.promise = shown.promise.finally(() => (shown.isDone = true));
  return shown;
}

function newDirectory(): string {
  return join(root, String(++directories));
}

function placeOf(id: string): string {
  const hash = createHash('sha256').update(id).digest('hex');
  return join(hash.slice(0, 2), hash.slice(2));
}

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Sets the machine's clock forward, by which locks and left-overs go; the file system's stays. */
function later(seconds: number): void {
  const now = Date.now;
  vi.spyOn(Date, 'now').mockImplementation(() => now() + seconds * 1000);
}

/** What the lock of a process of this machine holds. */
async function lockOf(pid: number): Promise<string> {
  const path = `${newDirectory()}.lock`;
  const lock = await acquireLock(path);
  const content = readFileSync(path, 'utf8');
  lock.release();
  return content.replace(/\d+$/, String(pid));
}

/** @returns the id of a process that has ended. */
function endedProcess(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}
