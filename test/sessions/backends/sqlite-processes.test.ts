/** sqlite() between processes: they start at once, race for the same ids, are killed while they write, and prune while others read. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Backend } from '../../../packages/sessions/src/backends/backend.ts';
import { sqlite } from '../../../packages/sessions/src/backends/sqlite.ts';
import { formatNumbered, parseNumbered } from '../support/numbered.ts';
import { killProcesses, TalkingProcess } from '../support/talking-process.ts';
import { write } from '../support/write.ts';

const root = mkdtempSync(join(tmpdir(), 'sealring-sqlite-processes-'));
const expiresAt = Math.floor(Date.now() / 1000) + 86_400;
let files = 0;

afterAll(() => rmSync(root, { recursive: true }));
afterEach(killProcesses);

describe('sqlite() between processes', () => {
  it('is constructed by eight at once where nothing is yet', async () => {
    const path = newPath();
    const workers = Array.from({ length: 8 }, () => new TalkingProcess('sqlite-process.ts', 'open', path));
    for (const worker of workers) await worker.ready();
    await Promise.all(workers.map((worker) => worker.tell()));
    for (const worker of workers) expect(await worker.finish()).toEqual(['opened']);
    const rows = new DatabaseSync(path).prepare('SELECT count(*) AS rows FROM sealring_sessions').get();
    expect(rows).toEqual({ rows: 8 });
  });

  it('lets one of 20 creators in two processes win, for each of 500 ids', async () => {
    const path = newPath();
    const backend = sqlite(path);
    const workers = [0, 1].map(() => new TalkingProcess('sqlite-process.ts', 'create', path));
    for (const worker of workers) await worker.ready();
    for (let id = 0; id < 500; id++) {
      const inTurn = id % 2 === 0 ? workers : workers.toReversed(); // who hears of it first has a small lead
      for (const worker of inTurn) await worker.tell(String(id));
      for (const worker of workers) await worker.hears(new RegExp(`^${id}\\b.*$`, 'm'));
    }
    const said = await Promise.all(workers.map((worker) => worker.end()));
    const won = said.map((lines) =>
      lines.map((line) => line.split(' ')).filter(([, ...versions]) => versions.length > 0),
    );
    console.log(`winners of 500 by process: ${won.map((of) => of.length).join(' and ')}`);
    const winners = won.flat();
    expect([winners.length, new Set(winners.map(([id]) => id)).size]).toEqual([500, 500]); // one for each id
    for (const [id = '', ...versions] of winners) {
      const record = await backend.get(`id-${id}`);
      expect([record?.data, [record?.version]]).toEqual([formatNumbered(Number(id)), versions]);
    }
    expect(won.map((of) => of.length)).not.toContain(0); // or nothing has been raced
    await backend.close();
  });

  it('loses and tears nothing when a process is killed while it writes, 40 times', async () => {
    const path = newPath();
    const backend = sqlite(path);
    const other = sqlite(new BetterSqlite3(path));
    const waiting = [0, 1, 2].map(() => new TalkingProcess('sqlite-process.ts', 'write', path, 'a'));
    let written = 0;
    for (let kill = 0; kill < 40; kill++) {
      const writer = waiting.shift();
      if (kill < 37) waiting.push(new TalkingProcess('sqlite-process.ts', 'write', path, 'a')); // to start takes longer than the rest
      await writer?.tell();
      await writer?.hears(new RegExp(`^${written + 200}$`, 'm')); // in the middle of its writes, at whatever step
      const said = (await writer?.kill()) ?? [];
      const acknowledged = Number(said.at(-1));
      const stored = await numberIn(backend);
      expect(stored - acknowledged).toBeGreaterThanOrEqual(0);
      expect(stored - acknowledged).toBeLessThanOrEqual(1);
      expect(await numberIn(other)).toBe(stored);
      written = stored;
    }
    expect(written).toBeGreaterThan(40 * 200 - 1);
    expect(new DatabaseSync(path).prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    expect(await write(backend, 'a', formatNumbered(1), { expiresAt })).toBeTruthy(); // nor is a lock left
    await backend.close();
  });
});

describe('sqlite().prune()', () => {
  it('removes 100,000 records while readers get their turn, in its process and in another', async () => {
    const path = newPath();
    await fill(path, 100_000);
    let steps = 0;
    const now = () => {
      steps++; // each asks once
      return Date.now() / 1000;
    };
    const backend = sqlite(path, { now });
    const worker = new TalkingProcess('sqlite-process.ts', 'read', path, 'kept');
    await worker.tell();
    await worker.hears(/^reads$/m);

    const pruning = settled(backend.prune());
    const reader = sqlite(path);
    const between: number[] = []; // steps from one read of this process to the next
    for (let last = steps; !pruning.isDone; last = steps) {
      await nextTurn();
      expect(await reader.get('kept')).toBeDefined();
      between.push(steps - last);
    }
    await worker.tell('stop');
    const moments = Number((await worker.finish()).at(-1));
    console.log(`${steps} steps, ${between.length} reads meanwhile, and at ${moments} moments in another process`);

    expect(await pruning.promise).toBe(100_000);
    expect(Math.max(...between)).toBe(1);
    expect(moments).toBeGreaterThan(20); // of a thousand: as often as it gets a core
    expect(await reader.get('kept')).toBeDefined();
    expect(new DatabaseSync(path).prepare('SELECT count(*) AS rows FROM sealring_sessions').get()).toEqual({ rows: 1 });
    for (const one of [backend, reader]) await one.close();
  }, 180_000);
});

async function fill(path: string, records: number): Promise<void> {
  await sqlite(path).close();
  const handle = new DatabaseSync(path);
  const backend = sqlite(handle, { now: () => 0 });
  handle.exec('BEGIN');
  await write(backend, 'kept', new Uint8Array(600), { expiresAt });
  for (let at = 0; at < records; at++) {
    const scattered = ((at * 7_919) % records) + 1; // neither ids nor expiries in the order of the rows
    await write(backend, `${scattered}-of-43-characters-as-hashes-have-them`, new Uint8Array(600), {
      expiresAt: ((at * 104_729) % 1_000_003) + 1,
      ...(at % 2 === 0 && { subject: `subject-${scattered}` }),
    });
  }
  handle.exec('COMMIT');
  handle.close();
}

async function numberIn(backend: Backend): Promise<number> {
  const record = await backend.get('a');
  return (record && parseNumbered(record.data)) ?? NaN;
}

/** A promise that shows whether it is done. */
function settled<T>(result: T | Promise<T>): { promise: Promise<T>; isDone: boolean } {
  const shown = { promise: Promise.resolve(result), isDone: false };
  shown.promise = shown.promise.finally(() => (shown.isDone = true));
  return shown;
}

function newPath(): string {
  return join(root, `${++files}.db`);
}
