/** For each heading of the page of options: how the thing is made, and for each option a value that throws. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSealer } from '@sealring/codec';
import { cached, cookieStore, defineSession, memory, serverStore } from 'sealring';
import { sessions } from 'sealring/express';
import { fromExpressStore, toExpressStore } from 'sealring/express-session';
import { file } from 'sealring/file';
import { keyv } from 'sealring/keyv';
import { postgres } from 'sealring/postgres';
import { redis } from 'sealring/redis';
import { sqlite } from 'sealring/sqlite';
import { toUnstorage } from 'sealring/unstorage';

interface Attempt {
  /** Throws, at once or by a promise. */
  make(given: unknown): unknown;
  /** By option. */
  readonly values: Readonly<Record<string, unknown>>;
}

const key = Uint8Array.from({ length: 32 }, (_, at) => at);
const nowhere = join(tmpdir(), 'sealring-is-never-made');
const sealer = createSealer({ keys: [key], purpose: 'example' });
const token = sealer.seal(1);
const store = cookieStore({ keys: [key] });
const revoking = cookieStore({ keys: [key], revocations: memory() });
const request = () => new Request('https://example.org/');
const nothing = () => undefined;
/** What they know a client by; none of it is called. */
const redisClient = { connect: nothing, sendCommand: nothing, evalSha: nothing };
const postgresClient = { query: nothing, connect: nothing };
const expressStore = { get: nothing, set: nothing, destroy: nothing };

export const wrong: Readonly<Record<string, Attempt>> = {
  'createSealer()': {
    make: (given) => apply(createSealer, { keys: [key], purpose: 'example', ...object(given) }),
    values: {
      keys: { keys: [key.subarray(1)] },
      ...each({ purpose: '', types: {}, dictionary: ['a', 'a'], limits: { depht: 1 } }),
    },
  },
  'A key': {
    make: (given) => apply(createSealer, { keys: [given], purpose: 'example' }),
    values: {
      string: `sealring_${'A'.repeat(47)}`,
      Uint8Array: new Uint8Array(32),
      '{ secret, encrypt }': { secret: key, encrypt: 1 },
    },
  },
  Limits: {
    make: (limits) => apply(createSealer, { keys: [key], purpose: 'example', limits }),
    values: each({ bytes: -1, depth: 513, items: -1, bignumBytes: -1, clockSkew: -1 }),
  },
  'seal()': {
    make: (given) => apply(sealer.seal, 1, given),
    values: each({ now: -1, random: new Uint8Array(12), context: 1, secret: new Uint8Array(8) }),
  },
  'open()': {
    make: (given) => apply(sealer.open, token, given),
    values: each({ now: -1, maxAge: -1, context: 1, secret: new Uint8Array(8) }),
  },
  'Every store': {
    make: (given) => apply(cookieStore, { keys: [key], ...object(given) }),
    values: {
      ...each({ keys: [], types: {}, dictionary: [1], limits: { bytes: 0 }, cookie: { path: 'x' } }),
      ...each({ maxAge: 0, idleTimeout: 34_560_001, onReject: 1, onEvent: 1, now: 5 }),
    },
  },
  'cookieStore()': {
    make: (given) => apply(cookieStore, { keys: [key], ...object(given) }),
    values: each({ chunks: 17, overflow: {}, revocations: {} }),
  },
  'serverStore()': {
    make: (given) => apply(serverStore, { keys: [key], ...object(given) }),
    values: each({ backend: undefined }),
  },
  cookie: {
    make: (cookie) => apply(cookieStore, { keys: [key], cookie }),
    values: {
      ...each({ domain: 'a b', path: 'x', secure: 1, httpOnly: 'no', sameSite: 'Lax', priority: 'urgent' }),
      partitioned: { secure: false, partitioned: true },
      prefix: { prefix: '__Host-', path: '/app' },
    },
  },
  'defineSession()': {
    make: (given) => apply(defineSession, { store, name: 'login', ...object(given) }),
    values: {
      ...each({ store: undefined, name: '__Host-login', schema: {}, migrate: 1, maxAge: 0, idleTimeout: 0 }),
      ...each({ cookie: { path: 'x' }, context: 1 }),
    },
  },
  'session.options': {
    make: async (given) => Object.assign((await store.get(request(), 'login')).options, given),
    values: each({ maxAge: 0, httpOnly: 1, sameSite: 1, partitioned: 1, priority: 1 }),
  },
  'revokeAll()': {
    make: async (given) => apply(revoking.revokeAll, 'ada', given),
    values: { except: { except: await store.get(request(), 'login') } },
  },
  'memory()': { make: (given) => apply(memory, given), values: each({ now: 1 }) },
  'cached()': {
    make: (given) => apply(cached, memory(), given),
    values: each({ cache: 1, maxStale: 3_601, now: 1 }),
  },
  'sessions()': {
    make: (given) => apply(sessions, given),
    values: { onError: { onError: 1 }, property: { property: 1, session: {} }, session: { property: 'session' } },
  },
  'file()': {
    make: (given) => apply(file, nowhere, given),
    values: each({ now: 1, durability: 1 }),
  },
  'sqlite()': {
    make: (given) => apply(sqlite, nowhere, given),
    values: each({ now: 1, table: 1, durability: 1, busyTimeout: 601 }),
  },
  'redis()': {
    make: (given) => apply(redis, redisClient, given),
    values: each({ now: 1, prefix: '{a}' }),
  },
  'postgres()': {
    make: (given) => apply(postgres, postgresClient, given),
    values: each({ now: 1, table: 1, unlogged: 1, prepare: 1 }),
  },
  'unstorage() and keyv()': {
    make: (given) => apply(keyv, new Map(), given),
    values: each({ now: 1, prefix: 'x', cas: 1 }),
  },
  'toUnstorage()': {
    make: (given) => apply(toUnstorage, memory(), given),
    values: each({ maxAge: 0, now: 1 }),
  },
  'fromExpressStore()': {
    make: (given) => apply(fromExpressStore, expressStore, given),
    values: each({ now: 1, cas: 1 }),
  },
  'toExpressStore()': {
    make: (given) => apply(toExpressStore, memory(), { keys: [key], ...object(given) }),
    values: each({ keys: [], ttl: 0, disableTouch: 1, listable: 1, now: 1, onEvent: 1 }),
  },
};

/** @throws {Error} if nothing was thrown. */
export async function messageOf(attempt: () => unknown): Promise<string> {
  try {
    await attempt();
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return error.message;
    throw error;
  }
  throw new Error('It was taken');
}

/** Calls it with what its types do not allow. */
function apply(call: (...given: never[]) => unknown, ...given: unknown[]): unknown {
  return Reflect.apply(call, undefined, given);
}

/** Each value as the only option. */
function each(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { [name]: value }]));
}

function object(given: unknown): object {
  return Object(given);
}
