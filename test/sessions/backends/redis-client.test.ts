/** Which clients redis() takes, and what it says of one that cannot work: when the backend is made, with the way out. */
import { Redis, Cluster as RedisCluster } from 'ioredis';
import { Redis as Valkey, Cluster as ValkeyCluster } from 'iovalkey';
import { createClient, createClientPool, createCluster, createSentinel, RESP_TYPES } from 'redis';
import { describe, expect, it } from 'vitest';
import { type RedisClient, redis } from '../../../packages/sessions/src/backends/redis.ts';
import { SessionError } from '../../../packages/sessions/src/error.ts';
import { missing, startRedis } from '../support/servers.ts';

const EXPECTED = '"client" expected a client of node-redis, ioredis or iovalkey, got ';
const working = { getBuffer() {}, evalsha() {} };

describe('redis() throws on', () => {
  // The shapes are those of the packages: each has the methods and properties by which it could be taken for another.
  it.each<{ name: string; client: unknown; message: string }>([
    {
      name: 'node-redis 3',
      client: { evalsha() {}, eval() {}, hmget() {}, sendCommand() {}, send_command() {}, internal_send_command() {} },
      message: 'one of node-redis 3: use node-redis 4 or later',
    },
    {
      name: 'node-redis 4 in legacyMode',
      client: { sendCommand() {}, evalSha() {}, connect() {}, isOpen: false, options: { legacyMode: true } },
      message:
        'one of node-redis in legacyMode: create one without it, for example client.duplicate({ legacyMode: false })',
    },
    {
      name: 'legacy() of node-redis',
      client: createClient().legacy(),
      message: 'what legacy() of node-redis returns: pass the client itself',
    },
    {
      name: '@upstash/redis',
      client: { evalsha() {}, eval() {}, hmget() {}, get() {}, createScript() {}, json: {} },
      message:
        'one of @upstash/redis, which cannot send bytes: connect to the same database with node-redis or ioredis',
    },
    {
      name: 'an ioredis that subscribes',
      client: { ...working, mode: 'subscriber', status: 'ready' },
      message:
        'a connection that subscribes or monitors and can send nothing else: pass another one, for example client.duplicate()',
    },
    {
      name: 'an ioredis that monitors',
      client: new Redis({ lazyConnect: true, monitor: true }),
      message:
        'a connection that subscribes or monitors and can send nothing else: pass another one, for example client.duplicate()',
    },
    {
      name: 'a node-redis that subscribes with RESP 2',
      client: { sendCommand() {}, evalSha() {}, connect() {}, isPubSubActive: true, options: { RESP: 2 } },
      message:
        'a connection that subscribes or monitors and can send nothing else: pass another one, for example client.duplicate()',
    },
    {
      name: 'an ioredis that was closed',
      client: closed(new Redis({ lazyConnect: true })),
      message: 'one that was closed: close it when the process ends',
    },
    { name: 'nothing', client: undefined, message: 'undefined' },
    { name: 'a pool of pg', client: { query() {}, connect() {} }, message: 'an object' },
    { name: 'one without Buffers', client: { evalsha() {}, get() {} }, message: 'an object' },
  ])('$name', ({ client, message }) => {
    // @ts-expect-error: what JavaScript may pass
    expect(() => redis(client)).toThrow(new TypeError(EXPECTED + message));
  });

  it('a real iovalkey that subscribes, which speaks RESP 2, or was closed', async ({ skip, onTestFinished }) => {
    if (missing('redis')) skip();
    const server = await startRedis();
    onTestFinished(() => server.remove());
    const client = new Valkey(server.port);
    redis(client);
    await client.subscribe('news');
    expect(() => redis(client)).toThrow('subscribes');
    await client.quit();
    await expect.poll(() => client.status).toBe('end');
    expect(() => redis(client)).toThrow('was closed');
  });

  it('a URL', () => {
    // @ts-expect-error: what JavaScript may pass
    expect(() => redis('redis://localhost')).toThrow(EXPECTED);
  });

  it.each<{ name: string; options: unknown; message: string }>([
    { name: 'an unknown option', options: { ttl: 5 }, message: 'redis() has no option "ttl"; it takes now, prefix' },
    { name: 'a prefix that is a number', options: { prefix: 5 }, message: '"prefix" expected a string, got 5' },
    {
      name: 'a prefix with braces',
      options: { prefix: '{a}:' },
      message: '"prefix" expected a string without braces',
    },
    {
      name: 'a clock that is a number',
      options: { now: 5 },
      message: '"now" expected a function that returns seconds, got 5',
    },
  ])('$name', ({ options, message }) => {
    // @ts-expect-error: what JavaScript may pass
    expect(() => redis(working, options)).toThrow(new TypeError(message));
  });
});

describe('redis()', () => {
  it('takes the clients by the types they have, connected or not', () => {
    const clients: RedisClient[] = [
      createClient(),
      createClient({ RESP: 2, commandOptions: { timeout: 5, typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } } }),
      createClient().withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer }),
      createClientPool(),
      createCluster({ rootNodes: [] }),
      createSentinel({ name: 'a', sentinelRootNodes: [] }),
      new Redis({ lazyConnect: true }),
      new Redis({ lazyConnect: true, replyMapping: 'resp3' }),
      new RedisCluster([], { lazyConnect: true }),
      new Valkey({ lazyConnect: true }),
      new ValkeyCluster([], { lazyConnect: true }),
    ];
    for (const client of clients) expect(redis(client).cas).toBe('atomic');
  });

  it('says what to do if a node-redis is not connected, and works once it is', async ({ skip, onTestFinished }) => {
    if (missing('redis')) skip();
    const server = await startRedis();
    onTestFinished(() => server.remove());
    const client = createClient({ socket: { port: server.port, host: server.host } });
    const backend = redis(client);
    await expect(backend.get('a')).rejects.toThrow(
      'Cannot read sessions in Redis: the client is not connected, call connect() once at the start',
    );
    await expect(backend.get('a')).rejects.toBeInstanceOf(SessionError);
    await client.connect();
    expect(await backend.get('a')).toBeUndefined();
    client.destroy();
  });
});

function closed(client: Redis): Redis {
  client.disconnect();
  return Object.defineProperty(client, 'status', { value: 'end' });
}
