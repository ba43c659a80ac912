/**
 * A process at work on a SQLite database: `node sqlite-process.ts <task> <path> <argument>`. It says `ready`, starts when a line comes,
 * and ends after its task, or when its input ends.
 *
 * - `write <id>`: numbered data, one after the other; says each number once it is acknowledged.
 * - `create`: ten creators for each id that a line names; says `<id>` and the versions of those that won.
 * - `lock <statement>`: begins a transaction with that statement, says `locked`, and commits when a second line comes.
 * - `lock-for <milliseconds>`: the same, for so long.
 * - `read <id>`: reads every millisecond until a second line comes, and says at how many moments of a prune() it has read: as many as there
 *   were earliest expiries at its reads.
 * - `open`: constructs a backend and writes a record of its own.
 */
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { sqlite } from '../../../packages/sessions/src/backends/sqlite.ts';
import { formatNumbered, parseNumbered } from './numbered.ts';
import { write } from './write.ts';

const [task, path = '', argument = ''] = process.argv.slice(2);
const expiresAt = Math.floor(Date.now() / 1000) + 86_400;
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

const tasks: Record<string, () => unknown> = {
  async write() {
    const backend = sqlite(path);
    await line();
    const record = await backend.get(argument);
    const last = record ? parseNumbered(record.data) : 0;
    if (last === undefined) throw new Error('a torn record');
    for (let number = last + 1; ; number++) {
      await write(backend, argument, formatNumbered(number), { expiresAt });
      say(number);
    }
  },
  async create() {
    const backend = sqlite(path);
    for (;;) {
      const id = Number(await line());
      const said: (string | number)[] = [id];
      for (let creator = 0; creator < 10; creator++) {
        const record = await write(backend, `id-${id}`, formatNumbered(id), { expiresAt, over: null });
        if (record !== false) said.push(record.version);
      }
      say(said.join(' '));
    }
  },
  async lock() {
    const database = await begin(argument);
    await line();
    database.exec('COMMIT');
    say('released');
  },
  async 'lock-for'() {
    const database = await begin('BEGIN IMMEDIATE');
    await setTimeout(Number(argument));
    database.exec('COMMIT');
  },
  async read() {
    const backend = sqlite(path);
    await line();
    const earliest = new DatabaseSync(path).prepare('SELECT min(expires_at) AS expiry FROM sealring_sessions');
    const seen = new Set<unknown>();
    let isStopped = false;
    say('reads');
    const stopped = line().then(() => (isStopped = true));
    while (!isStopped) {
      if ((await backend.get(argument)) === undefined) throw new Error('it is gone');
      seen.add(earliest.get()?.['expiry']);
      await setTimeout(1);
    }
    await stopped;
    say(seen.size);
  },
  async open() {
    await line();
    const backend = sqlite(path);
    await write(backend, String(process.pid), formatNumbered(1), { expiresAt, over: null });
    say('opened');
  },
};

say('ready');
await tasks[task ?? '']?.();
process.exit();

async function begin(statement: string): Promise<DatabaseSync> {
  const database = new DatabaseSync(path, { timeout: 5_000 });
  await line();
  database.exec(statement);
  say('locked');
  return database;
}

async function line(): Promise<string> {
  const { value, done } = await lines.next();
  if (done) process.exit();
  return value;
}

function say(text: string | number): void {
  writeSync(1, `${text}\n`);
}
