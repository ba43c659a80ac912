/** fromExpressStore() over stores that misbehave, and what it shows a store. */
import session from 'express-session';
import { describe, expect, it } from 'vitest';
import type { Backend } from '../../../../packages/sessions/src/backends/backend.ts';
import { type ForeignStore, fromExpressStore } from '../../../../packages/sessions/src/backends/express-session.ts';

type Callback = (error?: unknown, session?: unknown) => void;

const DATA = Uint8Array.of(1, 2, 3);
const SOON = Date.now() / 1000 + 1000;

describe('fromExpressStore()', () => {
  it('shows a store a hash in place of an id, and nothing but JSON', async () => {
    const seen: unknown[] = [];
    const store = stub({ set: (...given) => seen.push(...given.slice(0, 2)) });
    const backend = fromExpressStore(store, { now: () => 1_900_000_000 });
    await backend.set('__proto__', DATA, { version: 'v1', expiresAt: 1_900_000_060.5, subject: 'ann' });
    const [id, value] = seen;
    expect(id).toMatch(/^[0-9a-f]{64}$/);
    const cookie = { originalMaxAge: 62_000, maxAge: 62_000, expires: new Date(1_900_000_062_000) };
    expect(value).toStrictEqual({
      cookie,
      i: '__proto__',
      d: 'AQID',
      v: 'v1',
      x: '1900000060.5',
      u: 'ann',
    });
  });

  it('lets one of two backends over the same store win', async () => {
    const store = new session.MemoryStore();
    const backends = [fromExpressStore(store), fromExpressStore(store)];
    const set = (backend: Backend, at: number) =>
      backend.set('a', DATA, { version: `v${at}`, expiresAt: SOON, over: null });
    const written = await Promise.all([...backends, ...backends].map(set));
    expect(written.filter(Boolean)).toHaveLength(1);
  });

  it('lists if the store has all', () => {
    expect(fromExpressStore(stub({})).list).toBeUndefined();
    expect(fromExpressStore(new session.MemoryStore()).list).toBeTypeOf('function');
  });

  it('passes over what others keep in the store', async () => {
    const store = new session.MemoryStore();
    const backend = fromExpressStore(store);
    await backend.set('a', DATA, { version: 'v1', expiresAt: SOON, subject: 'ann' });
    const { cookie } = await new Promise<session.SessionData>((resolve) => {
      store.all((_, all) => resolve(Object.values(all ?? {})[0] ?? Object(null)));
    });
    store.set('the session of an application', { cookie });
    expect(await idsOf(backend, 'ann')).toStrictEqual(['a']);
  });

  it.each<{ name: string; all: (sessions: unknown[]) => unknown }>([
    { name: 'nothing', all: () => undefined },
    { name: 'no session', all: () => [] },
    { name: 'its first sessions', all: (sessions) => sessions.slice(0, 1) },
    { name: 'strings', all: (sessions) => sessions.map((session) => JSON.stringify(session)) },
  ])('does not list if all gives $name, and leaves nothing behind', async ({ all }) => {
    const store = new session.MemoryStore();
    const wrong: ForeignStore = {
      get: (...given) => store.get(...given),
      set: (...given) => Reflect.apply(store.set, store, given),
      destroy: (...given) => store.destroy(...given),
      all: (done) => store.all((error, sessions) => done(error, all(Object.values(sessions ?? {})))),
    };
    const backend = fromExpressStore(wrong);
    await backend.set('a', DATA, { version: 'v1', expiresAt: SOON, subject: 'ann' });
    await expect(idsOf(backend, 'ann')).rejects.toMatchObject({ code: 'ERR_SESSION_BACKEND' });
    await new Promise<void>((resolve) => {
      store.length((_, length) => {
        expect(length).toBe(1);
        resolve();
      });
    });
    wrong.all = (done) => store.all(done);
    expect(await idsOf(backend, 'ann')).toStrictEqual(['a']);
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
    expect(await backend.set('a', DATA, { version: 'v1', expiresAt: SOON, over: null })).toBe(true);
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
  ])('rejects with what a store $name with as cause', async ({ fail }) => {
    const store = { get: fail, set: fail, destroy: fail, all: fail };
    const backend = fromExpressStore(store);
    const failed = { name: 'SessionError', code: 'ERR_SESSION_BACKEND', cause: error };
    await expect((async () => backend.get('a'))()).rejects.toMatchObject(failed);
    await expect((async () => backend.set('a', DATA, { version: 'v1', expiresAt: SOON }))()).rejects.toMatchObject(
      failed,
    );
    await expect((async () => backend.delete('a'))()).rejects.toMatchObject(failed);
    await expect(idsOf(backend, 'ann')).rejects.toMatchObject(failed);
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
    const failed = backend.set('a', DATA, { version: 'v1', expiresAt: SOON });
    await expect(failed).rejects.toMatchObject({ cause: error });
    isBroken = false;
    expect(await backend.set('a', DATA, { version: 'v2', expiresAt: SOON, over: null })).toBe(true);
    expect(await backend.get('a')).toMatchObject({ version: 'v2', data: DATA });
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
    const failed = backend.set('a', DATA, { version: 'v1', expiresAt: SOON });
    await expect(failed).rejects.toMatchObject({ cause: noFile });
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
    await backend.set('a', DATA, { version: 'v1', expiresAt: SOON });
    expect(await backend.get('a')).toMatchObject({ version: 'v1', data: DATA });
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
    { name: 'a clock', options: { now: 5 }, message: '"now" expected a function that returns seconds, got 5' },
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

async function idsOf(backend: Backend, subject: string): Promise<string[]> {
  const ids = [];
  for await (const { id } of backend.list?.(subject) ?? []) ids.push(id);
  return ids;
}

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
