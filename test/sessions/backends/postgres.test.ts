/** postgres() against the contract with either driver and its settings, and what it keeps of data, expiries and hostile texts. */
import { Client, Pool } from 'pg';
import connectPostgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresClient, postgres } from '../../../packages/sessions/src/backends/postgres.ts';
import { SessionError } from '../../../packages/sessions/src/error.ts';
import { backendContract } from '../../../packages/sessions/src/testing/contract.ts';
import { entriesOf, idsOf } from '../support/listing.ts';
import { drivers } from '../support/postgres-drivers.ts';
import { usePostgres } from '../support/postgres-fixture.ts';
import { missing } from '../support/servers.ts';
import { write, written } from '../support/write.ts';

const fixture = usePostgres('fsync=off');
const data = Uint8Array.of(1, 2, 3);
const expiresAt = 9_999_999_999;

const variants = [
  { variant: '', settings: {}, options: {} },
  { variant: ', unprepared', settings: {}, options: { prepare: false } },
  { variant: ', unlogged', settings: {}, options: { unlogged: true } },
  { variant: ', with one connection', settings: { max: 1 }, options: {} },
  { variant: ', repeatable read', settings: isolation('repeatable read'), options: {} },
  { variant: ', serializable', settings: isolation('serializable'), options: {} },
  {
    variant: ', with other forms of bytes and numbers',
    settings: { session: { bytea_output: 'escape', extra_float_digits: '0' } },
    options: {},
  },
];
const contracts = drivers.flatMap((driver) =>
  variants.map((variant) => ({ ...variant, driver, name: driver.name + variant.variant })),
);

describe.skipIf(missing('postgres'))('postgres()', () => {
  describe.each(contracts)('with $name', ({ driver, settings, options }) => {
    let client: PostgresClient;
    beforeAll(() => void (client = fixture.open(driver, settings)));
    it.each(backendContract((now) => fixture.create(client, { now, ...options })))('$name', ({ run }) => run());
  });

  describe('with a single Client of pg', () => {
    let client: Client;
    beforeAll(async () => {
      client = new Client({ connectionString: fixture.server.url });
      await client.connect();
    });
    afterAll(() => client.end());
    const checks = backendContract((now) => fixture.create(client, { now }));
    const sideBySide = 'lets one of 20 win'; // which a Client warns of, and pg 9 will reject
    it.each(checks.filter(({ name }) => name !== sideBySide))('$name', ({ run }) => run());

    it('goes on after the table was missing', async () => {
      const backend = postgres(client, { table: fixture.newTable() });
      await expect(backend.get('a')).rejects.toThrow(SessionError);
      await backend.createTable();
      const record = await written(backend, 'a', data, { expiresAt });
      expect(await backend.get('a')).toEqual(record);
    });
  });

  it('takes clients with types, parsers and names of columns of their own', async () => {
    const types = { bigint: connectPostgres.BigInt };
    const transform = { column: connectPostgres.toPascal, value: () => 'changed' };
    const sql = connectPostgres(fixture.server.url, { types, transform, onnotice: () => {} });
    const reserved = await sql.reserve();
    const pool = new Pool({ connectionString: fixture.server.url, max: 1 });
    const poolClient = await pool.connect();
    for (const type of [16, 17, 20, 701]) poolClient.setTypeParser(type, () => 'changed');
    const table = fixture.newTable();
    await postgres(sql, { table }).createTable();
    for (const client of [sql, reserved, poolClient]) {
      const backend = postgres(client, { table });
      const record = await written(backend, 'a', data, { expiresAt });
      expect(await backend.get('a')).toEqual(record);
      expect(await backend.delete('a')).toBe(true);
    }
    poolClient.release();
    reserved.release();
    await pool.end();
    await sql.end();
  });

  it('lets two drivers share a table', async () => {
    const table = fixture.newTable();
    const [first, second] = drivers.map((driver) => postgres(fixture.open(driver), { table }));
    if (first === undefined || second === undefined) throw new Error('expected two drivers');
    await first.createTable();
    const created = await written(first, 'a', data, { expiresAt: expiresAt + 0.125, subject: 'ann' });
    expect(await second.get('a')).toEqual(created);
    const replaced = await written(second, 'a', Uint8Array.of(4), { expiresAt, over: created, subject: 'ann' });
    expect(await write(first, 'a', data, { expiresAt, over: created })).toBe(false);
    expect(await first.get('a')).toEqual(replaced);
    await written(second, 'b', data, { expiresAt, over: null, subject: 'ann' });
    expect(await idsOf(first, 'ann')).toEqual(['a', 'b']);
    expect(await idsOf(second, 'ann')).toEqual(['a', 'b']);
    expect(await second.delete('a')).toBe(true);
    expect(await first.delete('a')).toBe(false);
  });
});

