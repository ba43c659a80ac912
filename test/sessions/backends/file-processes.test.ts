/** file() between processes: they count together, and are killed at any moment. */
import { readdirSync } from 'node:fs';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { file } from '../../../packages/sessions/src/backends/file.ts';
import { soaked } from '../../support/soak.ts';
import { expiresAt, later, newDirectory, numberIn, removeDirectories } from '../support/file-fixture.ts';
import { formatNumbered, parseNumbered } from '../support/numbered.ts';
import { killProcesses, TalkingProcess } from '../support/talking-process.ts';
import { write } from '../support/write.ts';

const KILLS = soaked(200);

afterAll(removeDirectories);
afterEach(async () => {
  vi.restoreAllMocks();
  await killProcesses();
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
    await Promise.all(workers.map((one) => one.start(4)));
    const counted: number[] = [];
    for (let kill = 0; kill < 30; kill++) {
      const next = start();
      await next.start(4);
      counted.push(...((await workers.shift()?.kill()) ?? []).map(Number));
      workers.push(next);
    }
    for (const one of workers) counted.push(...(await one.kill()).map(Number));
    expect(new Set(counted).size).toBe(counted.length); // two of one number: an increment was lost
    const most = counted.reduce((max, number) => Math.max(max, number));
    const number = await numberIn(directory);
    expect(number).toBeGreaterThanOrEqual(most);
    expect(number - counted.length).toBeLessThanOrEqual(33); // written, not acknowledged: at most one by each
  }, 180_000); // it starts 33 processes

  it(`loses and tears nothing when a writer is killed ${KILLS} times`, async () => {
    const directory = newDirectory();
    const backend = file(directory);
    await write(backend, 'a', formatNumbered(0), { expiresAt });
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
    await backend.prune();
    expect(readdirSync(directory, { recursive: true })).toHaveLength(2); // the folder and the record
  }, 180_000); // 4 seconds on two free cores, 15 under pnpm soak
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

/** A process that works on the record of "a". */
function worker(task: 'write' | 'increment', directory: string, times = 1e9): TalkingProcess {
  return new TalkingProcess('file-process.ts', task, directory, String(times));
}
