/** cached(): the contract through a cache, what another server may not see for how long, and that no read brings an old record back. */
import { describe, expect, it } from 'vitest';
import type { Backend, ManagedBackend, StoredRecord } from '../../../packages/sessions/src/backends/backend.ts';
import { cached } from '../../../packages/sessions/src/backends/cached.ts';
import { memory } from '../../../packages/sessions/src/backends/memory.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import { backendContract } from '../../../packages/sessions/src/testing/contract.ts';
import { browserWith, visit } from '../support/visit.ts';
import { write, written } from '../support/write.ts';
import { secret } from '../support.ts';

let time = 1000;
const now = () => time;
const bytes = (...numbers: number[]) => Uint8Array.of(...numbers);
const later = () => ({ expiresAt: time + 1000 });

describe('the contract', () => {
  const kinds: Record<string, (now: () => number) => Backend> = {
    'cached(memory())': (now) => cached(memory({ now }), { now }),
    'a cache that fails': (now) => cached(memory({ now }), { cache: failing(), now }),
    'a cache that only reads': (now) => cached(memory({ now }), { cache: readOnly(memory({ now })), now }),
    'a cache that takes its time': (now) => cached(memory({ now }), { cache: slow(memory({ now })), now }),
    'a backend that takes its time': (now) => cached(slow(memory({ now })), { now }),
  };
  describe.each(Object.entries(kinds))('%s', (_, create) => {
    it.each(backendContract(create))('$name', ({ run }) => run());
  });
});

describe('two servers with a cache each', () => {
  function create() {
    const gets: string[] = [];
    const shared = memory({ now });
    const counting: Backend = {
      ...bare(shared),
      get: (id) => {
        gets.push(id);
        return shared.get(id);
      },
    };
    const server = () => cached(counting, { maxStale: 3, now });
    return { here: server(), there: server(), gets };
  }

  it('read a record once in maxStale seconds', async () => {
    const { here, gets } = create();
    await write(here, 'a', bytes(1), later());
    expect((await here.get('a'))?.data).toStrictEqual(bytes(1)); // what was written here need not be read
    expect(gets).toStrictEqual([]);
    time += 3;
    for (let n = 0; n < 5; n++) await here.get('a');
    expect(gets).toStrictEqual(['a']);
    time += 2.999;
    await here.get('a');
    expect(gets).toHaveLength(1);
    time += 0.001;
    await here.get('a');
    expect(gets).toHaveLength(2);
  });

  it('see their own changes at once, and the other’s after maxStale seconds', async () => {
    const { here, there } = create();
    const first = await written(here, 'a', bytes(1), later());
    expect(await there.get('a')).toStrictEqual(first);
    await write(here, 'a', bytes(2), later());
    expect((await here.get('a'))?.data).toStrictEqual(bytes(2));
    expect((await there.get('a'))?.data).toStrictEqual(bytes(1));
    await here.delete('a');
    expect(await here.get('a')).toBeUndefined();
    expect(await there.get('a')).toBeDefined();
    time += 3;
    expect(await there.get('a')).toBeUndefined();
  });

  it.each(['written', 'deleted', 'created'] as const)(
    'read the newest after a set() that lost to what was %s',
    async (what) => {
      const { here, there } = create();
      const first = await written(here, 'a', bytes(1), later());
      expect(await there.get('a')).toStrictEqual(first);
      if (what === 'deleted') await here.delete('a');
      else await write(here, 'a', bytes(2), later());
      const over = what === 'created' ? null : first;
      expect(await write(there, 'a', bytes(3), { ...later(), over })).toBe(false);
      expect((await there.get('a'))?.data).toStrictEqual(what === 'deleted' ? undefined : bytes(2));
    },
  );

  it('see a renewal of their own, and no record that has expired', async () => {
    const { here } = create();
    const over = await written(here, 'a', bytes(1), { expiresAt: time + 1 });
    await write(here, 'a', bytes(1), { expiresAt: time + 2, over });
    time += 1.5;
    expect((await here.get('a'))?.expiresAt).toBe(time + 0.5);
    time += 0.5;
    expect(await here.get('a')).toBeUndefined();
  });

  it('give each reader bytes of its own', async () => {
    const { here, gets } = create();
    await write(here, 'a', bytes(1, 2), later());
    time += 3;
    const [one, other] = await Promise.all([here.get('a'), here.get('a')]);
    one?.data.fill(0);
    expect(other?.data).toStrictEqual(bytes(1, 2));
    expect((await here.get('a'))?.data).toStrictEqual(bytes(1, 2));
    expect(gets).toHaveLength(1);
  });
});

