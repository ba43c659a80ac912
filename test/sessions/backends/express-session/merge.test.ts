/** Two requests of one session in toExpressStore(): which of what they did is there afterwards. */
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Backend } from '../../../../packages/sessions/src/backends/backend.ts';
import { memory } from '../../../../packages/sessions/src/backends/memory.ts';
import { cookie, type Loaded, lasting, look, NOW, openStore as open, SID, seen } from './support/seen-backend.ts';

describe('whose change wins in toExpressStore()', () => {
  const fields = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', '__proto__'), fc.jsonValue({ maxDepth: 2 }));

  it('is told by what each request changed, for any three sessions', async () => {
    const { store, load } = open();
    let sid = 0;
    const become = (loaded: Loaded, values: object) => {
      for (const key of Object.keys(loaded)) if (key !== 'cookie' && key !== '~sealring') delete loaded[key];
      for (const [key, value] of Object.entries(values)) Object.defineProperty(loaded, key, { ...plain, value });
      return loaded;
    };
    await fc.assert(
      fc.asyncProperty(fields, fields, fields, async (base, mine, theirs) => {
        const id = String(++sid);
        await store.set(id, become({ cookie }, base));
        const [slow, quick] = [await load(id), await load(id)];
        await store.set(id, become(quick, theirs));
        await store.set(id, become(slow, mine));
        const result = new Map(Object.entries((await store.get<Loaded>(id)) ?? {}));
        for (const key of ['a', 'b', 'c', 'd', '__proto__']) {
          const [before, my, their] = [base, mine, theirs].map((values) =>
            textOf(new Map(Object.entries(values)).get(key)),
          );
          expect(textOf(result.get(key))).toBe(my === before ? their : my);
        }
      }),
    );
  });

  it('is everyone, where four processes save ten requests each at once', async () => {
    const shared = memory({ now: () => NOW });
    const processes = Array.from({ length: 4 }, () => open({}, seen(shared)));
    await processes[0]?.store.set(SID, { cookie });
    const requests = await Promise.all(
      Array.from({ length: 40 }, async (_, at) => ({
        at,
        process: processes[at % 4],
        loaded: await processes[at % 4]?.load(),
      })),
    );
    await Promise.all(
      requests.map(({ at, process, loaded = {} }) =>
        process?.store.set(SID, Object.assign(loaded, { [`key ${at}`]: at })),
      ),
    );
    const expected = Object.fromEntries(requests.map(({ at }) => [`key ${at}`, at]));
    expect(await look(open({}, seen(shared)).store)).toStrictEqual({ cookie, ...expected });
    expect(processes.flatMap(({ events }) => events)).toContain('conflict');
  });

  it('is the logout: neither a session of before it nor what it merges comes into a new one under the same id', async () => {
    const { store, load, events } = open();
    await store.set(SID, { cookie, user: 'ann' });
    const slow = await load();
    await store.destroy(SID);
    await store.set(SID, { cookie, user: 'bob' });
    await store.set(SID, Object.assign(slow, { late: 1 }));
    expect(await look(store)).toStrictEqual({ cookie, user: 'bob' });
    expect(events).toStrictEqual(['conflict', 'gone']);
  });

  it('is what one process asked for last, though what it asked for before takes longer', async () => {
    const backend = seen(memory({ now: () => NOW }));
    const { store, load } = open({}, backend);
    const { set } = backend;
    const slowly = () => {
      backend.set = async (...given) => {
        backend.set = set;
        await new Promise((resolve) => setTimeout(resolve, 5));
        return await set(...given);
      };
    };
    const session: Loaded = { cookie, n: 1, deleted: 1 };
    slowly();
    const first = store.set(SID, session);
    delete session['deleted'];
    await Promise.all([first, store.set(SID, session)]);
    expect(await look(store)).toStrictEqual({ cookie, n: 1 });
    const loaded = await load();
    slowly();
    const second = store.set(SID, Object.assign(loaded, { n: 2 }));
    await Promise.all([second, store.touch(SID, loaded), store.destroy(SID)]);
    expect(await backend.count()).toBe(0);
    slowly();
    await Promise.all([store.set('new', { cookie }), store.destroy('new')]);
    expect(await backend.count()).toBe(0);
  });

  it('is a new session where one is saved that was not loaded; a request in flight adds to it', async () => {
    const { store, load } = open();
    await store.set(SID, { cookie, old: 1, n: 1 });
    const slow = await load();
    await store.set(SID, { cookie, n: 2 });
    expect(await look(store)).toStrictEqual({ cookie, n: 2 });
    await store.set(SID, Object.assign(slow, { late: 1 }));
    expect(await look(store)).toStrictEqual({ cookie, n: 2, late: 1 });
  });

  it('is a new session, too, where one of another id is saved', async () => {
    const { store, load } = open();
    await store.set(SID, { cookie, n: 1 });
    await store.set('another', await load());
    expect(await look(store, 'another')).toStrictEqual({ cookie, n: 1 });
  });

  it('does not create by touch, and changes only the end', async () => {
    const { backend, store, load } = open();
    await store.touch(SID, { cookie });
    expect(await backend.count()).toBe(0);
    await store.set(SID, { cookie, n: 1 });
    await store.touch(SID, { cookie: lasting(500), n: 2 }); // one that was never loaded
    expect(await backend.only()).toMatchObject({ expiresAt: NOW + 500 });
    expect(await look(store)).toMatchObject({ n: 1 });
    const loaded = await load();
    await store.touch(SID, Object.assign(loaded, { n: 2 }));
    expect(await look(store)).toMatchObject({ n: 1 });
    await store.set(SID, loaded);
    expect(await look(store)).toMatchObject({ n: 2 });
  });

  it('is the request that has the session end with the browser', async () => {
    const { store, load } = open();
    await store.set(SID, { cookie: lasting(60) });
    await store.touch(SID, Object.assign(await load(), { cookie: { ...lasting(60), expires: null } }));
    expect(await look(store)).toMatchObject({ cookie: { expires: null } });
  });

  it('is the other who changed the lifetime while this one moved the end', async () => {
    const { backend, store, load, meanwhile } = openTwo();
    await store.set(SID, { cookie: lasting(60) });
    const [reader, writer] = [await load(), await load()];
    meanwhile((loaded) => Object.assign(loaded, { cookie: lasting(5000) }));
    await store.touch(SID, Object.assign(reader, { cookie: renewed(60, 20) }));
    expect(await backend.only()).toMatchObject({ expiresAt: NOW + 5000 });
    await store.set(SID, Object.assign(writer, { n: 1 }));
    expect(await backend.only()).toMatchObject({ expiresAt: NOW + 5000 });
    expect(await look(store)).toMatchObject({ n: 1, cookie: { originalMaxAge: 5_000_000 } });
  });

  it('is the other who made the lifetime shorter while this one moved the end', async () => {
    const { backend, store, load, meanwhile } = openTwo();
    await store.set(SID, { cookie: lasting(60) });
    const reader = await load();
    meanwhile((loaded) => Object.assign(loaded, { cookie: lasting(10) }));
    await store.touch(SID, Object.assign(reader, { cookie: renewed(60, 20) }));
    expect(await backend.only()).toMatchObject({ expiresAt: NOW + 10 });
  });

  it('is the one that moved the end further, though the other writes last', async () => {
    const { backend, store, load, events, meanwhile } = openTwo();
    await store.set(SID, { cookie: lasting(60) });
    const slow = await load();
    meanwhile((loaded) => Object.assign(loaded, { cookie: renewed(60, 50) }));
    await store.touch(SID, Object.assign(slow, { cookie: renewed(60, 20) }));
    expect(await backend.only()).toMatchObject({ expiresAt: NOW + 110 });
    meanwhile((loaded) => Object.assign(loaded, { cookie: renewed(60, 90) }));
    await store.set(SID, Object.assign(slow, { n: 1 }));
    expect(await backend.only()).toMatchObject({ expiresAt: NOW + 150 });
    expect(await look(store)).toMatchObject({ n: 1 });
    expect(events).toStrictEqual(['conflict', 'conflict']);
  });

  it('is the request that has the session end earlier, if no other moved the end', async () => {
    const { backend, store, load } = open();
    await store.set(SID, { cookie: lasting(60) });
    await store.set(SID, Object.assign(await load(), { cookie: renewed(60, -50) }));
    expect(await backend.only()).toMatchObject({ expiresAt: NOW + 10 });
  });

  it('is everyone, where three processes save 60 requests at once and each call takes 50 ms', async () => {
    const shared = memory({ now: () => NOW });
    const processes = Array.from({ length: 3 }, () => open({}, seen(slowed(shared, 50))));
    await processes[0]?.store.set(SID, { cookie });
    const save = async ({ store, load }: ReturnType<typeof open>, at: number) => {
      const loaded = await load();
      await store.set(SID, Object.assign(loaded, { [`key ${at}`]: at }));
    };
    await Promise.all(
      Array.from({ length: 20 }, (_, at) => processes.map((one, process) => save(one, at * 3 + process))).flat(),
    );
    const expected = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`key ${at}`, at]));
    expect(await look(open({}, seen(shared)).store)).toStrictEqual({ cookie, ...expected });
  });
});

