/** fromExpressStore() over the stores that people have, held against the contract. */
import fastifySession from '@fastify/session';
import { RedisStore } from 'connect-redis';
import session from 'express-session';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../../../packages/sessions/src/backends/backend.ts';
import { fromExpressStore, toExpressStore } from '../../../../packages/sessions/src/backends/express-session.ts';
import { memory } from '../../../../packages/sessions/src/backends/memory.ts';
import { backendContract } from '../../../../packages/sessions/src/testing/contract.ts';
import { missing, startRedis, type TestServer } from '../../support/servers.ts';
import { keys } from './support/seen-backend.ts';

type Clock = () => number;

const DATA = Uint8Array.of(1, 2, 3);
const SOON = Date.now() / 1000 + 1000;

/** By promises alone, as newer stores are: they take no callback. */
class PromiseStore {
  readonly #sessions = new Map<string, string>();

  async get(sid: string) {
    const text = this.#sessions.get(sid);
    return text === undefined ? undefined : JSON.parse(text);
  }

  async set(sid: string, value: object) {
    this.#sessions.set(sid, JSON.stringify(value));
  }

  async destroy(sid: string) {
    this.#sessions.delete(sid);
  }
}

describe.each<{ name: string; create: (now: Clock) => Backend }>([
  { name: "express-session's MemoryStore", create: (now) => fromExpressStore(new session.MemoryStore(), { now }) },
  {
    name: "@fastify/session's MemoryStore",
    create: (now) => fromExpressStore(new fastifySession.MemoryStore(), { now }),
  },
  { name: 'a store of promises', create: (now) => fromExpressStore(new PromiseStore(), { now }) },
  {
    name: 'our own store',
    create: (now) => fromExpressStore(toExpressStore(memory({ now }), { keys, now, listable: true }), { now }),
  },
  {
    name: 'our own store with the class of express-session, twice over',
    create: (now) => {
      const options = { keys, now, listable: true };
      const inner = fromExpressStore(toExpressStore(memory({ now }), { ...options, Store: session.Store }), { now });
      return fromExpressStore(toExpressStore(inner, options), { now, cas: 'atomic' });
    },
  },
])('fromExpressStore() over $name', ({ create }) => {
  it.each(backendContract(create))('$name', ({ run }) => run());
});

describe.skipIf(missing('redis'))('fromExpressStore() over connect-redis', () => {
  let server: TestServer;
  const client = { current: createClient() };
  let stores = 0;
  const open = () => new RedisStore({ client: client.current, prefix: `store ${++stores}:` });
  beforeAll(async () => {
    server = await startRedis();
    client.current = createClient({ url: `redis://127.0.0.1:${server.port}` }).on('error', () => {});
    await client.current.connect();
  });
  afterAll(async () => {
    client.current.destroy();
    await server.remove();
  });

  it.each(backendContract((now) => fromExpressStore(open(), { now })))('$name', ({ run }) => run());

  it('has Redis remove a record after its end, not before', async () => {
    const backend = fromExpressStore(open());
    await backend.set('a', DATA, { version: 'v1', expiresAt: SOON });
    const [key = ''] = await client.current.keys(`store ${stores}:*`);
    expect(await client.current.expireTime(key)).toBeGreaterThanOrEqual(SOON);
    expect(await client.current.expireTime(key)).toBeLessThan(SOON + 3);
    await backend.set('a', DATA, { version: 'v2', expiresAt: SOON + 500 });
    expect(await client.current.expireTime(key)).toBeGreaterThanOrEqual(SOON + 500);
  });

  it.each([
    { name: 'never', expiresAt: Infinity },
    { name: 'after a million years', expiresAt: 3e13 },
  ])('keeps what expires $name', async ({ expiresAt }) => {
    const backend = fromExpressStore(open());
    await backend.set('a', DATA, { version: 'v1', expiresAt });
    expect(await backend.get('a')).toMatchObject({ data: DATA, expiresAt });
  });

  it.each([0, -1e9, -Infinity])('takes a record that has expired (%s)', async (expiresAt) => {
    const backend = fromExpressStore(open());
    await backend.set('a', DATA, { version: 'v1', expiresAt });
    expect(await backend.get('a')).toBeUndefined();
  });

  it('rejects while the connection is gone, and goes on after it', async () => {
    const own = createClient({ url: `redis://127.0.0.1:${server.port}`, disableOfflineQueue: true });
    own.on('error', () => {});
    await own.connect();
    const backend = fromExpressStore(new RedisStore({ client: own, prefix: 'cut:' }));
    await backend.set('a', DATA, { version: 'v1', expiresAt: SOON });
    own.destroy();
    await expect(backend.get('a')).rejects.toMatchObject({ code: 'ERR_SESSION_BACKEND' });
    await expect(backend.set('a', DATA, { version: 'v2', expiresAt: SOON })).rejects.toThrow();
    await own.connect();
    expect(await backend.get('a')).toMatchObject({ version: 'v1' });
    expect(await backend.delete('a')).toBe(true);
    own.destroy();
  });
});
