/** prune() of postgres() on a large table: in batches, side by side with others, and without a reader that waits for it. */
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { formatStatements } from '../../../packages/sessions/src/backends/postgres/statements.ts';
import type { PostgresBackend } from '../../../packages/sessions/src/backends/postgres.ts';
import { postgres } from '../../../packages/sessions/src/backends/postgres.ts';
import { drivers } from '../support/postgres-drivers.ts';
import { usePostgres } from '../support/postgres-fixture.ts';
import { missing } from '../support/servers.ts';
import { write, written } from '../support/write.ts';

const ROWS = 100_000;
/** Milliseconds. */
const MOST_WAIT = 50;

const fixture = usePostgres('autovacuum=off'); // which would gather statistics at its own time
const now = 1_000;
const later = 9_999_999_999;
const data = Uint8Array.of(1);

describe.skipIf(missing('postgres')).each(drivers)('prune() with $name', (driver) => {
  it(`removes ${ROWS} expired rows while no reader waits for more than ${MOST_WAIT} ms`, async () => {
    const table = fixture.newTable();
    const backend = await fixture.create(fixture.open(driver), { table, now: () => now });
    const other = postgres(fixture.open(driver, { max: 1 }), { table, now: () => now });
    await written(backend, 'kept', new Uint8Array(300), { expiresAt: later });
    let shortest = Infinity; // of up to three attempts: another process may have had both cores
    for (let attempt = 0; attempt < 3 && shortest > MOST_WAIT; attempt++) {
      await fill(table, ROWS);
      const reader = new Reader(other);
      const startedAt = performance.now();
      expect(await backend.prune()).toBe(ROWS);
      const milliseconds = Math.round(performance.now() - startedAt);
      await reader.stop();
      const undisturbed = new Reader(other); // for comparison
      await wait(milliseconds);
      await undisturbed.stop();
      shortest = Math.min(shortest, reader.longest);
      console.log(
        `${driver.name}: ${ROWS} rows pruned in ${milliseconds} ms; of ${reader.reads} reads meanwhile the longest took ` +
          `${reader.longest.toFixed(1)} ms, of ${undisturbed.reads} after it ${undisturbed.longest.toFixed(1)} ms`,
      );
      expect(reader.reads).toBeGreaterThan(100);
    }
    expect(shortest).toBeLessThanOrEqual(MOST_WAIT);
    expect(await countOf(table)).toBe(1);
  });

  it('removes each row once where four prune at once, and what others extend meanwhile not at all', async () => {
    const table = fixture.newTable();
    const backend = await fixture.create(fixture.open(driver), { table, now: () => now });
    await fill(table, 20_000);
    const early = postgres(fixture.open(driver), { table, now: () => 0 }); // for whom nothing has expired; from the other end than prune()
    const extending = (async () => {
      let extended = 0;
      for (let at = 1; at <= 20_000; at += 50) {
        const over = { data, version: 'v', expiresAt: 1 }; // as fill() wrote it
        if (await write(early, `id-${at}`, data, { expiresAt: later, over })) extended++;
      }
      return extended;
    })();
    const pruned = await Promise.all(Array.from({ length: 4 }, () => backend.prune()));
    const extended = await extending;
    const rest = await backend.prune(); // what was being extended
    expect(extended).toBeGreaterThan(0);
    expect(pruned.reduce((sum, one) => sum + one, rest) + extended).toBe(20_000);
    expect(await countOf(table)).toBe(extended);
  });

  it('leaves more than a batch that others hold, goes on behind it, and comes to an end', async () => {
    const table = fixture.newTable();
    const backend = await fixture.create(fixture.open(driver), { table, now: () => now });
    await fill(table, 3_500);
    for (const { held, left } of [
      { held: `expires_at < ${now - 2}`, left: 1_500 }, // the first to expire: a batch and a half
      { held: 'true', left: 1_500 },
    ]) {
      const holder = await fixture.admin.connect();
      await holder.query(`BEGIN; SELECT FROM ${table} WHERE ${held} FOR UPDATE`);
      await backend.prune();
      expect(await countOf(table)).toBe(left);
      await holder.query('ROLLBACK');
      holder.release();
      await fixture.admin.query(`UPDATE ${table} SET expires_at = ${now - 1}`); // all at one moment, for the second round
    }
    expect(await backend.prune()).toBe(1_500);
  });
});

describe.skipIf(missing('postgres'))('prune() finds its rows by index, without sorting, in a table', () => {
  const statistics: { name: string; prepare(table: string): Promise<unknown> }[] = [
    { name: 'without statistics', prepare: (table) => fill(table, 20_000) },
    {
      name: 'with statistics',
      prepare: async (table) => {
        await fill(table, 20_000);
        await fixture.admin.query(`ANALYZE ${table}`);
      },
    },
    {
      name: 'with statistics from before anything had expired',
      prepare: async (table) => {
        await fill(table, 20_000);
        await fixture.admin.query(`UPDATE ${table} SET expires_at = expires_at + 10000; ANALYZE ${table}`);
        await fixture.admin.query(`UPDATE ${table} SET expires_at = expires_at - 10000`);
      },
    },
  ];
  describe.each(statistics)('$name', ({ prepare }) => {
    it('and with a lower limit', async () => {
      const table = fixture.newTable();
      await fixture.create(fixture.admin, { table });
      await prepare(table);
      const statement = formatStatements(`"${table}"`).prune;
      for (const from of [-Infinity, now - 10]) {
        const { rows } = await fixture.admin.query(`EXPLAIN ${statement}`, [now, from]);
        const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
        expect(plan).toContain(`Index Scan using ${table}_expires_at`);
        expect(plan).not.toMatch(/Sort|Seq Scan/);
      }
    });
  });
});

/** Reads one record in a loop from when it is made, on a connection of its own. */
class Reader {
  /** Milliseconds. */
  longest = 0;
  reads = 0;
  #isStopped = false;
  readonly #loop: Promise<void>;

  constructor(backend: PostgresBackend) {
    this.#loop = this.#read(backend);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#loop;
  }

  async #read(backend: PostgresBackend): Promise<void> {
    while (!this.#isStopped) await this.#readOnce(backend);
  }

  async #readOnce(backend: PostgresBackend): Promise<void> {
    const startedAt = performance.now();
    if ((await backend.get('kept')) === undefined) throw new Error('It was removed');
    this.longest = Math.max(this.longest, performance.now() - startedAt);
    this.reads++;
  }
}

/** With expired rows that have expired one after the other. */
async function fill(table: string, rows: number): Promise<void> {
  await fixture.admin.query(
    `INSERT INTO ${table} SELECT 'id-' || n, decode(repeat('5a', 300), 'hex'), 'v', $1 - n / 1000.0, 'subject-' || n % 1000
      FROM generate_series(1, $2) n`,
    [now, rows],
  );
}

async function countOf(table: string): Promise<number> {
  const { rows } = await fixture.admin.query(`SELECT count(*) FROM ${table}`);
  return Number(rows[0].count);
}