describe('two stores with a cache each', () => {
  it('keep a logout: what is stale can be read, and not be written', async () => {
    const shared = memory({ now });
    const [one, other] = [0, 1].map(() => serverStore({ keys: [secret(1)], now, backend: cached(shared, { now }) }));
    if (one === undefined || other === undefined) throw new Error('unreachable');
    const browser = await browserWith(one, { n: 1 });
    const [first, second] = [browser.copy(), browser.copy()];
    expect((await other.get(browser.request(), 'a')).get('n')).toBe(1); // which keeps a copy
    await visit(one, first, (session) => session.logout());
    expect((await other.get(browser.request(), 'a')).get('n')).toBe(1);
    await visit(other, second, (session) => session.set('n', 2)); // is told by its write
    for (const store of [one, other]) {
      const session = await store.get(browser.request(), 'a');
      expect([session.isNew, session.get('n')]).toEqual([true, undefined]);
    }
  });

  it('lose no update', async () => {
    const shared = memory({ now });
    const stores = [0, 1].map(() => serverStore({ keys: [secret(1)], now, backend: cached(shared, { now }) }));
    const [one] = stores;
    if (one === undefined) throw new Error('unreachable');
    const browser = await browserWith(one, { n: 0 });
    for (let round = 0; round < 5; round++) {
      const count = (store: typeof one) =>
        visit(store, browser.copy(), (session) => session.update('n', (n) => Number(n) + 1));
      await Promise.all(stores.map(count));
    }
    time += 5;
    expect((await one.get(browser.request(), 'a')).get('n')).toBe(10);
  });
});

describe('a read', () => {
  it.each(['set', 'delete'] as const)(
    'whose answer comes during a %s() does not bring the old record back',
    async (verb) => {
      const shared = memory({ now });
      const answers: (() => void)[] = [];
      const held: Backend = {
        ...bare(shared),
        async get(id) {
          const found: StoredRecord | undefined = await shared.get(id);
          await new Promise<void>((resolve) => answers.push(resolve)); // the answer is on its way
          return found;
        },
      };
      await write(shared, 'a', bytes(1), later());
      const backend = cached(held, { now });
      const read = backend.get('a');
      await settle();
      const change = verb === 'set' ? write(backend, 'a', bytes(2), later()) : backend.delete('a');
      await settle();
      answers.shift()?.();
      expect((await read)?.data).toStrictEqual(bytes(1));
      await change;
      const next = backend.get('a');
      await settle();
      answers.shift()?.();
      expect((await next)?.data).toStrictEqual(verb === 'set' ? bytes(2) : undefined);
    },
  );

  it('after two writes at the same time has the one that the backend did last', async () => {
    const shared = memory({ now });
    const answers: (() => void)[] = [];
    const held: Backend = {
      ...bare(shared),
      async set(id, data, options) {
        const result = shared.set(id, data, options);
        await new Promise<void>((resolve) => answers.push(resolve));
        return result;
      },
    };
    const backend = cached(held, { now });
    let open = 2;
    const writes = [bytes(1), bytes(2)].map((data) => write(backend, 'a', data, later()).finally(() => open--));
    while (open > 0) {
      await settle();
      answers.pop()?.(); // whichever came last
    }
    await Promise.all(writes);
    expect((await backend.get('a'))?.data).toStrictEqual((await shared.get('a'))?.data);
  });
});

