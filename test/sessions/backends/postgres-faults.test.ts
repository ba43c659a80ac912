/** postgres() when something fails: the server, the connection, the network, time, and the isolation of what runs side by side. */
import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../../packages/sessions/src/backends/backend.ts';
import { persistent } from '../../../packages/sessions/src/backends/postgres/failures.ts';
import { postgres } from '../../../packages/sessions/src/backends/postgres.ts';
import { eventually, until } from '../../support/eventually.ts';
import { formatNumbered, parseNumbered } from '../support/numbered.ts';
import { drivers } from '../support/postgres-drivers.ts';
import { usePostgres } from '../support/postgres-fixture.ts';
import { type Cut, type CuttingProxy, startProxy } from '../support/postgres-proxy.ts';
import { missing, type TestServer } from '../support/servers.ts';
import { write, written } from '../support/write.ts';

const fixture = usePostgres();
const data = Uint8Array.of(1, 2, 3);
const expiresAt = 9_999_999_999;

describe.skipIf(missing('postgres')).each(drivers)('postgres() with $name', (driver) => {
  it.each(['stop', 'kill'] as const)(
    'works again after the server was ended by %s, with what was acknowledged',
    async (how) => {
      const backend = await fixture.create(fixture.open(driver));
      const done = new Map<string, number>();
      let [next, failed, isDone] = [0, 0, false];
      const writer = async () => {
        while (!isDone) {
          const number = ++next;
          const record = await write(backend, `id-${number}`, formatNumbered(number), { expiresAt }).catch(() => false);
          if (record === false) failed++;
          else done.set(`id-${number}`, number);
          if (record === false) await wait(5); // or it keeps both cores from the server that starts
        }
      };
      const writers = Array.from({ length: 5 }, writer);
      await until('200 are acknowledged', () => done.size > 200);
      await fixture.server.stop(how); // in the middle of commits
      const before = failed;
      await until('writes fail', () => failed > before + 5);
      await expect(backend.get('id-1')).rejects.toThrow();
      await startAgain(fixture.server);
      const acknowledged = done.size;
      await until('50 more are acknowledged', () => done.size > acknowledged + 50);
      isDone = true;
      await Promise.all(writers);
      for (const [id, number] of done) expect(await numberIn(backend, id)).toBe(number);
      for (let number = 1; number <= next; number++)
        expect([undefined, number]).toContain(await numberIn(backend, `id-${number}`));
    },
  );

  it('rejects what the server ends in the middle, and goes on', async () => {
    const table = fixture.newTable();
    const backend = await fixture.create(fixture.open(driver, { max: 1 }), { table });
    const record = await written(backend, 'a', data, { expiresAt });
    await whileLocked(table, async () => {
      const isRejected = expect(write(backend, 'a', Uint8Array.of(4), { expiresAt })).rejects.toThrow();
      const pid = await pidOfWaiting(table);
      await fixture.admin.query('SELECT pg_terminate_backend($1)', [pid]);
      await isRejected;
      expect(await backend.get('a')).toEqual(record);
    });
    await written(backend, 'a', Uint8Array.of(4), { expiresAt });
  });

  it('goes on after the server ended the connections that lay idle', async () => {
    const session = { application_name: `idle-${driver.name}` };
    const backend = await fixture.create(fixture.open(driver, { session }));
    await Promise.all(Array.from({ length: 20 }, (_, at) => written(backend, `id-${at}`, data, { expiresAt })));
    const ended = 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1';
    expect((await fixture.admin.query(ended, [session.application_name])).rowCount).toBeGreaterThan(0);
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, at) => backend.get(`id-${at}`)));
    for (const outcome of outcomes) if (outcome.status === 'fulfilled') expect(outcome.value).toMatchObject({ data });
    await eventually(async () => expect(await backend.get('id-1')).toBeDefined());
    for (let at = 0; at < 20; at++) expect(await backend.get(`id-${at}`)).toMatchObject({ data });
  });

  it('rejects what takes longer than statement_timeout, and goes on', async () => {
    const table = fixture.newTable();
    const client = fixture.open(driver, { session: { statement_timeout: '300' } });
    const backend = await fixture.create(client, { table });
    const record = await written(backend, 'a', data, { expiresAt });
    await whileLocked(table, async () => {
      const calls = [
        write(backend, 'a', Uint8Array.of(4), { expiresAt }),
        write(backend, 'a', Uint8Array.of(4), { expiresAt, over: null }),
        write(backend, 'a', Uint8Array.of(4), { expiresAt, over: record }),
        backend.delete('a'),
      ];
      for (const outcome of await Promise.allSettled(calls))
        expect(outcome).toMatchObject({ reason: { code: 'ERR_SESSION_BACKEND', cause: { code: '57014' } } });
      expect(await backend.get('a')).toEqual(record); // readers do not wait
      expect(await backend.prune()).toBe(0); // nor does this
    });
    expect(await backend.get('a')).toEqual(record);
    await written(backend, 'a', Uint8Array.of(4), { expiresAt, over: record });
  });

  it('prunes around rows that others hold, and has them the next time', async () => {
    const table = fixture.newTable();
    const backend = await fixture.create(fixture.open(driver), { table });
    for (const id of ['a', 'b', 'c']) await written(backend, id, data, { expiresAt: 1 });
    await whileLocked(table, async () => expect(await backend.prune()).toBe(2));
    expect(await backend.prune()).toBe(1);
  });

  it('serves 300 calls at once through one connection', async () => {
    const backend = await fixture.create(fixture.open(driver, { max: 1 }));
    const numbers = Array.from({ length: 100 }, (_, at) => at);
    const records = await Promise.all(
      numbers.map((at) => written(backend, `id-${at}`, formatNumbered(at), { expiresAt })),
    );
    const calls = numbers.map((at) => [
      numberIn(backend, `id-${at}`),
      write(backend, `new-${at}`, data, { expiresAt, over: null }),
      write(backend, `id-${at}`, data, { expiresAt, over: records[at] ?? null }),
    ]);
    expect(await Promise.all(calls.map((three) => Promise.all(three)))).toEqual(
      numbers.map((at) => [at, expect.objectContaining({ data }), expect.objectContaining({ data })]),
    );
  });

  it.each(['read committed', 'repeatable read', 'serializable'])('loses no update at %s', async (level) => {
    const session = { default_transaction_isolation: level };
    const table = fixture.newTable();
    const backends = Array.from({ length: 4 }, () => postgres(fixture.open(driver, { session, max: 3 }), { table }));
    await backends[0]?.createTable();
    await Promise.all(backends.map((backend) => increment(backend, 25)));
    const [one] = backends;
    expect(one && (await numberIn(one, 'a'))).toBe(100);

    const puts = backends.map((backend, at) => write(backend, 'b', formatNumbered(at), { expiresAt }));
    expect((await Promise.all(puts)).filter(Boolean)).toHaveLength(4);
    for (let round = 0; round < 10; round++) {
      const over = (await one?.get('b')) ?? null;
      const sets = backends.map((backend) => write(backend, 'b', data, { expiresAt, over }));
      expect((await Promise.all(sets)).filter(Boolean)).toHaveLength(1);
    }
  });
});

