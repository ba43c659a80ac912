/** redis() with every client, held against the contract; its keys, its round trips, and that clients read each other's records. */
import { createHash } from 'node:crypto';
import { Redis, Cluster as RedisCluster } from 'ioredis';
import { Redis as Valkey, Cluster as ValkeyCluster } from 'iovalkey';
import { createClient, createClientPool, createCluster, createSentinel, RESP_TYPES } from 'redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../packages/sessions/src/backend.ts';
import { backendContract } from '../../packages/sessions/src/contract.ts';
import * as scripts from '../../packages/sessions/src/redis/scripts.ts';
import { type RedisClient, type RedisOptions, redis } from '../../packages/sessions/src/redis.ts';
import { CLIENTS, type ClientKind, type OpenClient, openClient } from './support/redis-clients.ts';
import { keysOf, slotOf, Watch } from './support/redis-watch.ts';
import { missing, startRedis, type TestServer } from './support/servers.ts';

const NOW = 2_000_000_000;
const LATER = NOW + 100;
const data = Uint8Array.of(1, 2, 3);
let prefixes = 0;

describe.skipIf(missing('redis'))('redis()', () => {
  let server: TestServer;
  let admin: Redis;
  let watch: Watch;
  const open = new Map<ClientKind, OpenClient>();

  beforeAll(async () => {
    server = await startRedis();
    admin = new Redis(server.port);
    watch = await Watch.start(server.port);
    for (const kind of CLIENTS) open.set(kind, await openClient(kind, server.port));
  });
  afterAll(async () => {
    for (const { close } of open.values()) close();
    watch?.stop();
    admin?.disconnect();
    await server?.remove();
  });

  /** One with keys of its own, in which nothing is. */
  function create(kind: ClientKind, options: RedisOptions = {}): Backend {
    const { client } = open.get(kind) ?? {};
    if (client === undefined) throw new Error('not connected');
    return redis(client, { now: () => NOW, prefix: `test-${++prefixes}:`, ...options });
  }

  describe.each(CLIENTS)('%s', (kind) => {
    it.each(backendContract((now) => create(kind, { now })))('$name', ({ run }) => run());

    it('asks once for get, set, delete and touch, in slots of a cluster that go together', async () => {
      const backend = create(kind);
      for (const script of Object.values(scripts))
        if (typeof script === 'object') await admin.script('LOAD', script.source);
      const count = async (asked: number, call: () => unknown, name = 'evalsha') => {
        await watch.commands();
        const result = await call();
        const commands = await watch.commands();
        expect(commands.map(([word]) => word?.toLowerCase())).toEqual(Array.from({ length: asked }, () => name));
        if (name === 'evalsha')
          for (const command of commands) expect(new Set(keysOf(command).map(slotOf)).size).toBe(1);
        return result;
      };
      const version = await count(1, () => backend.set('a', data, { expiresAt: LATER, ifVersion: null }));
      await count(1, () => backend.set('a', data, { expiresAt: LATER }));
      expect(await count(1, () => backend.set('a', data, { expiresAt: LATER, ifVersion: String(version) }))).toBe(
        false,
      );
      await count(1, () => backend.get('a'), 'hmget');
      await count(1, () => backend.touch('a', LATER + 1));
      expect(await count(1, () => backend.delete('a'))).toBe(true);

      const created = await count(2, () =>
        backend.set('b', data, { expiresAt: LATER, ifVersion: null, subject: 'ann' }),
      );
      const ifVersion = String(created);
      const replaced = await count(1, () => backend.set('b', data, { expiresAt: LATER, ifVersion, subject: 'ann' }));
      expect(replaced).toBeTypeOf('string');
      await count(1, () => backend.touch('b', LATER + 100)); // as long again as it was to live
      expect(await count(3, () => backend.touch('b', LATER + 101))).toBe(true);
      await count(1, () => backend.touch('b', LATER + 102));
      expect(
        await count(3, () => backend.set('b', data, { expiresAt: LATER, ifVersion: String(replaced), subject: 'bob' })),
      ).toBeTypeOf('string');
      await count(1, () => backend.set('b', data, { expiresAt: LATER }));
      await count(1, () => backend.delete('b'));
    });

    it('asks for what a subject may have 100 at a time', async () => {
      const backend = create(kind);
      const ids = Array.from({ length: 250 }, (_, at) => `id-${at}`);
      await Promise.all(ids.map((id) => backend.set(id, data, { expiresAt: LATER, subject: 'ann' })));
      await Promise.all(ids.slice(0, 50).map((id) => backend.delete(id)));
      await watch.commands();
      expect((await listOf(backend, 'ann')).sort()).toEqual(ids.slice(50).sort());
      const keys = (await watch.commands()).flatMap(keysOf);
      const pages = keys.filter((key) => key.endsWith('subject:ann')).length;
      expect(pages).toBeGreaterThan(1);
      expect(keys.length - pages).toBe(250);
    });

    it('sends a script as a whole where the server has it no more, within the call', async () => {
      const backend = create(kind);
      const version = String(await backend.set('a', data, { expiresAt: LATER, subject: 'ann' }));
      for (const call of [
        () => backend.get('a'),
        () => backend.touch('a', LATER + 1),
        () => listOf(backend, 'ann'),
        () => backend.set('b', data, { expiresAt: LATER, subject: 'ann' }),
        () => backend.set('a', data, { expiresAt: LATER, ifVersion: version }),
        () => backend.delete('a'),
      ]) {
        await admin.script('FLUSH');
        expect(await call()).toBeTruthy();
      }
    });
  });

  it.each(CLIENTS.flatMap((writer) => CLIENTS.map((reader) => ({ writer, reader }))))(
    '$reader reads what $writer wrote, every byte',
    async ({ writer, reader }) => {
      const prefix = `between-${++prefixes}:`;
      const pairs = Uint8Array.from({ length: 131_072 }, (_, at) => (at & 1 ? at >> 1 : at >> 9)); // each byte before each
      const invalid = Uint8Array.of(0xef, 0xbb, 0xbf, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0xff, 0xfe, 0x0d, 0x0a, 0x00); // as UTF-8
      for (const bytes of [pairs, invalid, new Uint8Array()]) {
        const version = await create(writer, { prefix }).set('a', bytes, { expiresAt: LATER, subject: 'ann' });
        const record = await create(reader, { prefix }).get('a');
        expect(record).toMatchObject({ version, expiresAt: LATER });
        expect(record?.data.constructor).toBe(Uint8Array);
        expect(Buffer.compare(record?.data ?? data, bytes)).toBe(0);
        expect(await listOf(create(reader, { prefix }), 'ann')).toEqual(['a']);
      }
    },
  );

  it('reads the texts of a client that gives them as bytes', async () => {
    const client = createClient({ socket: { host: '127.0.0.1', port: server.port }, RESP: 2 });
    await client.connect();
    const backend = redis(client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer }), { now: () => NOW });
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const version = await backend.set('a', all, { expiresAt: LATER, subject: 'ann' });
    expect(await backend.get('a')).toEqual({ data: all, version, expiresAt: LATER });
    expect(await listOf(backend, 'ann')).toEqual(['a']);
    expect(await admin.keys('sealring:*').then((keys) => keys.sort())).toEqual([
      'sealring:record:a',
      'sealring:subject:ann',
    ]);
    client.destroy();
  });

  it('keeps data of a store at a byte a character', async () => {
    const prefix = `layout-${++prefixes}:`;
    const text = 'E'.repeat(1_000);
    await create('ioredis', { prefix }).set('a', new TextEncoder().encode(text), { expiresAt: LATER });
    expect(await admin.hget(`${prefix}record:a`, 'd')).toBe(text);
    expect(await admin.hkeys(`${prefix}record:a`).then((fields) => fields.sort())).toEqual(['d', 'l', 's', 'v', 'x']);
  });

  it('spreads records over the slots of a cluster, which it counts as the server does', async () => {
    const keys = Array.from({ length: 200 }, (_, at) => `sealring:record:${at}`);
    expect(new Set(keys.map((key) => slotOf(key) >> 10)).size).toBe(16);
    const known = { '123456789': 0x31c3, 'foo{hash_tag}': 2515 }; // CRC16 of the specification; what CLUSTER KEYSLOT says
    for (const [key, slot] of Object.entries(known)) expect(slotOf(key)).toBe(slot);
  });

  it.each(Object.entries(scripts))('names %s by the hash of its source', (_name, script) => {
    if (typeof script === 'object') expect(createHash('sha1').update(script.source).digest('hex')).toBe(script.sha1);
  });

  it.each<{ name: string; args: unknown[]; message: string }>([
    { name: 'no client', args: [undefined], message: CLIENT('undefined') },
    { name: 'a text for one', args: ['redis://localhost'], message: CLIENT('a text of 17 characters') },
    { name: 'a pg pool', args: [{ query() {}, connect() {} }], message: CLIENT('an object') },
    { name: 'a client without scripts', args: [{ evalsha() {}, get() {} }], message: CLIENT('an object') },
    {
      name: 'an unknown option',
      args: [{ evalsha() {}, eval() {}, hmget() {} }, { ttl: 5 }],
      message: 'redis() has no option "ttl"; it takes now, prefix',
    },
    {
      name: 'a prefix that is a number',
      args: [{ evalsha() {}, eval() {}, hmget() {} }, { prefix: 5 }],
      message: '"prefix" expected a text, got 5',
    },
    {
      name: 'a prefix with braces',
      args: [{ evalsha() {}, eval() {}, hmget() {} }, { prefix: '{a}:' }],
      message: '"prefix" expected a text without braces',
    },
    {
      name: 'a clock that is a number',
      args: [{ evalsha() {}, eval() {}, hmget() {} }, { now: 5 }],
      message: '"now" expected a function that gives seconds, got 5',
    },
  ])('refuses $name', ({ args, message }) => {
    // @ts-expect-error: what JavaScript may pass
    expect(() => redis(...args)).toThrow(new TypeError(message));
  });

  it('takes the clients by the types they have', () => {
    const clients: (() => RedisClient)[] = [
      () => createClient(),
      () =>
        createClient({ RESP: 2, commandOptions: { timeout: 5, typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } } }),
      () => createClient().withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer }),
      () => createClientPool(),
      () => createCluster({ rootNodes: [] }),
      () => createSentinel({ name: 'a', sentinelRootNodes: [] }),
      () => new Redis(),
      () => new Redis({ replyMapping: 'resp3' }),
      () => new RedisCluster([]),
      () => new Valkey(),
      () => new ValkeyCluster([]),
    ];
    expect(clients).toHaveLength(11); // the compiler tests
  });
});

function CLIENT(got: string): string {
  return `"client" expected a client of node-redis, ioredis or iovalkey, got ${got}`;
}

async function listOf(backend: Backend, subject: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of backend.list?.(subject) ?? []) ids.push(id);
  return ids;
}
