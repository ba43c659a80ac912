/** cached(): the contract through a cache, what another server may not see for how long, and that no read brings an old record back. */
import { describe, expect, it } from 'vitest';
import type { Backend, StoredRecord } from '../../packages/sessions/src/backend.ts';
import { cached } from '../../packages/sessions/src/cached.ts';
import { backendContract } from '../../packages/sessions/src/contract.ts';
import { memory } from '../../packages/sessions/src/memory.ts';
import { save } from '../../packages/sessions/src/save.ts';
import { serverStore } from '../../packages/sessions/src/server-store.ts';
import { Browser, clock, secret } from './support.ts';

const bytes = (...numbers: number[]) => Uint8Array.of(...numbers);
const later = () => ({ expiresAt: clock.now() + 1000 });

describe('the contract', () => {
  const kinds = {
    'cached(memory(), memory())': (now: () => number) => cached(memory({ now }), memory({ now }), { now }),
    'a cache that fails': (now: () => number) => cached(failing(), memory({ now }), { now }),
    'a cache that takes its time': (now: () => number) => cached(slow(memory({ now })), memory({ now }), { now }),
  };
  describe.each(Object.entries(kinds))('%s', (_, create) => {
    it.each(backendContract(create))('$name', ({ run }) => run());
  });
});

describe('two servers with a cache each', () => {
  function create() {
    const gets: string[] = [];
    const shared = memory({ now: clock.now });
    const counting: Backend = {
      ...bare(shared),
      get: (id) => {
        gets.push(id);
        return shared.get(id);
      },
    };
    const [here, there] = [0, 1].map(() =>
      cached(memory({ now: clock.now }), counting, { maxStale: 3, now: clock.now }),
    );
    if (here === undefined || there === undefined) throw new Error('unreachable');
    return { here, there, gets };
  }

  it('read a record once in maxStale seconds', async () => {
    const { here, gets } = create();
    await here.set('a', bytes(1), later());
    expect((await here.get('a'))?.data).toStrictEqual(bytes(1)); // what was written here need not be read
    expect(gets).toStrictEqual([]);
    clock.advance(3);
    for (let n = 0; n < 5; n++) await here.get('a');
    expect(gets).toStrictEqual(['a']);
    clock.advance(2.999);
    await here.get('a');
    expect(gets).toHaveLength(1);
    clock.advance(0.001);
    await here.get('a');
    expect(gets).toHaveLength(2);
  });

  it('see their own changes at once, and the other’s after maxStale seconds', async () => {
    const { here, there } = create();
    const version = await here.set('a', bytes(1), later());
    expect((await there.get('a'))?.data).toStrictEqual(bytes(1));
    await here.set('a', bytes(2), later());
    expect((await here.get('a'))?.data).toStrictEqual(bytes(2));
    expect((await there.get('a'))?.data).toStrictEqual(bytes(1));
    expect(await there.set('a', bytes(3), { ...later(), ifVersion: String(version) })).toBe(false);
    expect((await there.get('a'))?.data).toStrictEqual(bytes(2)); // who has lost reads the newest
    await here.delete('a');
    expect(await here.get('a')).toBeUndefined();
    expect(await there.get('a')).toBeDefined();
    clock.advance(3);
    expect(await there.get('a')).toBeUndefined();
  });

  it('see a touch of their own, and no record that has expired', async () => {
    const { here } = create();
    await here.set('a', bytes(1), { expiresAt: clock.now() + 1 });
    await here.touch('a', clock.now() + 2);
    clock.advance(1.5);
    expect((await here.get('a'))?.expiresAt).toBe(clock.now() + 0.5);
    clock.advance(0.5);
    expect(await here.get('a')).toBeUndefined();
  });

  it('give each reader bytes of its own', async () => {
    const { here, gets } = create();
    await here.set('a', bytes(1, 2), later());
    clock.advance(3);
    const [one, other] = await Promise.all([here.get('a'), here.get('a')]);
    one?.data.fill(0);
    expect(other?.data).toStrictEqual(bytes(1, 2));
    expect((await here.get('a'))?.data).toStrictEqual(bytes(1, 2));
    expect(gets).toHaveLength(1);
  });

  it('keep a session’s logout: what is stale can be read and not be written', async () => {
    const { here, there } = create();
    const [one, other] = [here, there].map((backend) => serverStore({ keys: [secret(1)], now: clock.now, backend }));
    const browser = new Browser();
    const act = (store: typeof one, action: 'set' | 'destroy') =>
      browser.copy().visit(async (request) => {
        const session = await store?.get(request, 'login');
        if (action === 'set') session?.set('n', 1);
        else session?.destroy();
        const response = await save(request, new Response());
        browser.take(action === 'set' ? response : new Response());
        return response;
      });
    await act(one, 'set');
    expect((await other?.get(browser.request(), 'login'))?.get('n')).toBe(1);
    await act(one, 'destroy');
    expect((await other?.get(browser.request(), 'login'))?.isNew).toBe(false);
    await act(other, 'set');
    expect((await other?.get(browser.request(), 'login'))?.rejected).toBe('gone'); // its write has told it
    expect((await one?.get(browser.request(), 'login'))?.rejected).toBe('gone');
  });
});

