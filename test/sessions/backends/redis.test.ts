/** redis() with every client, held against the contract; its keys, its round trips, and that clients read each other's records. */
import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import { createClient, RESP_TYPES } from 'redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../../packages/sessions/src/backends/backend.ts';
import * as scripts from '../../../packages/sessions/src/backends/redis/scripts.ts';
import { type RedisOptions, redis } from '../../../packages/sessions/src/backends/redis.ts';
import { backendContract } from '../../../packages/sessions/src/testing/contract.ts';
import { idsOf } from '../support/listing.ts';
import { CLIENTS, type ClientKind, type OpenClient, openClient } from '../support/redis-clients.ts';
import { keyOf, slotOf, Watch } from '../support/redis-watch.ts';
import { missing, startRedis, type TestServer } from '../support/servers.ts';
import { write, written } from '../support/write.ts';

const NOW = 2_000_000_000;
const LATER = NOW + 100;
const data = Uint8Array.of(1, 2, 3);
const KEPT = 300; // seconds that the server keeps what has expired
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

    it('sends one command for get, set and delete', async () => {
      const backend = create(kind);
      for (const { source } of Object.values(scripts)) await admin.script('LOAD', source);
      const first = await written(backend, 'a', data, { expiresAt: LATER, over: null });
      await written(backend, 'a', data, { expiresAt: LATER, over: (await backend.get('a')) ?? first }); // asks for IFEQ as well
      /** The names of the commands that a call sends. */
      const sent = async (call: () => unknown) => {
        await watch.commands();
        expect(await call()).toBeTruthy();
        return (await watch.commands()).map(([name]) => name?.toLowerCase());
      };
      const set = (id: string, options: Parameters<typeof written>[3]) => () => write(backend, id, data, options);
      expect(await sent(set('b', { expiresAt: LATER, over: null }))).toEqual(['set']);
      expect(await sent(set('b', { expiresAt: LATER }))).toEqual(['set']);
      const plain = await written(backend, 'b', data, { expiresAt: LATER });
      expect(await sent(() => backend.get('b'))).toEqual(['get']);
      expect(await sent(set('b', { expiresAt: LATER, over: plain }))).toEqual(['evalsha']);
      expect(await sent(() => backend.delete('b'))).toEqual(['getdel']);

      const subject = 'ann';
      expect((await sent(set('c', { expiresAt: LATER, over: null, subject }))).sort()).toEqual(['evalsha', 'set']);
      const next = async (expiresAt: number) => {
        const over = await backend.get('c');
        return sent(set('c', { expiresAt, subject, ...(over && { over }) }));
      };
      expect(await next(LATER)).toEqual(['evalsha', 'evalsha']); // it is listed for sure from now on, for twice its lifetime
      expect(await next(LATER)).toEqual(['evalsha']);
      expect(await next(LATER + 100)).toEqual(['evalsha']);
      expect(await next(LATER + 101)).toEqual(['evalsha', 'evalsha']);
      const over = await written(backend, 'c', data, { expiresAt: LATER });
      await watch.commands();
      expect(await write(backend, 'c', data, { expiresAt: NOW, over: { ...over, expiresAt: NOW }, subject })).toBe(
        false,
      );
      expect(await watch.commands()).toEqual([]); // the clock knows
    });

    it('looks at each record of a subject, about 100 at a time', async () => {
      const backend = create(kind);
      const ids = Array.from({ length: 250 }, (_, at) => `id-${at}`);
      await Promise.all(ids.map((id) => written(backend, id, data, { expiresAt: LATER, subject: 'ann' })));
      await Promise.all(ids.slice(0, 50).map((id) => backend.delete(id)));
      await watch.commands();
      expect(await idsOf(backend, 'ann')).toEqual(ids.slice(50).sort());
      const commands = (await watch.commands()).map(([name]) => name?.toLowerCase());
      expect(commands.filter((name) => name === 'zscan').length).toBeGreaterThan(1);
      expect(commands.filter((name) => name === 'getrange')).toHaveLength(250);
    });

    it('sends a script as a whole if the server does not have it any more, within the call', async () => {
      const backend = create(kind);
      const over = await written(backend, 'a', data, { expiresAt: LATER, subject: 'ann' });
      for (const call of [
        () => written(backend, 'b', data, { expiresAt: LATER, subject: 'ann' }),
        () => written(backend, 'a', data, { expiresAt: LATER, over }),
        () => idsOf(backend, 'ann'),
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
        const record = await written(create(writer, { prefix }), 'a', bytes, { expiresAt: LATER, subject: 'ann' });
        const found = await create(reader, { prefix }).get('a');
        expect(found).toMatchObject({ version: record.version, expiresAt: LATER });
        expect(found?.data.constructor).toBe(Uint8Array);
        expect(found?.data.buffer.byteLength).toBe(bytes.length); // not a part of the client's
        expect(Buffer.compare(found?.data ?? data, bytes)).toBe(0);
        expect(await idsOf(create(reader, { prefix }), 'ann')).toEqual(['a']);
      }
    },
  );

  it.each([2, 3] as const)(
    'reads through a client that gives bytes in a form of its own, with RESP %d',
    async (RESP) => {
      const client = createClient({ socket: { host: '127.0.0.1', port: server.port }, RESP });
      await client.connect();
      const backend = redis(client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer }), { now: () => NOW });
      const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      const record = await written(backend, 'a', all, { expiresAt: LATER, subject: 'ann' });
      expect(await backend.get('a')).toEqual(record);
      expect(await idsOf(backend, 'ann')).toEqual(['a']);
      expect((await admin.keys('sealring:*')).sort()).toEqual(['sealring:record:a', 'sealring:subject:ann']);
      client.destroy();
    },
  );

  it.each([
    { name: 'with RESP 3', options: { protocol: 3, replyMapping: 'resp3' } },
    { name: 'that pipelines by itself', options: { enableAutoPipelining: true } },
    { name: 'with a prefix of its own', options: { keyPrefix: 'own:' } },
  ] as const)('works through an ioredis $name', async ({ options }) => {
    const client = new Redis(server.port, options);
    for (const { name, run } of backendContract((now) => redis(client, { now, prefix: `io-${++prefixes}:` }))) {
      await run().catch((cause: unknown) => expect.unreachable(`${name}: ${cause}`));
    }
    client.disconnect();
    if ('keyPrefix' in options) expect(await admin.keys('own:io-*:record:*')).not.toEqual([]);
  });

  it('keeps one string: version, time, until when it is listed where, and the bytes as they are', async () => {
    const prefix = `layout-${++prefixes}:`;
    const backend = create('ioredis', { prefix });
    const bytes = Uint8Array.of(0, 10, 32, 128, 255);
    const string = async () => (await admin.getBuffer(`${prefix}record:a`))?.toString('latin1');
    const first = await written(backend, 'a', bytes, { expiresAt: LATER + 0.25 });
    expect(await string()).toBe(`${first.version} ${LATER + 0.25}\n\0\n \x80\xff`);
    const second = await written(backend, 'a', bytes, { expiresAt: LATER, subject: 'ann' });
    expect(await string()).toBe(`${second.version} ${LATER} 0 ann\n\0\n \x80\xff`);
    const over = await backend.get('a');
    const third = await written(backend, 'a', bytes, { expiresAt: LATER, subject: 'ann', ...(over && { over }) });
    expect(await string()).toBe(`${third.version} ${LATER} ${NOW + 200} ann\n\0\n \x80\xff`);
    expect(await admin.pexpiretime(`${prefix}record:a`)).toBe((LATER + KEPT) * 1000);
  });

  it('spreads records over the slots of a cluster, and touches one key with each command', async () => {
    const keys = Array.from({ length: 200 }, (_, at) => `sealring:record:${at}`);
    expect(new Set(keys.map((key) => slotOf(key) >> 10)).size).toBe(16);
    const known = { '123456789': 0x31c3, 'foo{hash_tag}': 2515 }; // CRC16 of the specification; what CLUSTER KEYSLOT says
    for (const [key, slot] of Object.entries(known)) expect(slotOf(key)).toBe(slot);
    const backend = create('iovalkey', { prefix: 'keys:' });
    await watch.commands();
    const over = await written(backend, 'a', data, { expiresAt: LATER, subject: 'ann' });
    await written(backend, 'a', data, { expiresAt: LATER, subject: 'ann', over });
    await idsOf(backend, 'ann');
    await backend.delete('a');
    const words = await watch.commands();
    for (const command of words) expect(['keys:record:a', 'keys:subject:ann']).toContain(keyOf(command));
    expect(words.length).toBeGreaterThan(5);
  });

  it.each(Object.entries(scripts))('names %s by the hash of its source', (_name, { source, sha1 }) => {
    expect(createHash('sha1').update(source).digest('hex')).toBe(sha1);
  });
});
