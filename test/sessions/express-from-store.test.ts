/** fromExpressStore() over stores that misbehave, and what it shows a store. */
import session from 'express-session';
import { describe, expect, it } from 'vitest';
import type { Backend } from '../../packages/sessions/src/backend.ts';
import { type ForeignStore, fromExpressStore } from '../../packages/sessions/src/express-session.ts';

type Callback = (error?: unknown, session?: unknown) => void;

const DATA = Uint8Array.of(1, 2, 3);
const SOON = Date.now() / 1000 + 1000;

describe('fromExpressStore()', () => {
  it('shows a store a hash in place of an id, and nothing but JSON', async () => {
    const seen: unknown[] = [];
    const store = stub({ set: (...given) => seen.push(...given.slice(0, 2)) });
    const backend = fromExpressStore(store, { now: () => 1_900_000_000 });
    await backend.set('__proto__', DATA, { expiresAt: 1_900_000_060.5, subject: 'ann' });
    const [id, value] = seen;
    expect(id).toMatch(/^[0-9a-f]{64}$/);
    const cookie = { originalMaxAge: 62_000, maxAge: 62_000, expires: new Date(1_900_000_062_000) };
    expect(value).toStrictEqual({
      cookie,
      i: '__proto__',
      d: 'AQID',
      v: expect.stringMatching(/^[\w-]{22}$/),
      x: '1900000060.5',
      u: 'ann',
    });
  });

  it('lets one of two backends over the same store win', async () => {
    const store = new session.MemoryStore();
    const backends = [fromExpressStore(store), fromExpressStore(store)];
    const set = (backend: Backend) => backend.set('a', DATA, { expiresAt: SOON, ifVersion: null });
    const versions = await Promise.all([...backends, ...backends].map(set));
    expect(versions.filter((version) => version !== false)).toHaveLength(1);
  });

  it('lists and prunes where the store has all', () => {
    expect(fromExpressStore(stub({})).list).toBeUndefined();
    expect(fromExpressStore(stub({})).prune).toBeUndefined();
    expect(fromExpressStore(new session.MemoryStore()).list).toBeTypeOf('function');
  });

  it('passes over what others keep in the store', async () => {
    const store = new session.MemoryStore();
    const backend = fromExpressStore(store);
    await backend.set('a', DATA, { expiresAt: SOON, subject: 'ann' });
    const { cookie } = await new Promise<session.SessionData>((resolve) => {
      store.all((_, all) => resolve(Object.values(all ?? {})[0] ?? Object(null)));
    });
    store.set('the session of an application', { cookie });
    const listed = [];
    for await (const { id } of backend.list?.('ann') ?? []) listed.push(id);
    expect(listed).toStrictEqual(['a']);
    expect(await backend.prune?.()).toBe(0);
  });

  it.each<{ name: string; found: unknown }>([
    { name: 'nothing', found: undefined },
    { name: 'null', found: null },
    { name: 'a text', found: '{}' },
    { name: 'an error', found: new Error('EACCES') },
    { name: 'the session of an application', found: { cookie: {}, user: 'ann' } },
    { name: 'no data', found: { i: 'a', v: 'v', x: '9e9' } },
    { name: 'data that is no base64', found: { i: 'a', d: '!', v: 'v', x: '9e9' } },
    { name: 'no time', found: { i: 'a', d: 'AQID', v: 'v', x: 'soon' } },
    { name: 'a number for a version', found: { i: 'a', d: 'AQID', v: 5, x: '9e9' } },
    { name: "another id's record", found: { i: 'b', d: 'AQID', v: 'v', x: '9e9' } },
  ])('takes $name in the place of a record for none', async ({ found }) => {
    const backend = fromExpressStore(stub({ get: (_sid, done) => done(null, found) }));
    expect(await backend.get('a')).toBeUndefined();
    expect(await backend.delete('a')).toBe(false);
    expect(await backend.touch('a', SOON)).toBe(false);
    expect(await backend.set('a', DATA, { expiresAt: SOON, ifVersion: null })).toBeTypeOf('string');
  });

  const error = new Error('of the store');
  it.each<{ name: string; fail: (...given: never[]) => unknown }>([
    {
      name: 'throws',
      fail: () => {
        throw error;
      },
    },
    { name: 'rejects', fail: () => Promise.reject(error) },
    {
      name: 'rejects, though it takes a callback',
      fail: async (_sid: string, _second: unknown, _done: unknown) => {
        throw error;
      },
    },
    { name: 'calls back with an error', fail: (...given: Callback[]) => given.at(-1)?.(error) },
    {
      name: 'calls back with an error and then without',
      fail: (...given: Callback[]) => {
        given.at(-1)?.(error);
        given.at(-1)?.(null);
      },
    },
  ])('rejects with what a store $name with', async ({ fail }) => {
    const store = { get: fail, set: fail, destroy: fail, all: fail };
    const backend = fromExpressStore(store);
    await expect((async () => backend.get('a'))()).rejects.toBe(error);
    await expect((async () => backend.set('a', DATA, { expiresAt: SOON }))()).rejects.toBe(error);
    await expect((async () => backend.delete('a'))()).rejects.toBe(error);
    await expect((async () => backend.touch('a', SOON))()).rejects.toBe(error);
    await expect((async () => backend.prune?.())()).rejects.toBe(error);
    await expect(
      (async () => {
        for await (const _ of backend.list?.('ann') ?? []);
      })(),
    ).rejects.toBe(error);
  });

  it('goes on with the next change after one that failed', async () => {
    const kept = new session.MemoryStore();
    let isBroken = true;
    const store = stub({
      get: (sid, done) => kept.get(sid, done),
      set(sid, value, done) {
        if (isBroken) throw error;
        Reflect.apply(kept.set, kept, [sid, value, done]);
      },
    });
    const backend = fromExpressStore(store);
    const failed = backend.set('a', DATA, { expiresAt: SOON });
    await expect(failed).rejects.toBe(error);
    isBroken = false;
    const version = await backend.set('a', DATA, { expiresAt: SOON, ifVersion: null });
    expect(await backend.get('a')).toMatchObject({ version, data: DATA });
  });

  it('takes an error that means no file for no session, but not when it writes', async () => {
    const noFile = Object.assign(new Error('no such file'), { code: 'ENOENT' });
    const store = stub({
      get: (_sid, done) => done(noFile),
      set: (_sid, _value, done) => done(noFile),
      destroy: (_sid, done) => done(noFile),
    });
    const backend = fromExpressStore(store);
    expect(await backend.get('a')).toBeUndefined();
    expect(await backend.delete('a')).toBe(false);
    await expect(backend.set('a', DATA, { expiresAt: SOON })).rejects.toBe(noFile);
  });

  it('waits for the callback of a store whose promise is there before', async () => {
    const kept = new session.MemoryStore();
    const late = (call: () => unknown) => setTimeout(call, 5);
    const store: ForeignStore = {
      get: async (sid, done) => void late(() => kept.get(sid, done)),
      set: async (sid, value, done) => void late(() => Reflect.apply(kept.set, kept, [sid, value, done])),
      destroy: async (sid, done) => void late(() => kept.destroy(sid, done)),
    };
    const backend = fromExpressStore(store);
    const version = await backend.set('a', DATA, { expiresAt: SOON });
    expect(await backend.get('a')).toMatchObject({ version, data: DATA });
    expect(await backend.delete('a')).toBe(true);
    expect(await backend.get('a')).toBeUndefined();
  });

  it.each<{ name: string; store?: unknown; options?: unknown; message: string }>([
    { name: 'no store', store: null, message: '"store" expected a store with get, set and destroy, got null' },
    {
      name: 'a class',
      store: session.MemoryStore,
      message: '"store" expected a store with get, set and destroy, got a function',
    },
    {
      name: 'an unknown option',
      options: { ttl: 5 },
      message: 'fromExpressStore() has no option "ttl"; it takes now, cas',
    },
    { name: 'a clock', options: { now: 5 }, message: '"now" expected a function that gives seconds, got 5' },
    {
      name: 'a cas',
      options: { cas: 'sure' },
      message: `"cas" expected 'atomic', 'process' or 'none', got a text of 4 characters`,
    },
  ])('refuses $name', ({ store = stub({}), options, message }) => {
    // @ts-expect-error: what JavaScript may pass
    expect(() => fromExpressStore(store, options)).toThrow(message);
  });
});

/** A store that has nothing and does nothing, but for what is given. */
function stub(methods: Partial<ForeignStore>): ForeignStore {
  return {
    get: (sid, done) => (methods.get ? methods.get(sid, done) : done(null)),
    set: (sid, value, done) => {
      methods.set?.(sid, value, done);
      done(null);
    },
    destroy: (sid, done) => (methods.destroy ? methods.destroy(sid, done) : done(null)),
  };
}
