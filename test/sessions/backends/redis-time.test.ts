/** What redis() makes of times: when the server removes a record, and what counts as expired before it does. */
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../../packages/sessions/src/backends/backend.ts';
import { redis } from '../../../packages/sessions/src/backends/redis.ts';
import { entriesOf } from '../support/listing.ts';
import { missing, startRedis, type TestServer } from '../support/servers.ts';
import { write, written } from '../support/write.ts';

const NOW = 2_000_000_000;
const KEPT = 300; // seconds that the server keeps what has expired
const data = Uint8Array.of(1, 2, 3);

describe.skipIf(missing('redis'))('redis() and the time', () => {
  let server: TestServer;
  let client: Redis;
  let time = NOW;
  let prefix = '';
  let prefixes = 0;

  beforeAll(async () => {
    server = await startRedis();
    client = new Redis(server.port);
    await once(client, 'ready');
  });
  afterAll(async () => {
    client?.disconnect();
    await server?.remove();
  });

  function create(): Backend {
    time = NOW;
    prefix = `time-${++prefixes}:`;
    return redis(client, { now: () => time, prefix });
  }
  const expiryOf = (key: string) => client.call('PEXPIRETIME', prefix + key); // -1: never, -2: no key

  it.each<{ name: string; expiresAt: number; removed: number }>([
    { name: 'a fraction, rounded up', expiresAt: NOW + 0.1234567, removed: NOW * 1000 + 124 + KEPT * 1000 },
    { name: 'the last millisecond of a Date', expiresAt: 8.64e12 - 0.001, removed: 8.64e15 },
    { name: 'the first after it', expiresAt: 8.64e12, removed: -1 },
    { name: 'what no 64 bits hold', expiresAt: 1e20, removed: -1 },
    { name: 'the largest number', expiresAt: Number.MAX_VALUE, removed: -1 },
    { name: 'infinity', expiresAt: Infinity, removed: -1 },
  ])('keeps a record until $name, however it is written', async ({ expiresAt, removed }) => {
    const backend = create();
    const subject = 'ann';
    const expectKept = async () => {
      expect(await backend.get('a')).toMatchObject({ data, expiresAt });
      expect(await expiryOf('record:a')).toBe(removed);
      expect(await entriesOf(backend, 'ann')).toEqual([{ id: 'a', expiresAt }]);
    };
    await written(backend, 'a', data, { expiresAt, subject });
    await expectKept();
    const short = await written(backend, 'a', data, { expiresAt: NOW + 1 });
    expect(await expiryOf('record:a')).toBe((NOW + 1 + KEPT) * 1000);
    await written(backend, 'a', data, { expiresAt, subject, over: short });
    await expectKept();
    await backend.delete('a');
    await written(backend, 'a', data, { expiresAt, subject, over: null });
    await expectKept();
  });

  it.each([NOW, NOW - 1, NOW - KEPT, 1, 0, -0, -1, -1e20, -Number.MAX_VALUE, -Infinity])(
    'takes what expired at %d for absent',
    async (expiresAt) => {
      const backend = create();
      const expired = await written(backend, 'a', data, { expiresAt, subject: 'ann' });
      expect(await backend.get('a')).toBeUndefined();
      expect(await backend.delete('a')).toBe(false);
      const over = await written(backend, 'a', data, { expiresAt: NOW + 1, subject: 'ann' });
      await written(backend, 'a', data, { expiresAt, over });
      expect(await backend.get('a')).toBeUndefined();
      expect(await entriesOf(backend, 'ann')).toEqual([]);
      expect(await write(backend, 'a', data, { expiresAt: NOW + 1, over: expired })).toBe(false);
      await written(backend, 'a', data, { expiresAt: NOW + 1, over: null });
    },
  );

  it('compares it exactly, and again when the answer comes', async () => {
    const backend = create();
    await written(backend, 'a', data, { expiresAt: NOW + 0.0004, subject: 'ann' });
    time = NOW + 0.0003;
    expect(await backend.get('a')).toMatchObject({ expiresAt: NOW + 0.0004 });
    time = NOW + 0.0004;
    expect(await backend.get('a')).toBeUndefined();
    time = NOW + 0.0003;
    const reading = backend.get('a');
    time = NOW + 0.0004; // while it is under way
    expect(await reading).toBeUndefined();
  });

  it('creates over what has expired once, for 20 who come at once', async () => {
    const backend = create();
    for (const id of ['a', 'b', 'c']) {
      await written(backend, id, data, { expiresAt: time + 1 });
      time += 1;
      const racers = Array.from({ length: 20 }, (_, at) =>
        write(backend, id, Uint8Array.of(at), { expiresAt: time + 100, over: null }),
      );
      const winners = (await Promise.all(racers)).filter((record) => record !== false);
      expect(winners).toHaveLength(1);
      expect(await backend.get(id)).toEqual(winners[0]);
    }
  });

  describe('with a clock of its own', () => {
    const serverTime = async () => Number((await client.time())[0]);

    it('loses nothing to a server whose clock is ahead by a minute or by four', async () => {
      const behind = (await serverTime()) - 240;
      const backend = redis(client, { now: () => behind, prefix: 'ahead:' });
      const first = await written(backend, 'a', data, { expiresAt: behind + 1, subject: 'ann', over: null });
      expect(await backend.get('a')).toEqual(first);
      const second = await written(backend, 'a', data, { expiresAt: behind + 2, subject: 'ann', over: first });
      expect(await backend.get('a')).toEqual(second);
      expect(await entriesOf(backend, 'ann')).toEqual([{ id: 'a', expiresAt: behind + 2 }]);
      expect(await write(backend, 'a', data, { expiresAt: behind + 3, over: null })).toBe(false);
    });

    it('is removed by the server, record and index, where nobody asks for it', async () => {
      const past = (await serverTime()) - KEPT;
      const backend = redis(client, { now: () => past, prefix: 'by-itself:' });
      await written(backend, 'a', data, { expiresAt: past + 1, subject: 'ann' });
      await written(backend, 'b', data, { expiresAt: past + 1e6, subject: 'bob' });
      const left = async () => (await client.keys('by-itself:*')).sort();
      await expect.poll(left).toEqual(['by-itself:record:b', 'by-itself:subject:bob']);
    });
  });
});
