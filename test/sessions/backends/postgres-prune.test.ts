/** prune() of postgres() on a large table: in batches, and side by side with others. */
import { describe, expect, it } from 'vitest';
import { formatStatements } from '../../../packages/sessions/src/backends/postgres/statements.ts';
import { type PostgresClient, postgres } from '../../../packages/sessions/src/backends/postgres.ts';
import { until } from '../../support/eventually.ts';
import { drivers } from '../support/postgres-drivers.ts';
import { usePostgres } from '../support/postgres-fixture.ts';
import { missing } from '../support/servers.ts';
import { write, written } from '../support/write.ts';

const fixture = usePostgres('autovacuum=off'); // which would gather statistics at its own time
const now = 1_000;
const later = 9_999_999_999;
const data = Uint8Array.of(1);

describe.skipIf(missing('postgres')).each(drivers)('prune() with $name', (driver) => {
  it('removes 20,000 expired rows, 1,000 with each statement, while others read', async () => {
    const table = fixture.newTable();
    const counted = counting(fixture.open(driver));
    const backend = await fixture.create(counted.client, { table, now: () => now });
    const other = postgres(fixture.open(driver, { max: 1 }), { table, now: () => now });
    await written(backend, 'kept', new Uint8Array(300), { expiresAt: later });
    await fill(table, 20_000);
    const before = counted.statements();
    const gate = await closeGate(table);
    const pruning = backend.prune();
    await gate.reached(); // its first statement has removed rows, and is not done
    for (let reads = 0; reads < 10; reads++) expect(await other.get('kept')).toBeDefined();
    await gate.open();
    expect(await pruning).toBe(20_000);
    expect(counted.statements() - before).toBe(21); // the last finds nothing
    expect(await countOf(table)).toBe(1);
  });

  it('removes each row once where four prune at once, and what others extend meanwhile not at all', async () => {
    const table = fixture.newTable();
    const backend = await fixture.create(fixture.open(driver), { table, now: () => now });
    await fill(table, 20_000);
    const early = postgres(fixture.open(driver), { table, now: () => 0 }); // for whom nothing has expired; from the other end than prune()
    const extend = (at: number) => {
      const over = { data, version: 'v', expiresAt: 1 }; // as fill() wrote it
      return write(early, `id-${at}`, data, { expiresAt: later, over });
    };
    expect(await extend(1)).toBeTruthy(); // it is connected, and so begins no later than prune()
    const extending = (async () => {
      let extended = 1;
      for (let at = 51; at <= 20_000; at += 50) if (await extend(at)) extended++;
      return extended;
    })();
    const pruned = await Promise.all(Array.from({ length: 4 }, () => backend.prune()));
    const extended = await extending;
    const rest = await backend.prune(); // what was being extended
    expect(extended).toBeGreaterThan(1);
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

/** Stops every statement that removes rows of the table, when it has removed them and before it is done, until it is opened. */
async function closeGate(table: string): Promise<{ reached(): Promise<void>; open(): Promise<void> }> {
  const keeper = await fixture.admin.connect();
  await keeper.query('SELECT pg_advisory_lock(1)');
  await fixture.admin.query(`
    CREATE OR REPLACE FUNCTION pass_gate() RETURNS trigger LANGUAGE plpgsql
      AS 'BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN NULL; END';
    CREATE TRIGGER gate AFTER DELETE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION pass_gate()`);
  const waiting = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
  return {
    reached: () => until('a statement waits', async () => (await fixture.admin.query(waiting)).rowCount === 1),
    async open() {
      await keeper.query('SELECT pg_advisory_unlock(1)');
      keeper.release();
    },
  };
}

/** The client, and how many statements it was asked. */
function counting(client: PostgresClient): { client: PostgresClient; statements(): number } {
  let statements = 0;
  const counted = new Proxy(client, {
    get(target, name) {
      if (name === 'query' || name === 'unsafe') statements++;
      const found: unknown = Reflect.get(target, name);
      return typeof found === 'function' ? found.bind(target) : found;
    },
  });
  return { client: counted, statements: () => statements };
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
