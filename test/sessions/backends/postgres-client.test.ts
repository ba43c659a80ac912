/** Which clients postgres() takes, and what it says of one that cannot work: when the backend is made, with the way out. */
import { Client, Pool } from 'pg';
import connectPostgres from 'postgres';
import { describe, expect, it } from 'vitest';
import { type PostgresClient, postgres } from '../../../packages/sessions/src/backends/postgres.ts';
import { usePostgres } from '../support/postgres-fixture.ts';
import { missing } from '../support/servers.ts';

const EXPECTED = '"client" expected a Pool or a Client of pg, or what postgres() of postgres.js returns, got ';
const fixture = usePostgres('fsync=off');

describe('postgres() throws on', () => {
  // The shapes are those of the packages: each has the methods by which it could be taken for another.
  it.each<{ name: string; client: unknown; message: string }>([
    {
      name: 'pg-promise',
      client: { query() {}, connect() {}, one() {}, none() {}, $pool: new Pool(), $config: {} },
      message: 'a database of pg-promise: pass its pool, db.$pool',
    },
    {
      name: 'Drizzle',
      client: { execute() {}, select() {}, query: {}, $client: new Pool() },
      message: 'a database of Drizzle: pass its client, db.$client',
    },
    {
      name: 'slonik',
      client: { query() {}, connect() {}, any() {}, oneFirst() {}, maybeOneFirst() {}, transaction() {} },
      message: 'a pool of slonik, which runs only its own queries: pass a Pool of pg',
    },
    {
      name: 'a connection of mysql2',
      client: { query() {}, connect() {}, execute() {}, unprepare() {} },
      message: 'a client of mysql2: this backend needs PostgreSQL',
    },
    {
      name: 'a pool of mysql2',
      client: { query() {}, execute() {}, getConnection() {} },
      message: 'a client of mysql2: this backend needs PostgreSQL',
    },
    {
      name: 'neon()',
      client: Object.assign(() => {}, { query() {}, unsafe() {}, transaction() {} }),
      message: 'what neon() returns: pass a Pool of @neondatabase/serverless',
    },
    {
      name: 'a transaction of postgres.js',
      client: Object.assign(() => {}, { unsafe() {}, savepoint() {} }),
      message: 'a transaction of postgres.js: pass what postgres() returns',
    },
    {
      name: 'a Client that was never connected',
      client: new Client(),
      message: 'a Client of pg that is not connected: await client.connect() first, or pass a Pool',
    },
    { name: 'a Pool that was ended', client: ended(), message: 'one that was ended: end it when the process ends' },
    { name: 'nothing', client: undefined, message: 'undefined' },
    { name: 'null', client: null, message: 'null' },
    { name: 'one that cannot connect', client: { query() {} }, message: 'an object' },
    { name: 'a class', client: class Pool {}, message: 'a function' },
  ])('$name', ({ client, message }) => {
    // @ts-expect-error: what JavaScript may pass
    expect(() => postgres(client)).toThrow(new TypeError(EXPECTED + message));
  });

  it('a URL', () => {
    // @ts-expect-error: what JavaScript may pass
    expect(() => postgres('postgres://localhost')).toThrow(EXPECTED);
  });

  it.skipIf(missing('postgres'))('a Client that was ended, and the transaction of a real postgres.js', async () => {
    const client = new Client(fixture.server.url);
    await client.connect();
    postgres(client);
    await client.end();
    expect(() => postgres(client)).toThrow('one that was ended');
    const sql = connectPostgres(fixture.server.url);
    await sql.begin(async (transaction) => {
      expect(() => postgres(transaction)).toThrow('a transaction of postgres.js');
    });
    await sql.end();
  });
});

it('postgres() takes clients that have not connected yet but will', async () => {
  const client = new Client('postgres://127.0.0.1:1/');
  const connecting = client.connect();
  const clients: PostgresClient[] = [new Pool(), client, connectPostgres('postgres://127.0.0.1:1/')];
  for (const one of clients) expect(postgres(one).cas).toBe('atomic');
  await expect(connecting).rejects.toThrow();
});

function ended(): Pool {
  const pool = new Pool();
  void pool.end();
  return pool;
}