describe('what fails', () => {
  it('a read or write of the backend: the error comes through and nothing stale stays', async () => {
    const shared = memory({ now });
    let isDown = false;
    const check = () => {
      if (isDown) throw new Error('down');
    };
    const backend = cached(
      {
        ...bare(shared),
        get: (id) => {
          check();
          return shared.get(id);
        },
        set: (id, data, options) => {
          const result = shared.set(id, data, options); // it is done, and the answer is lost
          check();
          return result;
        },
      },
      { now },
    );
    await write(backend, 'a', bytes(1), later());
    isDown = true;
    await expect(write(backend, 'a', bytes(2), later())).rejects.toThrow('down');
    await expect(backend.get('a')).rejects.toThrow('down');
    isDown = false;
    expect((await backend.get('a'))?.data).toStrictEqual(bytes(2));
  });

  it('a cache that cannot drop an old copy: it is not asked until the copy has expired', async () => {
    const cache = memory({ now });
    let isDown = false;
    const fail = () => {
      throw new Error('down');
    };
    const breaking: Backend = {
      ...bare(cache),
      set: (id, data, options) => (isDown ? fail() : cache.set(id, data, options)),
      delete: (id) => (isDown ? fail() : cache.delete(id)),
    };
    const backend = cached(memory({ now }), { cache: breaking, maxStale: 3, now });
    for (const id of ['a', 'b']) await write(backend, id, bytes(1), later());
    isDown = true;
    await write(backend, 'a', bytes(2), later());
    await backend.delete('b');
    isDown = false;
    time += 2.999;
    expect((await backend.get('a'))?.data).toStrictEqual(bytes(2));
    expect(await backend.get('b')).toBeUndefined();
  });
});

describe('cached()', () => {
  it('lists, prunes and closes as far as the backend does', async () => {
    const inner = memory({ now });
    const backend = cached(inner, { now });
    await write(backend, 'a', bytes(1), { expiresAt: time + 1, subject: 'ann' });
    const listed: string[] = [];
    for await (const { id } of backend.list?.('ann') ?? []) listed.push(id);
    expect(listed).toEqual(['a']);
    time += 1;
    expect(await backend.prune?.()).toBe(1);
    let open = 2;
    const closing = (): ManagedBackend => ({ ...bare(memory()), prune: () => 0, close: () => void open-- });
    await cached(closing(), { cache: closing() }).close();
    expect(open).toBe(0);
    expect(cached(bare(inner))).toMatchObject({ list: undefined, prune: undefined });
    await cached(bare(inner)).close();
  });

  it.each<{ name: string; args: unknown[]; error: Error }>([
    {
      name: 'no backend',
      args: [],
      error: new TypeError('"backend" expected a backend such as memory(), got undefined'),
    },
    {
      name: 'a Map for a cache',
      args: [memory(), { cache: new Map() }],
      error: new TypeError('"cache" expected a backend such as memory(), got an object'),
    },
    {
      name: 'a cache in place of options',
      args: [memory(), memory()],
      error: new TypeError('cached() has no option "cas"; it takes cache, maxStale, now'),
    },
    {
      name: 'a limit of 0',
      args: [memory(), { maxStale: 0 }],
      error: new RangeError('"maxStale" expected seconds over 0 and up to 3600, or undefined, got 0'),
    },
    {
      name: 'a limit too large',
      args: [memory(), { maxStale: 3601 }],
      error: new RangeError('"maxStale" expected seconds over 0 and up to 3600, or undefined, got 3601'),
    },
  ])('throws on $name', ({ args, error }) => {
    expect(() => Reflect.apply(cached, undefined, args)).toThrow(error);
  });

  it('takes a limit of 3,600 seconds', async () => {
    const inner = memory({ now });
    const backend = cached(inner, { maxStale: 3600, now });
    await write(backend, 'a', bytes(1), { expiresAt: time + 10_000 });
    await inner.delete('a');
    time += 3599;
    expect(await backend.get('a')).toBeDefined();
    time += 1;
    expect(await backend.get('a')).toBeUndefined();
  });
});

function bare(backend: Backend): Backend {
  return {
    cas: backend.cas,
    get: (id) => backend.get(id),
    set: (id, data, options) => backend.set(id, data, options),
    delete: (id) => backend.delete(id),
  };
}

function failing(): Backend {
  const fail = () => Promise.reject(new Error('the cache is down'));
  return { cas: 'none', get: fail, set: fail, delete: fail };
}

function readOnly(inner: Backend): Backend {
  return { ...failing(), get: (id) => inner.get(id) };
}

function slow(inner: Backend): Backend {
  const wait = () => new Promise((resolve) => setTimeout(resolve, 1));
  return {
    ...bare(inner),
    get: (id) => wait().then(() => inner.get(id)),
    set: (id, data, options) => {
      const copy = new Uint8Array(data);
      return wait().then(() => inner.set(id, copy, options));
    },
    delete: (id) => wait().then(() => inner.delete(id)),
  };
}

/** Until everything that waits for nothing but promises has gone on. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
