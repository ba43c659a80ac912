/** redis() while its server ends, falls silent, fills up or forgets, and connections are cut: what was acknowledged stays, and it recovers by itself. */
import { setTimeout as wait } from 'node:timers/promises';
import { inspect } from 'node:util';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Backend, StoredRecord } from '../../../packages/sessions/src/backends/backend.ts';
import { redis } from '../../../packages/sessions/src/backends/redis.ts';
import { eventually, until } from '../../support/eventually.ts';
import { idsOf } from '../support/listing.ts';
import { formatNumbered, parseNumbered } from '../support/numbered.ts';
import { type ClientKind, type OpenClient, openClient, SINGLE } from '../support/redis-clients.ts';
import { type Cut, CuttingProxy } from '../support/redis-proxy.ts';
import { missing, startRedis, type TestServer } from '../support/servers.ts';
import { killProcesses, TalkingProcess } from '../support/talking-process.ts';
import { write, written } from '../support/write.ts';

const expiresAt = Math.floor(Date.now() / 1000) + 86_400;
const one = Uint8Array.of(1, 255);
const two = new Uint8Array(100_000).fill(254);

describe.skipIf(missing('redis')).each(SINGLE)('redis() with %s', (kind: ClientKind) => {
  let server: TestServer;
  let durable: TestServer | undefined;
  let admin: Redis;
  const open: OpenClient[] = [];

  beforeAll(async () => {
    server = await startRedis();
    admin = new Redis({ port: server.port, retryStrategy: () => 20 });
    admin.on('error', () => {});
  });
  afterAll(async () => {
    await killProcesses();
    admin?.disconnect();
    await durable?.remove();
    await server?.remove();
  });
  beforeEach(async () => {
    await eventually(() => admin.config('SET', 'maxmemory', 0));
    await admin.flushall();
  });
  afterEach(() => {
    for (const { close } of open.splice(0)) close();
  });

  async function create(port: number = server.port, impatient?: 'impatient'): Promise<Backend> {
    const opened = await openClient(kind, port, impatient);
    open.push(opened);
    return redis(opened.client);
  }

  /** Whole, and one of the two, once the connection has come back; whoever was told of the second finds that. */
  async function expectOutcome(backend: Backend, first: StoredRecord, outcome: StoredRecord | false | Error) {
    const record = await eventually(() => backend.get('a'));
    const isSecond = record?.version !== first.version;
    expect(record?.data).toEqual(isSecond ? two : one);
    if (!(outcome instanceof Error)) expect(isSecond).toBe(true); // a client that sends it twice may say false of its own write
    if (outcome && !(outcome instanceof Error)) expect(record).toEqual(outcome);
    await eventually(() => write(backend, 'a', one, { expiresAt, over: record ?? null }));
    expect(await eventually(() => backend.get('a'))).toMatchObject({ data: one });
  }

  describe('whose connection is cut', () => {
    it.each<{ cut: Cut }>([{ cut: 'request' }, { cut: 'reply' }, { cut: 'half a reply' }])(
      'at $cut: a write is done or not, a read whole or not done',
      async ({ cut }) => {
        const proxy = await CuttingProxy.start(server.port);
        const backend = await create(proxy.port);
        const over = await written(backend, 'a', one, { expiresAt });
        const first = await written(backend, 'a', one, { expiresAt, over }); // the server knows the scripts
        proxy.cutAt(cut);
        await expectOutcome(backend, first, await outcomeOf(write(backend, 'a', two, { expiresAt, over: first })));
        const second = await written(backend, 'a', two, { expiresAt });
        proxy.cutAt(cut);
        const read = await outcomeOf(backend.get('a'));
        if (!(read instanceof Error)) expect(read).toEqual(second);
        expect(await eventually(() => backend.get('a'))).toEqual(second);
        expect(proxy.cuts).toBe(2);
        proxy.stop();
      },
    );

    it('by the server, in the middle of a write', async () => {
      const backend = await create();
      const first = await written(backend, 'a', one, { expiresAt });
      await admin.call('CLIENT', 'PAUSE', '60000', 'WRITE');
      const pending = outcomeOf(write(backend, 'a', two, { expiresAt, over: first }));
      await until('the write is held', async () => /blocked_clients:1/.test(await admin.info('clients')));
      await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      await admin.call('CLIENT', 'UNPAUSE');
      await expectOutcome(backend, first, await pending);
    });

    if (kind === 'node-redis') return; // it does not send again what it has sent
    it('leaves its own write where a store finds it when the client sends it again', async () => {
      const proxy = await CuttingProxy.start(server.port);
      const backend = await create(proxy.port);
      const first = await written(backend, 'a', one, { expiresAt });
      await written(backend, 'a', one, { expiresAt, over: first });
      for (const [at, over] of [undefined, (await backend.get('a')) ?? null, null].entries()) {
        const there = over && (await backend.get('a'));
        if (over === null) await backend.delete('a');
        proxy.cutAt('reply');
        const options = { version: `mine-${at}`, expiresAt, ...(over !== undefined && { over: there ?? null }) };
        expect(await backend.set('a', two, options)).toBe(over === undefined);
        expect(await backend.get('a')).toEqual({ data: two, version: `mine-${at}`, expiresAt });
      }
      expect(proxy.cuts).toBe(3);
      proxy.stop();
    });
  });

  it('fails while the server is silent, where the client is told to, and recovers', async () => {
    const backend = await create(server.port, 'impatient');
    const first = await written(backend, 'a', one, { expiresAt });
    const pid = Number(/process_id:(\d+)/.exec(await admin.info('server'))?.[1]);
    process.kill(pid, 'SIGSTOP');
    try {
      expect(await outcomeOf(backend.get('a'))).toBeInstanceOf(Error);
      expect(await outcomeOf(write(backend, 'a', two, { expiresAt, over: first }))).toBeInstanceOf(Error);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await expectOutcome(backend, first, new Error('unknown'));
  });

  it('fails while the server is away, where the client is told to; after a restart without a disk all is gone', async () => {
    const backend = await create(server.port, 'impatient');
    const over = await written(backend, 'a', one, { expiresAt, subject: 'ann' });
    await server.stop('kill');
    const calls: (() => unknown)[] = [
      () => backend.get('a'),
      () => write(backend, 'a', two, { expiresAt }),
      () => write(backend, 'a', two, { expiresAt, over: null }),
      () => write(backend, 'a', two, { expiresAt, over }),
      () => write(backend, 'a', two, { expiresAt, subject: 'ann' }),
      () => backend.delete('a'),
      () => idsOf(backend, 'ann'),
    ];
    for (const call of calls) expect(await outcomeOf(call())).toBeInstanceOf(Error);
    await server.start();
    expect(await eventually(() => backend.get('a'))).toBeUndefined();
    expect(await eventually(() => idsOf(backend, 'ann'))).toEqual([]);
    expect(await eventually(() => write(backend, 'a', one, { expiresAt, over }))).toBe(false);
    expect(await eventually(() => write(backend, 'a', one, { expiresAt, over: null }))).toMatchObject({ data: one });
  });

  it('waits while the server restarts, where the client is not told otherwise', async () => {
    const backend = await create();
    await written(backend, 'a', one, { expiresAt });
    await server.stop();
    const pending = outcomeOf(written(backend, 'a', two, { expiresAt, subject: 'ann' }));
    await server.start();
    const outcome = await pending;
    const record = await eventually(() => backend.get('a'));
    if (!(outcome instanceof Error)) expect(record).toEqual(outcome);
  });

  it('loses nothing acknowledged when a server with appendfsync always is killed', async () => {
    durable = await startRedis('--appendonly', 'yes', '--appendfsync', 'always');
    const backend = await create(durable.port, 'impatient');
    const acknowledged = new Map<string, { number: number; version: string }>();
    let isAway = false;
    const write = async (id: string) => {
      for (let number = 1; ; ) {
        const record = await outcomeOf(written(backend, id, formatNumbered(number), { expiresAt, subject: 'ann' }));
        if (!(record instanceof Error)) acknowledged.set(id, { number: number++, version: record.version });
        else if (isAway) return;
      }
    };
    for (let round = 1; round <= 3; round++) {
      const writers = Array.from({ length: 8 }, (_, at) => write(`${round}-${at}`));
      await until('all eight have written', () => acknowledged.size === 8 * round);
      await wait(round * 17); // the moment must vary
      isAway = true;
      await durable.stop('kill');
      await Promise.all(writers);
      await durable.start();
      isAway = false;
      const listed = await eventually(() => idsOf(backend, 'ann'));
      for (const [id, { number, version }] of acknowledged) {
        const record = await eventually(() => backend.get(id));
        const stored = parseNumbered(record?.data ?? new Uint8Array());
        expect([number, number + 1]).toContain(stored); // the one that was under way may have been done
        if (stored === number) expect(record?.version).toBe(version);
        expect(listed).toContain(id);
      }
    }
  });

  it('rejects writes when memory has run out, keeps what is there, and goes on when there is room', async () => {
    const backend = await create();
    const record = await written(backend, 'a', one, { expiresAt, subject: 'ann' });
    const used = Number(/used_memory:(\d+)/.exec(await admin.info('memory'))?.[1]);
    await admin.config('SET', 'maxmemory', used + 3_000_000);
    const filled: string[] = [];
    let refusal: Error | undefined;
    while (refusal === undefined && filled.length < 100) {
      const id = `fill-${filled.length}`;
      const outcome = await outcomeOf(write(backend, id, two, { expiresAt, subject: 'ann' }));
      if (outcome instanceof Error) refusal = outcome;
      else filled.push(id);
    }
    expect(refusal?.message).toContain('OOM');
    expect(inspect(refusal, { depth: 10 })).not.toMatch(/fill-|subject|þþ/); // nor what was sent
    expect(filled).not.toEqual([]);
    await admin.config('SET', 'maxmemory', 1); // nor what takes next to nothing
    for (const options of [{}, { over: null }, { over: record }, { subject: 'ann' }, { subject: 'bob' }]) {
      await expect(write(backend, 'a', one, { expiresAt, ...options })).rejects.toThrow('OOM');
    }
    expect(await backend.get('a')).toEqual(record);
    expect(await idsOf(backend, 'ann')).toEqual(expect.arrayContaining(['a', ...filled]));
    for (const id of filled) expect(await backend.delete(id)).toBe(true);
    await admin.config('SET', 'maxmemory', used + 3_000_000);
    await written(backend, 'a', two, { expiresAt, over: record });
  });

  it('goes on after FLUSHALL and SCRIPT FLUSH', async () => {
    const backend = await create();
    const over = await written(backend, 'a', one, { expiresAt, subject: 'ann' });
    await admin.flushall();
    await admin.script('FLUSH');
    expect(await backend.get('a')).toBeUndefined();
    expect(await idsOf(backend, 'ann')).toEqual([]);
    expect(await write(backend, 'a', one, { expiresAt, over, subject: 'ann' })).toBe(false);
    await written(backend, 'a', two, { expiresAt, over: null, subject: 'ann' });
    expect(await idsOf(backend, 'ann')).toEqual(['a']);
  });

  it('loses, tears and unlists nothing when a writer is killed', async () => {
    const backend = await create();
    for (const last of [1, 60, 120]) {
      const writer = new TalkingProcess('redis-process.ts', kind, String(server.port));
      await writer.start(last);
      const told = Number((await writer.kill()).at(-1));
      expect(told).toBeGreaterThanOrEqual(last);
      const counted = parseNumbered((await backend.get('counted'))?.data ?? new Uint8Array());
      expect([told, told + 1]).toContain(counted);
      const listed = new Set(await idsOf(backend, 'writer'));
      for (let number = 1; number <= told + 2; number++) {
        const record = await backend.get(`of-${number}`);
        if (number <= told) expect(record).toBeDefined();
        if (record !== undefined) expect(parseNumbered(record.data)).toBe(number);
        if (number <= told) expect(listed.has(`of-${number}`)).toBe(true); // and nothing is said of what was not acknowledged
      }
      await admin.flushall();
    }
  });
});

/** The result or the error, which is an Error. */
async function outcomeOf<T>(pending: T | Promise<T>): Promise<T | Error> {
  try {
    return await pending;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}