describe.skipIf(missing('postgres')).each(drivers)('postgres() with $name through a network that fails', (driver) => {
  let proxy: CuttingProxy;
  beforeAll(async () => void (proxy = await startProxy(fixture.server.port)));
  afterAll(() => proxy?.close());

  it.each<{ cut: Cut }>([{ cut: 'before the request' }, { cut: 'after the request' }, { cut: 'before the answer' }])(
    'settles a call whose connection is cut $cut, and goes on',
    async ({ cut }) => {
      const url = fixture.server.url.replace(/:\d+\//, `:${proxy.port}/`);
      const backend = await fixture.create(fixture.open(driver, { max: 2 }, url));
      await written(backend, 'a', formatNumbered(0), { expiresAt });
      const seen = { failed: 0, failedButDone: 0 };
      let stored = 0;
      for (let number = 1; number <= 12; number++) {
        proxy.cutAt(cut, 1 + (number % 3)); // on a new connection the first parts are those of its start
        const isWritten = await write(backend, 'a', formatNumbered(number), { expiresAt }).then(Boolean, () => false);
        proxy.cutAt(cut, Infinity);
        await proxy.settled();
        const found = (await numberIn(backend, 'a')) ?? -1; // the next call works
        expect(isWritten ? [number] : [stored, number]).toContain(found);
        if (!isWritten) seen[found === number ? 'failedButDone' : 'failed']++;
        stored = found;
      }
      expect(seen[cut === 'before the request' ? 'failed' : 'failedButDone']).toBeGreaterThan(0);
      await written(backend, 'a', data, { expiresAt });
    },
  );
});

describe.skipIf(missing('postgres'))('postgres() with pg and a server that falls silent', () => {
  it('rejects after query_timeout and connectionTimeoutMillis, and goes on when the network is back', async () => {
    const proxy = await startProxy(fixture.server.port);
    const pool = new Pool({
      connectionString: fixture.server.url.replace(/:\d+\//, `:${proxy.port}/`),
      query_timeout: 300,
      connectionTimeoutMillis: 300,
    });
    pool.on('error', () => {});
    const backend = await fixture.create(pool);
    const record = await written(backend, 'a', data, { expiresAt });
    proxy.cutAt('silence');
    const timedOut = { cause: { message: expect.stringContaining('timeout') } };
    await expect(backend.get('a')).rejects.toMatchObject(timedOut); // on a connection that was there
    await expect(backend.get('a')).rejects.toMatchObject(timedOut); // on a new one
    proxy.cutAt('after the request', Infinity);
    expect(await backend.get('a')).toEqual(record);
    await pool.end();
    await proxy.close();
  });
});

describe('persistent()', () => {
  const failure = (code: string) => Object.assign(new Error(code), { code });

  it('asks again what was rolled back, by time and not by tries', async () => {
    let asked = 0;
    const ask = async () => {
      if (++asked <= 40) throw failure('40001');
      return [['done']];
    };
    expect(await persistent({ ask, again: ['40001'] })('SELECT', [])).toEqual([['done']]);
    expect(asked).toBe(41);
  });

  it('gives any other error on at once', async () => {
    let asked = 0;
    const ask = async () => {
      throw failure(++asked === 1 ? '40001' : '23505');
    };
    await expect(persistent({ ask, again: ['40001'] })('SELECT', [])).rejects.toThrow('23505');
    expect(asked).toBe(2);
  });
});

/** By compare-and-set. */
async function increment(backend: Backend, times: number): Promise<void> {
  for (let done = 0; done < times; ) {
    const record = await backend.get('a');
    const number = record ? (parseNumbered(record.data) ?? Number.NaN) : 0;
    if (await write(backend, 'a', formatNumbered(number + 1), { expiresAt, over: record ?? null })) done++;
  }
}

/** @returns undefined where nothing is, -1 where half a record is. */
async function numberIn(backend: Backend, id: string): Promise<number | undefined> {
  const record = await backend.get(id);
  return record && (parseNumbered(record.data) ?? -1);
}

/** Runs it while another transaction holds the row 'a'. */
async function whileLocked(table: string, run: () => Promise<void>): Promise<void> {
  const holder = await fixture.admin.connect();
  try {
    await holder.query(`BEGIN; SELECT FROM ${table} WHERE id = 'a' FOR UPDATE`);
    await run();
  } finally {
    await holder.query('ROLLBACK');
    holder.release();
  }
}

async function pidOfWaiting(table: string): Promise<number> {
  const waiting = `SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND strpos(query, $1) > 0`;
  let pid: number | undefined;
  await until(
    'a statement waits for the row',
    async () => (pid = (await fixture.admin.query(waiting, [`"${table}"`])).rows[0]?.pid) !== undefined,
  );
  return Number(pid);
}

/** What a killed server leaves, its children and its shared memory, may stand in the way for a moment. */
async function startAgain(server: TestServer): Promise<void> {
  await eventually(() => server.start());
}
