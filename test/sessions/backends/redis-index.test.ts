/** What redis() promises of a subject's sessions: that no acknowledged record is ever missing from a list. Against memory(), and against foreign keys. */
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend, StoredRecord } from '../../../packages/sessions/src/backends/backend.ts';
import { memory } from '../../../packages/sessions/src/backends/memory.ts';
import { type RedisClient, redis } from '../../../packages/sessions/src/backends/redis.ts';
import { entriesOf, idsOf } from '../support/listing.ts';
import { missing, startRedis, type TestServer } from '../support/servers.ts';
import { write, written } from '../support/write.ts';

const NOW = 2_000_000_000;
const LATER = NOW + 100;
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

  function create(through: RedisClient = client): Backend {
    time = NOW;
    prefix = `index-${++prefixes}:`;
    return redis(through, { now: () => time, prefix });
  }
  const expiryOf = (key: string) => client.call('PEXPIRETIME', prefix + key); // -1: never, -2: no key

  describe('and the index of a subject', () => {
    it('keeps an id in the index while its record is renewed, and the index as long', async () => {
      const backend = create();
      await written(backend, 'a', data, { expiresAt: LATER, subject: 'ann' });
      for (let round = 0; round < 200; round++) {
        time += 1 + ((round * 37) % 99);
        const expiresAt = time + 100 + ((round * 53) % 200);
        const over = await backend.get('a');
        if (over === undefined) throw new Error('gone');
        await written(backend, 'a', data, { expiresAt, subject: 'ann', over: round % 3 > 0 ? over : { ...over } });
        expect(await entriesOf(backend, 'ann')).toEqual([{ id: 'a', expiresAt }]);
        expect(Number(await expiryOf('subject:ann'))).toBeGreaterThanOrEqual(Number(await expiryOf('record:a')));
      }
    });

    it('drops ids five minutes after their time, 100 with each that comes', async () => {
      const backend = create();
      const ids = Array.from({ length: 150 }, (_, at) => `id-${at}`);
      await Promise.all(ids.map((id) => written(backend, id, data, { expiresAt: LATER, subject: 'ann' })));
      const lengths: number[] = [];
      for (const later of [200 + 299, 200 + 300, 200 + 301]) {
        time = NOW + later;
        await written(backend, 'kept', data, { expiresAt: time + 1000, subject: 'ann' });
        lengths.push(await client.zcard(`${prefix}subject:ann`));
      }
      expect(lengths).toEqual([151, 51, 1]);
    });

    it('lists a record no shorter for a write of another end, done or not', async () => {
      const backend = create();
      await written(backend, 'a', data, { expiresAt: LATER, subject: 'ann' });
      expect(await write(backend, 'a', data, { expiresAt: NOW + 10, subject: 'ann', over: null })).toBe(false);
      await written(backend, 'b', data, { expiresAt: NOW + 10, subject: 'ann' });
      expect(await client.zscore(`${prefix}subject:ann`, 'a')).toBe(String((NOW + 200) * 1000));
      expect(await expiryOf('subject:ann')).toBe((NOW + 200 + 300) * 1000);
      await written(backend, 'a', data, { expiresAt: NOW + 10, subject: 'ann' });
      expect(await client.zscore(`${prefix}subject:ann`, 'a')).toBe(String((NOW + 200) * 1000));
    });

    it('does not take for gone what another is about to write', async () => {
      const held = holdBack(client, 'setBuffer');
      const backend = create(held.client);
      const writing = written(backend, 'a', data, { expiresAt: LATER, subject: 'ann', over: null });
      await held.reached;
      await expect.poll(() => client.zcard(`${prefix}subject:ann`)).toBe(1);
      time += 99; // the writer was stopped for almost as long as the record lives
      expect(await idsOf(backend, 'ann')).toEqual([]);
      await written(backend, 'b', data, { expiresAt: LATER, subject: 'ann' });
      held.letGo();
      await writing;
      expect(await idsOf(backend, 'ann')).toEqual(['a', 'b']);
    });

    it('acknowledges no record that is not listed yet', async () => {
      const held = holdBack(client, 'evalshaBuffer');
      const backend = create(held.client);
      let isDone = false;
      const writing = written(backend, 'a', data, { expiresAt: LATER, subject: 'ann' }).then(() => (isDone = true));
      await held.reached;
      await expect.poll(() => backend.get('a')).toBeDefined();
      expect([isDone, await idsOf(backend, 'ann')]).toEqual([false, []]);
      const other = redis(client, { now: () => time, prefix });
      const over = await other.get('a'); // whoever finds it writes it on, and lists it first
      await written(other, 'a', data, { expiresAt: LATER, subject: 'ann', ...(over && { over }) });
      expect(await idsOf(other, 'ann')).toEqual(['a']);
      held.letGo();
      await writing;
    });

    it('acknowledges no record that it could not list', async () => {
      const backend = create();
      await client.set(`${prefix}subject:ann`, 'of someone else');
      const options = { expiresAt: LATER, subject: 'ann' };
      await expect(written(backend, 'a', data, options)).rejects.toThrow('WRONGTYPE');
      await expect(backend.get('a')).resolves.toBeDefined(); // it may have been done
      const record = await written(backend, 'a', data, { ...options, subject: 'bob' });
      const over = (await backend.get('a')) ?? null;
      for (const there of [over, record]) {
        await expect(written(backend, 'a', data, { ...options, over: there })).rejects.toThrow('WRONGTYPE');
        await written(backend, 'a', data, { ...options, subject: 'bob' });
      }
      await expect(idsOf(backend, 'ann')).rejects.toThrow('WRONGTYPE');
      expect(await idsOf(backend, 'bob')).toEqual(['a']);
    });

    it('lists an id once that stands on two pages of the index', async () => {
      const backend = create(
        replacing(client, 'zscanBuffer', async (original, words) => {
          const answer = await original();
          const entries: unknown = Array.isArray(answer) ? answer[1] : [];
          return [Buffer.from(words[1] === '0' ? '7' : '0'), [entries, entries].flat(2)];
        }),
      );
      await written(backend, 'a', data, { expiresAt: LATER, subject: 'ann' });
      await written(backend, 'b', data, { expiresAt: LATER, subject: 'ann' });
      expect(await idsOf(backend, 'ann')).toEqual(['a', 'b']);
    });

    it.each(['', ' ', '0', '{a}', '}{', 'ä€😀', 'a\r\nb\0', 'record:a', '__proto__', 'x'.repeat(1_000)])(
      'lists under %j',
      async (subject) => {
        const backend = create();
        for (const expiresAt of [LATER, LATER + 1, LATER + 200]) {
          const over = await backend.get('a');
          await written(backend, 'a', data, { expiresAt, subject, ...(over && { over }) });
          await written(backend, 'b', data, { expiresAt, subject: `${subject}.` });
          expect(await entriesOf(backend, subject)).toEqual([{ id: 'a', expiresAt }]);
        }
      },
    );
  });

  it('does in 3,000 random steps what memory() does', async () => {
    const backend = create();
    const model = memory({ now: () => time });
    let seed = 5;
    const next = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    let last: StoredRecord = { data, version: 'of-none', expiresAt: LATER };
    for (let step = 0; step < 3_000; step++) {
      const id = `id-${next(4)}`;
      const expiresAt = time + next(40) - 5 + next(4) / 4;
      const subject = [undefined, 'ann', 'bob'][next(3)];
      const action = next(10);
      if (action < 6) {
        const [modelled, there] = [await model.get(id), await backend.get(id)];
        const overs = [
          { model: undefined, ours: undefined },
          { model: null, ours: null },
          { model: modelled ?? last, ours: there ?? last },
          { model: modelled ?? last, ours: { ...(modelled ?? last) } },
          { model: last, ours: last },
        ];
        const over = overs[next(5)];
        const options = { version: `step-${step}`, expiresAt, ...(subject !== undefined && { subject }) };
        const isWritten = await model.set(id, Uint8Array.of(step), {
          ...options,
          ...(over?.model !== undefined && { over: over.model }),
        });
        const ours = backend.set(id, Uint8Array.of(step), {
          ...options,
          ...(over?.ours !== undefined && { over: over.ours }),
        });
        expect(await ours).toBe(isWritten);
        if (modelled !== undefined && next(2) === 0) last = modelled;
      } else if (action < 7) expect(await backend.delete(id)).toBe(await model.delete(id));
      else if (action < 8) time += next(12) / 4;
      expect(await backend.get(id)).toEqual(await model.get(id));
      expect(await entriesOf(backend, subject ?? 'ann')).toEqual(await entriesOf(model, subject ?? 'ann'));
    }
  });

  it.each(['', '*', '-', '=', ' ', 'of-no-record', '\0', '%00', 'mine ', 'min'])(
    'takes the version %j for none of its own',
    async (version) => {
      const backend = create();
      const over = { data, version, expiresAt: LATER };
      expect(await write(backend, 'a', data, { expiresAt: LATER, over })).toBe(false);
      await backend.set('a', data, { version: 'mine', expiresAt: LATER });
      expect(await write(backend, 'a', Uint8Array.of(9), { expiresAt: LATER, over })).toBe(false);
      expect(await backend.get('a')).toMatchObject({ version: 'mine', data });
    },
  );

  describe('rejects under the name of a record, and leaves alone,', () => {
    it.each<{ name: string; put: (key: string) => unknown; message: string }>([
      { name: 'a hash', put: (key) => client.hset(key, 'v', '1'), message: 'WRONGTYPE' },
      { name: 'an empty string', put: (key) => client.set(key, ''), message: 'see its cause' },
      { name: 'a string without a line', put: (key) => client.set(key, `v ${LATER}`), message: 'see its cause' },
      { name: 'a line without a time', put: (key) => client.set(key, 'v later\n'), message: 'see its cause' },
      { name: 'a line without a version', put: (key) => client.set(key, ` ${LATER}\n`), message: 'see its cause' },
      { name: 'bytes', put: (key) => client.set(key, Buffer.of(255, 0, 10)), message: 'see its cause' },
    ])('$name', async ({ put, message }) => {
      const backend = create();
      await put(`${prefix}record:a`);
      const there = await client.dump(`${prefix}record:a`);
      await expect(backend.get('a')).rejects.toThrow(message);
      await expect(written(backend, 'a', data, { expiresAt: LATER, over: null })).rejects.toThrow(message);
      const over = { data, version: 'x', expiresAt: LATER };
      const replaced = await write(backend, 'a', data, { expiresAt: LATER, over }).catch(() => false);
      expect([replaced, await client.dump(`${prefix}record:a`)]).toEqual([false, there]);
      const record = await written(backend, 'a', data, { expiresAt: LATER }); // of this name there is nothing else
      expect(await backend.get('a')).toEqual(record);
    });
  });
});

type Words = readonly unknown[];

/** The client with another method in place of one of its own, which gets that as `original`. */
function replacing(
  inner: Redis,
  method: string,
  replacement: (original: () => unknown, words: Words) => unknown,
): Redis {
  return new Proxy(inner, {
    get(target, name) {
      const found: unknown = Reflect.get(target, name, target);
      if (typeof found !== 'function') return found;
      return (...words: Words) => {
        const original = () => Reflect.apply(found, target, words);
        return name === method ? replacement(original, words) : original();
      };
    },
  });
}

/** The client, whose first call of the method waits until it is let go. */
function holdBack(inner: Redis, method: string): { client: Redis; reached: Promise<void>; letGo(): void } {
  let letGo = () => {};
  let reach = () => {};
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  const reached = new Promise<void>((resolve) => (reach = resolve));
  let calls = 0;
  const client = replacing(inner, method, async (original) => {
    if (calls++ > 0) return await original();
    reach();
    await gate;
    return await original();
  });
  return { client, reached, letGo: () => letGo() };
}