describe.skipIf(missing('postgres')).each(drivers)('postgres() with $name', (driver) => {
  it('gives arrays of their own, and binds data at once', async () => {
    const backend = await fixture.create(fixture.open(driver));
    const given = Buffer.from('abc');
    const writing = written(backend, 'a', given, { expiresAt });
    given.fill(0);
    await writing;
    const got = (await backend.get('a'))?.data;
    expect(got).toStrictEqual(new Uint8Array(Buffer.from('abc')));
    expect(got?.buffer.byteLength).toBe(3); // not a part of the driver's
  });

  it('keeps every byte, and a megabyte', async () => {
    const backend = await fixture.create(fixture.open(driver));
    const long = Uint8Array.from({ length: 1_048_576 }, (_, at) => at ^ (at >> 8));
    await written(backend, 'a', long, { expiresAt });
    expect(Buffer.compare((await backend.get('a'))?.data ?? data, long)).toBe(0);
  });

  it.each([0.001, 1, 1_893_456_000.123, 253_402_300_799.999, 8.64e12, 1e300, Infinity])(
    'keeps an expiry of %d',
    async (expiry) => {
      const backend = await fixture.create(fixture.open(driver), { now: () => 0 });
      const created = await written(backend, 'a', data, { expiresAt: expiry, subject: 'ann', over: null });
      expect(await backend.get('a')).toEqual(created);
      const renewed = await written(backend, 'a', data, { expiresAt: expiry, subject: 'ann', over: created });
      expect(await backend.get('a')).toEqual(renewed);
      expect(await entriesOf(backend, 'ann')).toEqual([{ id: 'a', expiresAt: expiry }]);
    },
  );

  it.each([0, -1, -62_135_596_800, -1e300, -Infinity])('takes an expiry of %d for long ago', async (expiry) => {
    const backend = await fixture.create(fixture.open(driver));
    const expired = await written(backend, 'a', data, { expiresAt: expiry });
    expect(await backend.get('a')).toBeUndefined();
    expect(await write(backend, 'a', data, { expiresAt, over: expired })).toBe(false);
    const over = await written(backend, 'a', data, { expiresAt, over: null });
    await written(backend, 'a', data, { expiresAt: expiry, over });
    expect(await backend.prune()).toBe(1);
  });

  it('tells hostile versions and subjects from statements', async () => {
    const backend = await fixture.create(fixture.open(driver));
    const hostile = ["'; DROP TABLE t; --", '$1', '%', '\\', '""', 'é', 'e\u0301', ' ', '\u{10ffff}', 'x'.repeat(128)];
    for (const [at, text] of hostile.entries()) {
      const record = await written(backend, `id-${at}`, data, { expiresAt, over: null, subject: text });
      const over = { ...record, version: text };
      expect(await write(backend, `id-${at}`, data, { expiresAt, over })).toBe(false);
      expect(await backend.get(text)).toBeUndefined();
      expect(await backend.delete(text)).toBe(false);
      expect(await backend.get(`id-${at}`)).toEqual(record);
      expect(await idsOf(backend, text)).toEqual([`id-${at}`]);
    }
  });

  it('lists each of 1,201 records of a subject at most once while others come and go', async () => {
    const backend = await fixture.create(fixture.open(driver));
    const put = (at: number) => written(backend, `id-${at}`, data, { expiresAt, subject: 'ann' });
    await Promise.all(Array.from({ length: 1_201 }, (_, at) => put(at)));
    const ids: string[] = [];
    for await (const { id } of backend.list?.('ann') ?? []) {
      if (ids.push(id) % 100 === 0) await Promise.all([backend.delete(`id-${1_200 - ids.length}`), put(ids.length)]);
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(1_150);
  });
});

function isolation(level: string): { session: Record<string, string> } {
  return { session: { default_transaction_isolation: level } };
}