describe('a read that a write overtakes', () => {
  it.each(['set', 'delete', 'touch'] as const)('%s: is not kept', async (verb) => {
    const shared = memory({ now: clock.now });
    let letGo: () => void = () => {};
    const held: Backend = {
      ...bare(shared),
      async get(id) {
        const found: StoredRecord | undefined = await shared.get(id);
        await new Promise<void>((resolve) => (letGo = resolve)); // the answer is on its way while the write is done
        return found;
      },
    };
    await shared.set('a', bytes(1), later());
    const backend = cached(memory({ now: clock.now }), held, { now: clock.now });
    const read = backend.get('a');
    await settle();
    if (verb === 'set') await backend.set('a', bytes(2), later());
    else if (verb === 'delete') await backend.delete('a');
    else await backend.touch('a', clock.now() + 7);
    letGo();
    expect((await read)?.data).toStrictEqual(bytes(1));
    const next = backend.get('a');
    await settle();
    letGo();
    const expected = { set: bytes(2), delete: undefined, touch: bytes(1) }[verb];
    expect((await next)?.data).toStrictEqual(expected);
    if (verb === 'touch') expect((await next)?.expiresAt).toBe(clock.now() + 7);
  });

  it('of two writes that overlap keeps neither', async () => {
    const shared = memory({ now: clock.now });
    const release: (() => void)[] = [];
    const held: Backend = {
      ...bare(shared),
      async set(id, data, options) {
        const version = shared.set(id, data, options);
        await new Promise<void>((resolve) => release.push(resolve));
        return version;
      },
    };
    const backend = cached(memory({ now: clock.now }), held, { now: clock.now });
    const writes = [backend.set('a', bytes(1), later()), backend.set('a', bytes(2), later())];
    await settle();
    release[1]?.(); // the answers come in the other order
    await writes[1];
    release[0]?.();
    await Promise.all(writes);
    expect((await backend.get('a'))?.data).toStrictEqual(bytes(2));
  });
});

describe('what fails', () => {
  it('a read or write of the backend: the error comes through and nothing stale stays', async () => {
    const shared = memory({ now: clock.now });
    let isDown = false;
    const check = () => {
      if (isDown) throw new Error('down');
    };
    const backend = cached(
      memory({ now: clock.now }),
      {
        ...bare(shared),
        get: (id) => {
          check();
          return shared.get(id);
        },
        set: (id, data, options) => {
          const version = shared.set(id, data, options); // it is done, and the answer is lost
          check();
          return version;
        },
      },
      { now: clock.now },
    );
    await backend.set('a', bytes(1), later());
    isDown = true;
    await expect(backend.set('a', bytes(2), later())).rejects.toThrow('down');
    await expect(backend.get('a')).rejects.toThrow('down');
    isDown = false;
    expect((await backend.get('a'))?.data).toStrictEqual(bytes(2));
  });

  it.each<{ name: string; args: unknown[]; error: Error }>([
    {
      name: 'no backend',
      args: [memory()],
      error: new TypeError('"backend" expected a backend such as memory(), got undefined'),
    },
    {
      name: 'no cache',
      args: [5, memory()],
      error: new TypeError('"cache" expected a backend such as memory(), got 5'),
    },
    {
      name: 'a bound of 0',
      args: [memory(), memory(), { maxStale: 0 }],
      error: new RangeError('"maxStale" expected seconds over 0 and up to 3600, or undefined, got 0'),
    },
    {
      name: 'a bound too large',
      args: [memory(), memory(), { maxStale: 3601 }],
      error: new RangeError('"maxStale" expected seconds over 0 and up to 3600, or undefined, got 3601'),
    },
  ])('$name is refused', ({ args, error }) => {
    expect(() => Reflect.apply(cached, undefined, args)).toThrow(error);
  });
});

function bare(backend: Backend): Backend {
  return {
    cas: backend.cas,
    get: (id) => backend.get(id),
    set: (id, data, options) => backend.set(id, data, options),
    delete: (id) => backend.delete(id),
    touch: (id, expiresAt) => backend.touch(id, expiresAt),
  };
}

function failing(): Backend {
  const fail = () => Promise.reject(new Error('the cache is down'));
  return { cas: 'none', get: fail, set: fail, delete: fail, touch: fail };
}

function slow(inner: Backend): Backend {
  const wait = () => new Promise((resolve) => setTimeout(resolve, 1));
  return {
    ...bare(inner),
    get: (id) => wait().then(() => inner.get(id)),
    set: (id, data, options) => wait().then(() => inner.set(id, data, options)),
    delete: (id) => wait().then(() => inner.delete(id)),
  };
}

/** Until everything that waits for nothing but promises has gone on. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}
