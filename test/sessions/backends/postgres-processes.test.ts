/** postgres() in several processes on one record, and the end of one at any moment. */
import { afterEach, describe, expect, it } from 'vitest';
import { type PostgresBackend, postgres } from '../../../packages/sessions/src/backends/postgres.ts';
import { until } from '../../support/eventually.ts';
import { soaked } from '../../support/soak.ts';
import { formatNumbered, parseNumbered } from '../support/numbered.ts';
import { drivers } from '../support/postgres-drivers.ts';
import { usePostgres } from '../support/postgres-fixture.ts';
import { missing } from '../support/servers.ts';
import { killProcesses, TalkingProcess } from '../support/talking-process.ts';
import { written } from '../support/write.ts';

const KILLS = soaked(40);

const fixture = usePostgres('fsync=off');
const expiresAt = 9_999_999_999;

afterEach(killProcesses);

describe.skipIf(missing('postgres'))('postgres() and other processes', () => {
  it('counts to exactly 400 in 4 processes with two drivers', async () => {
    const table = await newTable();
    const workers = [...drivers, ...drivers].map(({ name }) => start('increment', name, table, 100));
    await Promise.all(workers.map((worker) => worker.run()));
    expect(await numberIn(backendOf(table))).toBe(400);
  });

  it.each(drivers)(
    `loses and tears nothing when a writer with $name is killed ${KILLS} times`,
    async ({ name }) => {
      const table = await newTable();
      const backend = backendOf(table);
      await written(backend, 'a', formatNumbered(0), { expiresAt });
      const reader = new Reader(backendOf(table));
      const waiting = Array.from({ length: 3 }, () => start('write', name, table)); // starting takes longer than the rest
      let lost = 0;
      for (let kill = 0; kill < KILLS; kill++) {
        waiting.push(start('write', name, table));
        const writer = waiting.shift();
        await writer?.start(1 + ((kill * 37) % 150));
        const said = (await writer?.kill()) ?? [];
        await ended(`process-${writer?.pid}`);
        const acknowledged = Number(said.at(-1) ?? Infinity);
        const stored = await numberIn(backend);
        if (!(stored === acknowledged || stored === acknowledged + 1)) lost++;
      }
      const { reads, bad } = await reader.stop();
      expect({ lost, bad }).toEqual({ lost: 0, bad: 0 });
      expect(reads).toBeGreaterThan(KILLS);
    },
    240_000, // 5 seconds on a quiet machine: it starts 13 processes
  );
});

/** Reads in a loop from when it is made; counts what is absent, not whole or older than what was read before. */
class Reader {
  #isStopped = false;
  readonly #loop: Promise<{ reads: number; bad: number }>;

  constructor(backend: PostgresBackend) {
    this.#loop = this.#read(backend);
  }

  stop(): Promise<{ reads: number; bad: number }> {
    this.#isStopped = true;
    return this.#loop;
  }

  async #read(backend: PostgresBackend): Promise<{ reads: number; bad: number }> {
    let [reads, bad, last] = [0, 0, 0];
    for (; !this.#isStopped; reads++) {
      const number = await numberIn(backend);
      if (number === undefined || number < last) bad++;
      last = number ?? last;
    }
    return { reads, bad };
  }
}

function start(task: 'write' | 'increment', driver: string, table: string, times = Infinity): TalkingProcess {
  return new TalkingProcess('postgres-process.ts', task, driver, fixture.server.url, table, String(times));
}

function backendOf(table: string): PostgresBackend {
  return postgres(fixture.admin, { table });
}

async function newTable(): Promise<string> {
  const table = fixture.newTable();
  await backendOf(table).createTable();
  return table;
}

/** @returns undefined where nothing is, or half a record. */
async function numberIn(backend: PostgresBackend): Promise<number | undefined> {
  const record = await backend.get('a');
  return record && parseNumbered(record.data);
}

/** Waits for the server to be through with what a killed process asked last. */
async function ended(connection: string): Promise<void> {
  const query = 'SELECT FROM pg_stat_activity WHERE application_name = $1';
  await until('the server is through', async () => (await fixture.admin.query(query, [connection])).rowCount === 0);
}
