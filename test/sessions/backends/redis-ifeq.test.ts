/** redis() with a server that has SET … IFEQ: one command to replace a record, and the script wherever that word cannot be relied on. */
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Backend, StoredRecord } from '../../../packages/sessions/src/backends/backend.ts';
import { type RedisClient, redis } from '../../../packages/sessions/src/backends/redis.ts';
import { backendContract } from '../../../packages/sessions/src/testing/contract.ts';
import { CLIENTS, openClient } from '../support/redis-clients.ts';
import { hasValkey, IfeqProxy } from '../support/redis-ifeq.ts';
import { Watch } from '../support/redis-watch.ts';
import { missing, startRedis, startValkey, type TestServer } from '../support/servers.ts';
import { write, written } from '../support/write.ts';

const NOW = 2_000_000_000;
const LATER = NOW + 100;
const data = Uint8Array.of(0, 10, 255);
let prefixes = 0;

describe.skipIf(missing('redis'))('redis() through a proxy that knows IFEQ', () => {
  let server: TestServer;
  let proxy: IfeqProxy;
  let watch: Watch;
  beforeAll(async () => {
    server = await startRedis();
    proxy = await IfeqProxy.start(server.port);
    watch = await Watch.start(server.port);
  });
  const clients: Redis[] = [];
  afterAll(async () => {
    for (const client of clients) client.disconnect();
    watch?.stop();
    proxy?.stop();
    await server?.remove();
  });
  beforeEach(() => void (proxy.mode = 'script'));

  function connect(): Redis {
    const client = new Redis(proxy.port, { retryStrategy: () => 20 });
    client.on('error', () => {}); // it is cut on purpose
    clients.push(client);
    return client;
  }

  describe.each(CLIENTS)('with %s', (kind) => {
    let opened: Awaited<ReturnType<typeof openClient>>;
    beforeAll(async () => void (opened = await openClient(kind, proxy.port)));
    afterAll(() => opened?.close());

    it.each(backendContract((now) => createAsked(opened.client, now)))('$name', ({ run }) => run());

    it('asks once whether the server has it, and then replaces with one command', async () => {
      const before = proxy.asked;
      const backend = create(opened.client);
      const first = await written(backend, 'a', data, { expiresAt: LATER, over: null });
      expect(proxy.asked).toBe(before);
      const second = await written(backend, 'a', data, { expiresAt: LATER, over: await read(backend, 'a', first) });
      await expect.poll(() => proxy.asked).toBe(before + 1);
      await watch.commands(); // the answer has come by now
      const third = await written(backend, 'a', data, { expiresAt: LATER, over: await read(backend, 'a', second) });
      expect((await watch.commands()).map(([name]) => name?.toLowerCase())).toEqual(['get', 'eval']);
      expect(proxy.asked).toBe(before + 2);
      await read(backend, 'a', third);
    });
  });

  it('says false if another record is there, without a second look', async () => {
    const backend = await createAsked(connect());
    const first = await written(backend, 'a', data, { expiresAt: LATER, subject: 'ann' });
    const over = await read(backend, 'a', first);
    const second = await written(backend, 'a', data, { expiresAt: LATER, subject: 'ann' }); // the same but for the version
    const before = proxy.asked;
    await watch.commands();
    expect(await write(backend, 'a', data, { expiresAt: LATER, over })).toBe(false);
    expect(await watch.commands()).toHaveLength(1);
    expect(proxy.asked).toBe(before + 1);
    await read(backend, 'a', second);
  });

  it('compares the version alone if the record is not as get() returned it, or long', async () => {
    const backend = await createAsked(connect());
    const before = proxy.asked;
    const first = await written(backend, 'a', data, { expiresAt: LATER, subject: 'ann' });
    const second = await written(backend, 'a', data, { expiresAt: LATER, over: { ...first } });
    const got = await read(backend, 'a', second);
    const third = await written(backend, 'a', new Uint8Array(10_000), { expiresAt: LATER, over: { ...got } });
    await written(backend, 'a', data, { expiresAt: LATER, over: await read(backend, 'a', third) });
    expect(proxy.asked).toBe(before);
  });

  it('does not mind that the bytes it gave were changed', async () => {
    const backend = await createAsked(connect());
    const first = await written(backend, 'a', data, { expiresAt: LATER });
    const over = await read(backend, 'a', first);
    over.data.fill(7);
    await written(backend, 'a', data, { expiresAt: LATER, over });
  });

  it('uses the script if the server does not know the word, or ignores it', async () => {
    for (const mode of ['error', 'ignore'] as const) {
      proxy.mode = mode;
      const before = proxy.asked;
      const backend = await createAsked(connect());
      const first = await written(backend, 'a', data, { expiresAt: LATER });
      const over = await read(backend, 'a', first);
      await written(backend, 'a', data, { expiresAt: LATER });
      expect(await write(backend, 'a', data, { expiresAt: LATER, over })).toBe(false); // or an update was lost
      expect(proxy.asked).toBe(before + 1);
    }
  });

  it('goes on with the script when an older server has taken over', async () => {
    const backend = await createAsked(connect());
    const first = await written(backend, 'a', data, { expiresAt: LATER });
    proxy.mode = 'error';
    const before = proxy.asked;
    const second = await written(backend, 'a', data, { expiresAt: LATER, over: await read(backend, 'a', first) });
    const over = await read(backend, 'a', second);
    await written(backend, 'a', data, { expiresAt: LATER, over });
    expect(await write(backend, 'a', data, { expiresAt: LATER, over })).toBe(false);
    expect(proxy.asked).toBe(before + 1);
  });

  it('finds its own write there when the client has sent it twice', async () => {
    const backend = await createAsked(connect());
    const over = await read(backend, 'a', await written(backend, 'a', data, { expiresAt: LATER }));
    proxy.mode = 'lose';
    expect(await backend.set('a', Uint8Array.of(9), { version: 'mine', expiresAt: LATER, over })).toBe(false);
    expect(await backend.get('a')).toMatchObject({ version: 'mine', data: Uint8Array.of(9) }); // as a store asks
  });

  it('lets one of 50 win in each of 20 rounds while it learns that the server has it', async () => {
    for (let round = 0; round < 20; round++) {
      const backend = create(connect());
      const over = await read(backend, 'a', await written(backend, 'a', data, { expiresAt: LATER }));
      const racers = Array.from({ length: 50 }, (_, at) =>
        write(backend, 'a', Uint8Array.of(at), { expiresAt: LATER, over: at % 2 ? over : { ...over } }),
      );
      const winners = (await Promise.all(racers)).filter((record) => record !== false);
      expect(winners).toHaveLength(1);
      expect(await backend.get('a')).toEqual(winners[0]);
    }
  });
});

