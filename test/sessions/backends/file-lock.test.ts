/** The lock of file(): who waits for it, who may take it over, and that nobody takes it from a process that runs. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, existsSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { changeUnderLock } from '../../../packages/sessions/src/backends/file/lock.ts';
import { until } from '../../support/eventually.ts';
import {
  data,
  expiresAt,
  increment,
  later,
  newDirectory,
  numberIn,
  removeDirectories,
  withRecord,
} from '../support/file-fixture.ts';
import { formatNumbered } from '../support/numbered.ts';
import { killProcesses, TalkingProcess } from '../support/talking-process.ts';
import { write } from '../support/write.ts';

const isLinux = existsSync('/proc/self/stat');

afterAll(removeDirectories);
afterEach(async () => {
  vi.restoreAllMocks();
  await killProcesses();
});

describe('a lock of file() is taken over', () => {
  it.each<{ name: string; content: () => string | Promise<string>; after: number; skip?: boolean }>([
    { name: 'if its maker does not run', content: () => lockOf(endedProcess()), after: 0 },
    {
      name: 'if a later process has the id of its maker',
      content: () => lockOf(process.pid, '1'),
      after: 0,
      skip: !isLinux,
    },
    { name: 'if nobody named it, after a second', content: () => '', after: 2 },
    {
      name: 'if it is from elsewhere, after 10 seconds',
      content: () => `0123456789ab elsewhere ${process.pid}`,
      after: 11,
    },
  ])('$name', async ({ content, after, skip = false }) => {
    if (skip) return;
    const { backend, path } = await withRecord();
    writeFileSync(`${path}.lock`, await content());
    later(after);
    expect(await write(backend, 'a', data, { expiresAt })).toBeTruthy();
    expect(readdirSync(join(path, '..'))).toHaveLength(1);
  });

  it.runIf(isLinux)('if its maker has ended and nobody has asked how', async () => {
    const { backend, path } = await withRecord();
    const parent = spawn('sh', ['-c', 'sleep 600 & echo $!; exec sleep 600']); // which does not ask, as the shell would
    try {
      const pid = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)));
      await until('no shell is left', () => readFileSync(`/proc/${parent.pid}/comm`, 'latin1') === 'sleep\n');
      process.kill(pid);
      await until('the maker is a zombie', () => / Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1')));
      writeFileSync(`${path}.lock`, await lockOf(pid));
      expect(await backend.delete('a')).toBe(true);
    } finally {
      parent.kill();
    }
  });

  it('by one of many at a time', async () => {
    const { backend, directory, path } = await withRecord();
    await write(backend, 'a', formatNumbered(0), { expiresAt });
    const dead = await lockOf(endedProcess());
    for (let round = 0; round < 20; round++) {
      writeFileSync(`${path}.lock`, dead);
      const before = await numberIn(directory);
      await Promise.all(Array.from({ length: 5 }, () => increment(directory)));
      expect(await numberIn(directory)).toBe(before + 5);
    }
  });
});

describe('a lock of file() is waited for', () => {
  it.each<{ name: string; content: () => string | Promise<string>; after: number }>([
    { name: 'while its maker runs, however long', content: () => lockOf(process.pid), after: 3600 },
    { name: 'while nobody has named it, for a second', content: () => '', after: 0 },
    {
      name: 'if it is from elsewhere, for 10 seconds',
      content: () => `0123456789ab elsewhere ${process.pid}`,
      after: 8,
    },
  ])('$name', async ({ content, after }) => {
    const { backend, path } = await withRecord();
    later(after);
    writeFileSync(`${path}.lock`, await content());
    const waiting = settled(backend.delete('a'));
    await severalTries();
    expect(waiting.isDone).toBe(false);
    rmSync(`${path}.lock`);
    expect(await waiting.promise).toBe(true);
  });

  it('while its claim is held, and not when the claim is stale too', async () => {
    const { backend, path } = await withRecord();
    const dead = await lockOf(endedProcess());
    const claim = `${path}.lock.${dead.split(' ')[0]}`;
    later(0);
    writeFileSync(`${path}.lock`, dead);
    writeFileSync(claim, await lockOf(process.pid));
    const waiting = settled(backend.delete('a'));
    await severalTries();
    expect(waiting.isDone).toBe(false);
    rmSync(claim);
    writeFileSync(claim, dead);
    await waiting.promise;
    expect(readdirSync(join(path, '..'))).toEqual([]);
  });

  it('for 30 seconds', async () => {
    const { backend, path } = await withRecord();
    writeFileSync(`${path}.lock`, await lockOf(process.pid));
    const from = Date.now();
    let seconds = 0;
    vi.spyOn(Date, 'now').mockImplementation(() => from + seconds * 1000);
    const waiting = settled(Promise.resolve(backend.delete('a')).catch((error: unknown) => error));
    seconds = 29.9;
    await severalTries();
    expect(waiting.isDone).toBe(false);
    seconds = 30;
    expect(await waiting.promise).toMatchObject({ code: 'ERR_SESSION_BACKEND', cause: { code: 'ELOCKED' } });
    expect(existsSync(`${path}.lock`)).toBe(true);
  });

  it('again if it was taken over meanwhile, and the other one’s is not released', async () => {
    const path = `${newDirectory()}.lock`;
    const other = '0123456789ab elsewhere 1';
    let looks = 0;
    const mayChange = () => {
      if (++looks === 1) writeFileSync(path, other); // as after a stop of more than 10 seconds on another machine
      return true;
    };
    const change = vi.fn();
    const waiting = settled(changeUnderLock(path, mayChange, change));
    await until('it has looked once', () => looks === 1);
    await new Promise((resolve) => setImmediate(resolve));
    expect([waiting.isDone, change.mock.calls.length, readFileSync(path, 'latin1')]).toEqual([false, 0, other]);
    rmSync(path);
    expect(await waiting.promise).toBe(true);
    expect([looks, change.mock.calls.length, existsSync(path)]).toEqual([2, 1, false]);
  });
});

describe.runIf(process.platform !== 'win32')('a process that holds the lock of file()', () => {
  /** What another process does meanwhile, by a clock that is an hour ahead. @returns whether it did it. */
  const deeds = ['set', 'delete'] as const;

  it.each(deeds)('and whose thread pool is busy meanwhile: of it and a %s() one wins', async (deed) => {
    const { backend, record: over, directory } = await withRecord();
    const pipe = `${directory}.pipe`;
    spawnSync('mkfifo', [pipe]);
    vi.stubEnv('UV_THREADPOOL_SIZE', '1');
    const holder = new TalkingProcess('file-process.ts', 'replace', directory, pipe);
    vi.unstubAllEnvs();
    await holder.tell();
    await holder.hears(/^holds$/m);
    later(3600);
    const isDone = deed === 'set' ? await write(backend, 'a', data, { expiresAt, over }) : await backend.delete('a');
    closeSync(openSync(pipe, constants.O_WRONLY)); // its pool goes on
    expect(await holder.finish()).toEqual(['holds', 'true']);
    vi.restoreAllMocks();
    if (deed === 'set') expect(isDone).toBe(false);
    expect((await backend.get('a'))?.data).toEqual(deed === 'set' ? Uint8Array.of(7) : undefined);
  });

  it.each(deeds)('and is stopped meanwhile: a %s() waits for it', async (deed) => {
    const { backend, record: over, directory } = await withRecord();
    const holder = new TalkingProcess('file-process.ts', 'replace', directory);
    await holder.tell();
    await holder.hears(/^holds$/m);
    later(3600);
    const waiting = settled<unknown>(
      deed === 'set' ? write(backend, 'a', data, { expiresAt, over }) : backend.delete('a'),
    );
    await severalTries();
    expect(await backend.get('a')).toEqual(over);
    expect(waiting.isDone).toBe(false);
    process.kill(holder.pid ?? NaN, 'SIGCONT');
    expect(await holder.finish()).toEqual(['holds', 'true']);
    expect(await waiting.promise).toBe(deed === 'delete');
    expect((await backend.get('a'))?.data).toEqual(deed === 'set' ? Uint8Array.of(7) : undefined);
  });
});

/** Waits until whoever waits for a lock has tried again several times. Before each try it looks at the clock, which nobody else does. */
async function severalTries(): Promise<void> {
  const { calls } = vi.mocked(Date.now).mock;
  const before = calls.length;
  await until('the lock has been tried several times', () => calls.length > before + 10);
}

/** A promise that shows whether it is done. */
function settled<T>(result: T | Promise<T>): { promise: Promise<T>; isDone: boolean } {
  const shown = { promise: Promise.resolve(result), isDone: false };
  shown.promise = shown.promise.finally(() => (shown.isDone = true));
  return shown;
}

/** What the lock of a process of this machine holds. @param start default: that of the process, if it runs. */
async function lockOf(pid: number, start?: string): Promise<string> {
  const path = `${newDirectory()}.lock`;
  let content = '';
  await changeUnderLock(
    path,
    () => (content = readFileSync(path, 'latin1')) === '',
    () => {},
  );
  const [mark, place, , own] = content.split(' ');
  return [mark, place, pid, start ?? own].join(' ');
}

/** @returns the id of a process that has ended. */
function endedProcess(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}
