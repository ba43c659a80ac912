/** The table of postgres(): how it is made, what is said where it is missing, how it is asked and swept, and which options are refused. */
import { describe, expect, it } from 'vitest';
import type { PgClient } from '../../../packages/sessions/src/backends/postgres.ts';
import { postgres, postgresMigration } from '../../../packages/sessions/src/backends/postgres.ts';
import { SessionError } from '../../../packages/sessions/src/error.ts';
import { describe as describeValue } from '../../../packages/sessions/src/options.ts';
import { idsOf } from '../support/listing.ts';
import { driverNamed, drivers } from '../support/postgres-drivers.ts';
import { usePostgres } from '../support/postgres-fixture.ts';
import { missing } from '../support/servers.ts';
import { write, written } from '../support/write.ts';

const fixture = usePostgres('fsync=off');
const data = Uint8Array.of(1, 2, 3);
const expiresAt = 9_999_999_999;

describe.skipIf(missing('postgres')).each(drivers)('createTable() with $name', (driver) => {
  it('makes one table for 20 who ask at once, on connections that missed it just before', async () => {
    const table = fixture.newTable();
    const backends = Array.from({ length: 20 }, () => postgres(fixture.open(driver, { max: 2 }), { table }));
    await Promise.allSettled(backends.flatMap((backend) => [backend.get('a'), backend.get('a')]));
    await Promise.all(backends.map((backend) => backend.createTable()));
    expect(await Promise.all(backends.map((backend) => backend.get('a')))).toEqual(backends.map(() => undefined));
    expect(await indexesOf(table)).toEqual([`${table}_expires_at`, `${table}_pkey`, `${table}_subject`]);
  });

  it('leaves alone what is there, without a word and without the right to create', async () => {
    const table = fixture.newTable();
    const backend = postgres(fixture.open(driver), { table });
    await backend.createTable();
    await written(backend, 'a', data, { expiresAt });
    await fixture.admin.query(`CREATE ROLE reader_${table} LOGIN`);
    await fixture.admin.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO reader_${table}`);
    const url = fixture.server.url.replace('postgres@', `reader_${table}@`);
    const limited = postgres(fixture.open(driver, {}, url), { table });
    await limited.createTable();
    expect(await limited.get('a')).toMatchObject({ data });
    await written(limited, 'a', data, { expiresAt: 1 });
    expect(await limited.prune()).toBe(1);
  });

  it('says what to do where the table is missing', async () => {
    const backend = postgres(fixture.open(driver), { table: 'nowhere.to_be_found' });
    const calls: (() => unknown)[] = [
      () => backend.get('a'),
      () => write(backend, 'a', data, { expiresAt }),
      () => write(backend, 'a', data, { expiresAt, over: null }),
      () => write(backend, 'a', data, { expiresAt, over: { data, version: 'v', expiresAt } }),
      () => backend.delete('a'),
      () => backend.prune(),
      () => idsOf(backend, 'ann'),
    ];
    const remedy = 'call createTable() of the backend once, or run the SQL that postgresMigration() returns';
    const escaped = remedy.replace(/[()]/g, '\\$&');
    const message = new RegExp(`^Cannot .* sessions in the table nowhere.to_be_found: it is not there, ${escaped}$`);
    for (const call of calls) {
      const error = await thrownBy(call);
      expect(error).toBeInstanceOf(SessionError);
      expect(error).toMatchObject({ code: 'ERR_SESSION_BACKEND', cause: { code: '42P01' } });
      expect(error).toHaveProperty('message', expect.stringMatching(message));
    }
    const failed = await thrownBy(() => backend.createTable()); // schemas are not created
    const expected = 'Cannot create the table nowhere.to_be_found: 3F000';
    expect(failed).toMatchObject({ code: 'ERR_SESSION_BACKEND', message: expected, cause: { code: '3F000' } });
  });

  it('takes tables in a schema, in upper case, with the name of a keyword, and of 52 characters', async () => {
    await fixture.admin.query(`CREATE SCHEMA IF NOT EXISTS "App"`);
    for (const table of ['App.Sessions', 'App.sessions', 'select', 'App.from', 'x'.repeat(52)]) {
      const backend = postgres(fixture.open(driver, { max: 1 }), { table });
      await backend.createTable();
      expect(await backend.get('a')).toBeUndefined(); // nor that of another table
      const record = await written(backend, 'a', data, { expiresAt, over: null });
      expect(await backend.get('a')).toEqual(record);
      await fixture.admin.query(`DROP TABLE ${table.replace(/\w+/g, '"$&"')}`);
    }
  });

  it('tells the tables of two backends on one connection apart', async () => {
    const client = fixture.open(driver, { max: 1 });
    const [one, other] = [await fixture.create(client), await fixture.create(client)];
    await written(one, 'a', data, { expiresAt });
    expect(await other.get('a')).toBeUndefined();
    expect(await other.delete('a')).toBe(false);
    expect(await one.get('a')).toMatchObject({ data });
  });

  it('removes expired rows in the background after every 64th write, an hour late', async () => {
    let time = 1;
    const table = fixture.newTable();
    const backend = await fixture.create(fixture.open(driver), { table, now: () => time });
    const put = (at: number) => written(backend, `${time}-${at}`, data, { expiresAt: time + 1 });
    const putMany = (count: number) => Promise.all(Array.from({ length: count }, (_, at) => put(at)));
    await putMany(50);
    time = 2 + 3_599; // expired for all whose clocks are less than an hour behind
    await putMany(14);
    await expect.poll(() => sweepsOf(table)).toBe(1);
    expect(await countOf(table)).toBe(64);
    time = 2 + 3_600;
    await putMany(63);
    expect(await countOf(table)).toBe(127);
    await put(63);
    await expect.poll(() => countOf(table)).toBe(128 - 50);
    await backend.close();
    expect(await backend.prune()).toBe(14);
    expect(await countOf(table)).toBe(64);
  });
});

describe.skipIf(missing('postgres'))('the table of postgres()', () => {
  it('is made by the SQL of postgresMigration() as by createTable(), once or twice', async () => {
    const client = fixture.open(driverNamed('pg'));
    for (const unlogged of [false, true]) {
      const [made, migrated] = [fixture.newTable(), fixture.newTable()];
      await postgres(client, { table: made, unlogged }).createTable();
      const migration = postgresMigration({ table: migrated, unlogged });
      await fixture.admin.query(migration);
      await fixture.admin.query(migration);
      expect(await shapeOf(migrated)).toEqual(await shapeOf(made));
      expect(await shapeOf(made)).toMatchObject({ persistence: unlogged ? 'u' : 'p', storage: 'e' });
      await postgres(client, { table: migrated }).createTable(); // is there
      await written(postgres(client, { table: migrated }), 'a', data, { expiresAt });
    }
  });

  it('may have further columns', async () => {
    const backend = await fixture.create(fixture.open(driverNamed('pg')), { table: 'with_more' });
    await fixture.admin.query('ALTER TABLE with_more ADD COLUMN made_at timestamptz DEFAULT now()');
    const record = await written(backend, 'a', data, { expiresAt, over: null });
    expect(await backend.get('a')).toEqual(record);
  });

  it('is asked once for each call, by its indexes, with names of at most 63 characters', async () => {
    const counted = counting(fixture.open(driverNamed('pg')));
    const backend = await fixture.create(counted.client, { table: 'asked' });
    await fixture.admin.query(`INSERT INTO asked SELECT 'id-' || n, '\\x00', 'v', n, 'subject-' || n % 1000
      FROM generate_series(1, 20000) n; ANALYZE asked`);
    counted.asked.length = 0;
    const over = await written(backend, 'a', data, { expiresAt, over: null });
    await written(backend, 'a', data, { expiresAt, over });
    await written(backend, 'a', data, { expiresAt });
    await backend.get('a');
    await backend.delete('a');
    await idsOf(backend, 'subject-7');
    expect(counted.asked).toHaveLength(6);
    expect(new Set(counted.asked.map(({ name }) => name)).size).toBe(6);
    expect(Math.max(...counted.asked.map(({ name = '' }) => name.length))).toBeLessThanOrEqual(63);
    await postgres(counted.client, { table: 'asked', now: () => 10 }).prune();
    for (const query of counted.asked) {
      const plan = await planOf(query);
      expect(plan).not.toContain('Seq Scan');
      if (!query.text.startsWith('INSERT')) expect(plan).toContain('Index');
    }
  });
});

describe('postgresMigration()', () => {
  it('is SQL to copy', () => {
    expect(postgresMigration({ table: 'app.sessions', unlogged: true })).toMatchInlineSnapshot(`
      "CREATE UNLOGGED TABLE IF NOT EXISTS "app"."sessions" (
        id text COLLATE "C" PRIMARY KEY, -- hashed
        data bytea NOT NULL, -- sealed
        version text COLLATE "C" NOT NULL, -- another one after every write
        expires_at double precision NOT NULL, -- seconds since the epoch
        subject text COLLATE "C" -- hashed
      );
      ALTER TABLE "app"."sessions" ALTER COLUMN data SET STORAGE EXTERNAL; -- what is sealed cannot be compressed
      CREATE INDEX IF NOT EXISTS "sessions_expires_at" ON "app"."sessions" (expires_at);
      CREATE INDEX IF NOT EXISTS "sessions_subject" ON "app"."sessions" (subject, id) WHERE subject IS NOT NULL;
      "
    `);
    expect(postgresMigration()).toContain('CREATE TABLE IF NOT EXISTS "sealring_sessions" (');
  });
});

describe('postgres() throws on', () => {
  const plain = "'table' or 'schema.table' of letters, digits and _, the table of up to 52 characters";
  const client = { query() {}, connect() {} };
  it.each<{ name: string; options: unknown[]; message: string }>([
    {
      name: 'a misspelt option',
      options: [client, { tabel: 'x' }],
      message: 'postgres() has no option "tabel"; it takes now, table, unlogged, prepare',
    },
    {
      name: 'a clock that is a number',
      options: [client, { now: 1 }],
      message: '"now" expected a function that returns seconds, got 1',
    },
    {
      name: 'a text for a flag',
      options: [client, { unlogged: 'yes' }],
      message: `"unlogged" expected true or false, got ${describeValue('yes')}`,
    },
    {
      name: 'a number for a flag',
      options: [client, { prepare: 0 }],
      message: '"prepare" expected true or false, got 0',
    },
    { name: 'a table that is a number', options: [client, { table: 5 }], message: `"table" expected ${plain}, got 5` },
    ...['', 'a.b.c', '.a', 'a.', 'a b', '1a', 'a"b', "a'b", 'a;b', 'é', 'x'.repeat(53), `${'x'.repeat(64)}.a`].map(
      (table) => ({
        name: `the table ${table}`,
        options: [client, { table }],
        message: `"table" expected ${plain}, got ${describeValue(table)}`,
      }),
    ),
  ])('$name', ({ options, message }) => {
    // @ts-expect-error: what JavaScript may pass
    expect(() => postgres(...options)).toThrow(new TypeError(message));
  });

  it('the same in postgresMigration()', () => {
    expect(() => postgresMigration({ table: 'a"; DROP TABLE b; --' })).toThrow(TypeError);
    // @ts-expect-error: what JavaScript may pass
    expect(() => postgresMigration({ unlogged: 1 })).toThrow('"unlogged" expected true or false, got 1');
    // @ts-expect-error: what JavaScript may pass
    expect(() => postgresMigration({ now: Date.now })).toThrow('has no option "now"; it takes table, unlogged');
  });
});

type Query = Parameters<PgClient['query']>[0];

/** The client, and what it was asked. */
function counting(client: ReturnType<typeof fixture.open>): { client: PgClient; asked: Query[] } {
  if (!('query' in client)) throw new Error('expected a client of pg');
  const asked: Query[] = [];
  const query = (one: Query) => {
    asked.push(one);
    return client.query(one);
  };
  return { asked, client: { query, connect() {} } };
}

/** The one for whatever values, which a prepared statement has after some uses. */
async function planOf({ text, values }: Query): Promise<string> {
  const connection = await fixture.admin.connect();
  await connection.query(`SET plan_cache_mode = force_generic_plan; PREPARE asked AS ${text}`);
  const { rows } = await connection.query(`EXPLAIN EXECUTE asked(${values.map(() => 'NULL').join(', ')})`);
  connection.release(true);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

async function indexesOf(table: string): Promise<string[]> {
  const { rows } = await fixture.admin.query('SELECT indexname FROM pg_indexes WHERE tablename = $1 ORDER BY 1', [
    table,
  ]);
  return rows.map(({ indexname }) => indexname);
}

async function shapeOf(table: string): Promise<unknown> {
  const { rows } = await fixture.admin.query(
    `SELECT relpersistence persistence, a.attstorage storage,
      (SELECT string_agg(concat_ws(' ', attname, format_type(atttypid, 0), attnotnull, attcollation), ', ') FROM pg_attribute
        WHERE attrelid = c.oid AND attnum > 0) columns,
      (SELECT string_agg(replace(indexdef, $1, ''), ', ' ORDER BY indexname) FROM pg_indexes WHERE tablename = $1) indexes
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'data' WHERE relname = $1`,
    [table],
  );
  return rows[0];
}

/** How often rows have been looked for that may be removed. */
async function sweepsOf(table: string): Promise<number> {
  await fixture.admin.query('SELECT pg_stat_clear_snapshot()');
  const scans = 'SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = $1';
  const { rows } = await fixture.admin.query(scans, [`${table}_expires_at`]);
  return Number(rows[0].idx_scan);
}

async function countOf(table: string): Promise<number> {
  const { rows } = await fixture.admin.query(`SELECT count(*) FROM ${table}`);
  return Number(rows[0].count);
}

async function thrownBy(call: () => unknown): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    return error;
  }
}