describe.skipIf(missing('redis') || !hasValkey())('redis() with a Valkey that has IFEQ', () => {
  let server: TestServer;
  let watch: Watch;
  beforeAll(async () => {
    server = await startValkey();
    watch = await Watch.start(server.port);
  });
  afterAll(async () => {
    watch?.stop();
    await server?.remove();
  });

  describe.each(CLIENTS)('with %s', (kind) => {
    let opened: Awaited<ReturnType<typeof openClient>>;
    beforeAll(async () => void (opened = await openClient(kind, server.port)));
    afterAll(() => opened?.close());

    it.each(backendContract((now) => createAsked(opened.client, now)))('$name', ({ run }) => run());

    it('replaces with one command', async () => {
      const backend = await createAsked(opened.client);
      const over = await read(backend, 'a', await written(backend, 'a', data, { expiresAt: LATER }));
      await watch.commands();
      await written(backend, 'a', data, { expiresAt: LATER, over });
      expect(await write(backend, 'a', data, { expiresAt: LATER, over })).toBe(false);
      const words = (await watch.commands()).map(([name, , , word]) => `${name} ${word}`.toLowerCase());
      expect(words).toEqual(['set ifeq', 'set ifeq']);
    });
  });
});

function create(client: RedisClient, now = () => NOW): Backend {
  return redis(client, { now, prefix: `ifeq-${++prefixes}:` });
}

/** One that has asked the server, and knows. */
async function createAsked(client: RedisClient, now = () => NOW): Promise<Backend> {
  const backend = create(client, now);
  const record = await written(backend, 'first', data, { expiresAt: LATER });
  await written(backend, 'first', data, { expiresAt: LATER, over: await read(backend, 'first', record) });
  await Promise.all(Array.from({ length: 16 }, () => backend.get('first'))); // behind the question, on each connection of a pool
  await backend.delete('first');
  return backend;
}

async function read(backend: Backend, id: string, expected: StoredRecord): Promise<StoredRecord> {
  const record = await backend.get(id);
  expect(record).toEqual(expected);
  return record ?? expected;
}
