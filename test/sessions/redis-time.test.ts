/** What redis() makes of times: when the server removes a record, and what counts as expired before it does. */
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../packages/sessions/src/backend.ts';
import { formatMilliseconds, formatTime, parseTime } from '../../packages/sessions/src/redis/format.ts';
import { redis } from '../../packages/sessions/src/redis.ts';
import { missing, startRedis, type TestServer } from './support/servers.ts';

const NOW = 2_000_000_000;
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

  it.each<{ name: string; expiresAt: number; kept?: number; removed: number }>([
    { name: 'a fraction, rounded up', expiresAt: NOW + 0.1234567, removed: NOW * 1000 + 124 },
    { name: 'the last millisecond of a Date', expiresAt: 8.64e12 - 0.001, removed: 8.64e15 - 1 },
    { name: 'the first after it', expiresAt: 8.64e12, removed: -1 },
    { name: 'what no 64 bits hold', expiresAt: 1e20, removed: -1 },
    { name: 'the largest number', expiresAt: Number.MAX_VALUE, kept: Infinity, removed: -1 },
    { name: 'infinity', expiresAt: Infinity, removed: -1 },
  ])('keeps a record until $name', async ({ expiresAt, kept = expiresAt, removed }) => {
    const backend = create();
    await backend.set('a', data, { expiresAt, subject: 'ann' });
    expect(await backend.get('a')).toMatchObject({ data, expiresAt: kept });
    expect(await listOf(backend, 'ann')).toEqual([`a ${kept}`]);
    expect(await expiryOf('record:a')).toBe(removed);
    await backend.touch('a', NOW + 1);
    expect(await expiryOf('record:a')).toBe((NOW + 1) * 1000);
    expect(await backend.touch('a', expiresAt)).toBe(true);
    expect(await backend.get('a')).toMatchObject({ data, expiresAt: kept });
    expect(await expiryOf('record:a')).toBe(removed);
    expect(await listOf(backend, 'ann')).toEqual([`a ${kept}`]);
  });

  it.each([NOW, NOW - 1, 1, 0, -0, -1, -1e20, -Number.MAX_VALUE, -Infinity, Number.NaN])(
    'takes what expired at %d for absent',
    async (expiresAt) => {
      const backend = create();
      expect(await backend.set('a', data, { expiresAt, subject: 'ann' })).toBeTypeOf('string');
      expect(await backend.get('a')).toBeUndefined();
      expect(await backend.delete('a')).toBe(false);
      await backend.set('a', data, { expiresAt: NOW + 1, subject: 'ann' });
      expect(await backend.touch('a', expiresAt)).toBe(true);
      expect(await backend.get('a')).toBeUndefined();
      expect(await backend.touch('a', NOW + 1)).toBe(false);
      expect(await listOf(backend, 'ann')).toEqual([]);
      expect(await backend.set('a', data, { expiresAt: NOW + 1, ifVersion: null })).toBeTypeOf('string');
    },
  );

  it('compares it exactly, and again when the answer comes', async () => {
    const backend = create();
    await backend.set('a', data, { expiresAt: NOW + 0.0004, subject: 'ann' });
    time = NOW + 0.0003;
    expect(await backend.get('a')).toMatchObject({ expiresAt: NOW + 0.0004 });
    const slow = redis(client, { now: () => (time += 0.0001), prefix }); // the next time it looks, the time has come
    time = NOW + 0.00035;
    expect(await slow.get('a')).toBeUndefined();
    time = NOW + 0.00025;
    expect(await listOf(slow, 'ann')).toEqual([]);
    time = NOW + 0.0002;
    expect(await listOf(backend, 'ann')).toEqual([`a ${NOW + 0.0004}`]);
  });

  it('lets the server remove what nobody asks for, by its own clock', async () => {
    const name = 'by-itself:';
    const backend = redis(client, { prefix: name });
    const expiresAt = Date.now() / 1000 + 0.2;
    await backend.set('a', data, { expiresAt, subject: 'ann' });
    await backend.set('b', data, { expiresAt: expiresAt + 1e6, subject: 'bob' });
    const deadline = performance.now() + 10_000;
    const left = async () => (await client.keys(`${name}*`)).sort();
    while ((await left()).length > 2 && performance.now() < deadline) await wait(20);
    expect(await left()).toEqual([`${name}record:b`, `${name}subject:bob`]);
  });

  it.each<[seconds: number, time: string, milliseconds: string]>([
    [1.0001, '1.0001', '1001'],
    [1e21, '1e+21', '8640000000000000'],
    [8.64e12, '8640000000000', '8640000000000000'],
    [Infinity, '1e+300', '8640000000000000'],
    [0, '0', '1'],
    [-5, '-5', '1'],
    [-Infinity, '-1e+300', '1'],
    [Number.NaN, '-1e+300', '1'],
  ])('sends the time %d as numerals that every Lua reads', (seconds, text, milliseconds) => {
    expect(formatTime(seconds)).toBe(text);
    expect(formatMilliseconds(seconds)).toBe(milliseconds);
    expect(parseTime(text)).toBe(Number.isNaN(seconds) ? -Infinity : seconds);
  });
});

async function listOf(backend: Backend, subject: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { id, expiresAt } of backend.list?.(subject) ?? []) found.push(`${id} ${expiresAt}`);
  return found.sort();
}