/** A store, and another process over the same backend: what `meanwhile` is given it does to the session just before the store's next write. */
function openTwo() {
  const inner = memory({ now: () => NOW });
  const backend = seen(inner);
  const { set } = backend;
  const meanwhile = (change: (loaded: Loaded) => Loaded) => {
    backend.set = async (...given) => {
      backend.set = set;
      const elsewhere = open({}, seen(inner)); // it does not wait for the store's turn
      await elsewhere.store.set(SID, change(await elsewhere.load()));
      return await set(...given);
    };
  };
  return { ...open({}, backend), meanwhile };
}

/** The cookie of a session of so many seconds, after a visit so many seconds later. */
function renewed(seconds: number, later: number) {
  return { ...lasting(seconds), expires: lasting(seconds + later).expires };
}

/** A backend over a network: every call takes so many milliseconds. */
function slowed(inner: Backend, milliseconds: number): Backend {
  return {
    cas: inner.cas,
    get: async (id) => {
      await wait(milliseconds);
      return await inner.get(id);
    },
    set: async (id, data, options) => {
      await wait(milliseconds);
      return await inner.set(id, data, options);
    },
    delete: async (id) => {
      await wait(milliseconds);
      return await inner.delete(id);
    },
  };
}

const plain = { configurable: true, enumerable: true, writable: true };

function textOf(value: unknown): string | undefined {
  return JSON.stringify(value);
}
