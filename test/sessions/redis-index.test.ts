/** What redis() promises of a subject's sessions: that no live record is ever missing from a list. Against memory(), and against foreign keys. */
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../packages/sessions/src/backend.ts';
import { memory } from '../../packages/sessions/src/memory.ts';
import { BROWSE } from '../../packages/sessions/src/redis/scripts.ts';
import { type IoredisClient, redis } from '../../packages/sessions/src/redis.ts';
import { missing, startRedis, type TestServer } from './support/servers.ts';

const NOW = 2_000_000_000;
const data = Uint8Array.of(1, 2, 3);

describe.skipIf(missing('redis'))('redis()', () => {
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

  function create(through: IoredisClient = client): Backend {
    time = NOW;
    prefix = `index-${++prefixes}:`;
    return redis(through, { now: () => time, prefix });
  }
  const expiryOf = (key: string) => client.call('PEXPIRETIME', prefix + key); // -1: never, -2: no key

  describe('and the index of a subject', () => {
    it('keeps an id in the index while its record is prolonged, and the index as long', async () => {
      const backend = create();
      await backend.set('a', data, { expiresAt: NOW + 100, subject: 'ann' });
      for (let round = 0; round < 200; round++) {
        time += 1 + ((round * 37) % 99);
        const expiresAt = time + 100 + ((round * 53) % 200);
        if (round % 3 > 0) expect(await backend.touch('a', expiresAt)).toBe(true);
        else {
          const ifVersion = (await backend.get('a'))?.version ?? null;
          expect(await backend.set('a', data, { expiresAt, ifVersion, subject: 'ann' })).toBeTypeOf('string');
        }
        expect(await listOf(backend, 'ann')).toEqual([`a ${expiresAt}`]);
        expect(Number(await expiryOf('subject:ann'))).toBeGreaterThanOrEqual(Number(await expiryOf('record:a')));
      }
    });

    it('drops ids a day after their time, 100 with each that comes', async () => {
      const backend = create();
      const ids = Array.from({ length: 150 }, (_, at) => `id-${at}`);
      await Promise.all(ids.map((id) => backend.set(id, data, { expiresAt: NOW + 100, subject: 'ann' })));
      const login = () => backend.set('kept', data, { expiresAt: time + 1000, subject: 'ann' });
      const lengths: number[] = [];
      for (const later of [200 + 86_399, 200 + 86_400, 200 + 86_401]) {
        time = NOW + later;
        await login();
        lengths.push(await client.zcard(`${prefix}subject:ann`));
      }
      expect(lengths).toEqual([151, 51, 1]);
    });

    it('lists a record no shorter for a write of another end, done or refused', async () => {
      const backend = create();
      await backend.set('a', data, { expiresAt: NOW + 100, subject: 'ann' });
      expect(await backend.set('a', data, { expiresAt: NOW + 10, subject: 'ann', ifVersion: null })).toBe(false);
      await backend.set('b', data, { expiresAt: NOW + 10, subject: 'ann' });
      expect(await client.zscore(`${prefix}subject:ann`, 'a')).toBe(String((NOW + 200) * 1000));
      expect(await expiryOf('subject:ann')).toBe((NOW + 200) * 1000);
      await backend.set('a', data, { expiresAt: NOW + 10, subject: 'ann' });
      expect(await client.zscore(`${prefix}subject:ann`, 'a')).toBe(String((NOW + 200) * 1000));
    });

    it('does not take for gone what another is about to write', async () => {
      const held = holdBack(client);
      const backend = create(held.client);
      const writing = backend.set('a', data, { expiresAt: NOW + 100, subject: 'ann', ifVersion: null });
      await held.reached(`${prefix}record:a`);
      time += 99; // the writer was stopped for almost as long as the record lives
      expect(await listOf(backend, 'ann')).toEqual([]);
      await backend.set('b', data, { expiresAt: NOW + 100, subject: 'ann' });
      held.letGo();
      expect(await writing).toBeTypeOf('string');
      expect(await listOf(backend, 'ann')).toEqual([`a ${NOW + 100}`, `b ${NOW + 100}`]);
    });

    it('writes no record that it could not list', async () => {
      const backend = create();
      await client.set(`${prefix}subject:ann`, 'of someone else');
      const options = { expiresAt: NOW + 100, subject: 'ann' };
      await expect(backend.set('a', data, options)).rejects.toThrow('WRONGTYPE');
      expect(await backend.get('a')).toBeUndefined();
      const version = await backend.set('a', data, { ...options, subject: 'bob' });
      await expect(backend.set('a', data, { ...options, ifVersion: String(version) })).rejects.toThrow('WRONGTYPE');
      expect(await backend.get('a')).toMatchObject({ version });
      await expect(listOf(backend, 'ann')).rejects.toThrow('WRONGTYPE');
      expect(await listOf(backend, 'bob')).toEqual([`a ${NOW + 100}`]);
    });

    it('lists an id once that stands on two pages of the index', async () => {
      const backend = create({
        evalsha: async (sha1, count, ...args) => {
          const answer = await client.evalsha(sha1, count, ...args);
          return sha1 === BROWSE.sha1 && Array.isArray(answer)
            ? [args.at(-1) === '0' ? '7' : '0', ...answer.slice(1), ...answer.slice(1)]
            : answer;
        },
        eval: (source, count, ...args) => client.eval(source, count, ...args),
        hmget: (key, ...fields) => client.hmget(key, ...fields),
      });
      await backend.set('a', data, { expiresAt: NOW + 100, subject: 'ann' });
      await backend.set('b', data, { expiresAt: NOW + 100, subject: 'ann' });
      await client.script('LOAD', BROWSE.source);
      expect(await listOf(backend, 'ann')).toEqual([`a ${NOW + 100}`, `b ${NOW + 100}`]);
    });

    it.each(['', ' ', '{a}', '}{', 'ä€😀', 'a\r\nb\0', 'record:a', '__proto__', 'x'.repeat(1_000)])(
      'lists under %j',
      async (subject) => {
        const backend = create();
        await backend.set('a', data, { expiresAt: NOW + 100, subject });
        await backend.set('b', data, { expiresAt: NOW + 100, subject: `${subject}.` });
        expect(await listOf(backend, subject)).toEqual([`a ${NOW + 100}`]);
      },
    );
  });

  it('does in 3,000 random steps what memory() does', async () => {
    const backend = create();
    const model = memory({ now: () => time });
    const versions = new Map<string, string>(); // the model's -> ours
    let seed = 5;
    const next = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    for (let step = 0; step < 3_000; step++) {
      const id = `id-${next(4)}`;
      const expiresAt = time + next(40) - 5 + next(4) / 4;
      const subject = [undefined, 'ann', 'bob'][next(3)];
      const action = next(10);
      if (action < 4) {
        const present = await model.get(id);
        const [expected, given] =
          [
            [undefined, undefined],
            [null, null],
            [present?.version ?? '0', versions.get(present?.version ?? '') ?? '0'],
          ][next(3)] ?? [];
        const options = { expiresAt, ...(subject !== undefined && { subject }) };
        const written = await model.set(id, Uint8Array.of(step), {
          ...options,
          ...(expected !== undefined && { ifVersion: expected }),
        });
        const ours = await backend.set(id, Uint8Array.of(step), {
          ...options,
          ...(given !== undefined && { ifVersion: given }),
        });
        expect(Boolean(ours)).toBe(Boolean(written));
        if (written && ours) versions.set(written, ours);
      } else if (action < 6) expect(await backend.touch(id, expiresAt)).toBe(await model.touch(id, expiresAt));
      else if (action < 7) expect(await backend.delete(id)).toBe(await model.delete(id));
      else if (action < 8) time += next(12) / 4;
      const stored = await model.get(id);
      const version = versions.get(stored?.version ?? '');
      expect(await backend.get(id)).toEqual(stored && { ...stored, version });
      expect(await listOf(backend, subject ?? 'ann')).toEqual(await listOf(model, subject ?? 'ann'));
    }
  });

  it.each(['', '*', '-', '=', 'of no record', '\0', '%00'])(
    'takes the version %j for none of its own',
    async (ifVersion) => {
      const backend = create();
      expect(await backend.set('a', data, { expiresAt: NOW + 1, ifVersion })).toBe(false);
      const version = await backend.set('a', data, { expiresAt: NOW + 1 });
      expect(await backend.set('a', Uint8Array.of(9), { expiresAt: NOW + 1, ifVersion })).toBe(false);
      expect(await backend.get('a')).toMatchObject({ version, data });
    },
  );

  it('rejects where another kind of key stands under the name of a record, and leaves it alone', async () => {
    const backend = create();
    await client.set(`${prefix}record:a`, 'of someone else');
    for (const call of [
      () => backend.get('a'),
      () => backend.set('a', data, { expiresAt: NOW + 1 }),
      () => backend.touch('a', NOW + 1),
      () => backend.delete('a'),
    ]) {
      await expect(call()).rejects.toThrow('WRONGTYPE');
    }
    expect(await client.get(`${prefix}record:a`)).toBe('of someone else');
    expect(await backend.set('b', data, { expiresAt: NOW + 1 })).toBeTypeOf('string');
  });

  it.each<Record<string, string>>([
    { foreign: '1' },
    { v: 'version', x: 'never', d: '1' },
    { v: 'version', d: '1' },
    { x: String(NOW + 1), d: '1' },
  ])('takes the hash %j for no record', async (fields) => {
    const backend = create();
    await client.hset(`${prefix}record:a`, fields);
    expect(await backend.get('a')).toBeUndefined();
    expect(await backend.touch('a', NOW + 1)).toBe(false);
    expect(await backend.set('a', data, { expiresAt: NOW + 1, ifVersion: 'version' })).toBe(false);
    const version = await backend.set('a', data, { expiresAt: NOW + 1, ifVersion: null });
    expect(await backend.get('a')).toEqual({ data, version, expiresAt: NOW + 1 });
  });
});

/** A client whose next script on a key that ends in `record:…` waits until it is let go. */
function holdBack(inner: Redis): { client: IoredisClient; reached(key: string): Promise<void>; letGo(): void } {
  let letGo = () => {};
  let held: Promise<void> | undefined;
  const keys: string[] = [];
  const pass = async (key: string) => {
    keys.push(key);
    if (held !== undefined || !key.includes('record:')) return;
    held = new Promise((resolve) => (letGo = resolve));
    await held;
  };
  return {
    client: {
      evalsha: async (sha1, count, key = '', ...args) => {
        await pass(key);
        return inner.evalsha(sha1, count, key, ...args);
      },
      eval: (source, count, ...args) => inner.eval(source, count, ...args),
      hmget: (key, ...fields) => inner.hmget(key, ...fields),
    },
    reached: async (key) => {
      while (!keys.includes(key)) await wait(1);
    },
    letGo: () => letGo(),
  };
}

async function listOf(backend: Backend, subject: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { id, expiresAt } of backend.list?.(subject) ?? []) found.push(`${id} ${expiresAt}`);
  return found.sort();
}
