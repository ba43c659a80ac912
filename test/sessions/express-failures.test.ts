/** What toExpressStore() refuses, and what comes of it when something fails. */
import session from 'express-session';
import { describe, expect, it, vi } from 'vitest';
import type { Backend } from '../../packages/sessions/src/backend.ts';
import { fromExpressStore, toExpressStore } from '../../packages/sessions/src/express-session.ts';
import { memory } from '../../packages/sessions/src/memory.ts';
import { cookie, keys, openStore as open, SID, seen } from './support/express-backend.ts';

describe('what fails in toExpressStore()', () => {
  it.each(['get', 'set', 'delete', 'touch'] as const)(
    'is told to the callback when the backend fails to %s',
    async (method) => {
      const { backend, store } = open();
      const cause = new Error('the disk is full');
      await store.set(SID, { cookie });
      backend.fail[method] = cause;
      const calls = {
        get: (callback: (error: unknown) => void) => store.get(SID, callback),
        set: (callback: (error: unknown) => void) => store.set(SID, { cookie }, callback),
        delete: (callback: (error: unknown) => void) => store.destroy(SID, callback),
        touch: (callback: (error: unknown) => void) => store.touch(SID, { cookie }, callback),
      };
      const error = await new Promise((resolve) => calls[method](resolve));
      expect(error).toMatchObject({ name: 'SessionError', code: 'ERR_SESSION_BACKEND', cause });
      delete backend.fail[method];
      expect(await new Promise((resolve) => calls[method](resolve))).toBeNull();
    },
  );

  it('calls back once and asynchronously', async () => {
    const { store } = open();
    const callback = vi.fn();
    const answer = store.set(SID, { cookie, n: 1 }, callback);
    expect(callback).not.toHaveBeenCalled();
    expect(await answer).toBeUndefined();
    await Promise.resolve();
    expect(callback.mock.calls).toStrictEqual([[null, undefined]]);
  });

  it('answers with a promise where a framework passes something else for the callback', async () => {
    const { store } = open();
    // @ts-expect-error: koa-session passes a lifetime there
    expect(await store.set(SID, { n: 1 }, 86_400_000)).toBeUndefined();
    // @ts-expect-error: and here
    expect(await store.get(SID, 86_400_000)).toMatchObject({ n: 1 });
  });

  it('is not what a callback throws: that goes where uncaught errors go, and the callback is not called again', async () => {
    const { store } = open();
    const tasks: (() => void)[] = [];
    vi.stubGlobal('queueMicrotask', (task: () => void) => tasks.push(task));
    const callback = vi.fn(() => {
      throw new Error('of the application');
    });
    expect(await store.get(SID, callback)).toBeUndefined();
    vi.unstubAllGlobals();
    expect(tasks).toHaveLength(1);
    expect(tasks[0]).toThrow('of the application');
    expect(callback).toHaveBeenCalledOnce();
  });

  it.each([
    {
      name: 'what holds itself',
      make: () =>
        Object.assign(Object.create(null), {
          get self() {
            return this;
          },
        }),
    },
    { name: 'a bigint', make: () => ({ n: 1n }) },
    { name: 'no object', make: () => 'text' },
    { name: 'an array', make: () => [1] },
    { name: 'null', make: () => null },
  ])('is $name, with an error and nothing written', async ({ make }) => {
    const { backend, store } = open();
    await expect(store.set(SID, make())).rejects.toThrow();
    expect(backend.changes).toStrictEqual([]);
  });

  it('is more than there is room for', async () => {
    const { store } = open();
    const big = store.set(SID, { text: 'x'.repeat(17_000_000) });
    await expect(big).rejects.toMatchObject({ code: 'ERR_SESSION_TOO_LARGE' });
  });

  it('is a save that meets another each time, after some tries', async () => {
    const backend = seen();
    const { store, load, events } = open({ now: () => Date.now() / 1000 }, backend);
    await store.set(SID, { cookie });
    const loaded = await load();
    backend.set = () => false;
    await expect(store.set(SID, Object.assign(loaded, { n: 1 }))).rejects.toMatchObject({
      code: 'ERR_SESSION_CONFLICT',
    });
    expect(events.every((event) => event === 'conflict')).toBe(true);
    await expect(store.set('another', { cookie })).rejects.toMatchObject({ code: 'ERR_SESSION_CONFLICT' });
  });

  it('is no hook: what it throws is printed', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const error = new Error('of the hook');
    const onEvent = () => {
      throw error;
    };
    toExpressStore(fromExpressStore(new session.MemoryStore()), { keys, onEvent }); // weak-cas
    expect(log.mock.calls).toStrictEqual([[error]]);
    log.mockRestore();
  });

  it.each<{ name: string; backend?: unknown; options: unknown; message: string }>([
    {
      name: 'no backend',
      backend: {},
      options: { keys },
      message: '"backend" expected a backend such as memory(), got an object',
    },
    {
      name: 'no options',
      options: undefined,
      message: 'toExpressStore() expected an object with options, got undefined',
    },
    { name: 'no keys', options: {}, message: '"keys" expected' },
    { name: 'an unknown option', options: { keys, ttl: 5 }, message: 'toExpressStore() has no option "ttl"' },
    { name: 'no time', options: { keys, maxAge: 0 }, message: '"maxAge" expected seconds over 0' },
    { name: 'a clock', options: { keys, now: 5 }, message: '"now" expected a function' },
    { name: 'a hook', options: { keys, onEvent: 5 }, message: '"onEvent" expected a function, got 5' },
    {
      name: 'the package for its class',
      options: { keys, Store: session },
      message: '"Store" expected the class session.Store',
    },
    {
      name: 'an object for the class',
      options: { keys, Store: {} },
      message: '"Store" expected the class session.Store',
    },
  ])('is refused when it is made: $name', ({ backend = memory(), options, message }) => {
    // @ts-expect-error: what JavaScript may pass
    expect(() => toExpressStore(backend, options)).toThrow(message);
  });

  it('is express-session without its class, at once, and in TypeScript before', () => {
    const store = toExpressStore(memory(), { keys });
    // @ts-expect-error: express-session's Store has more methods
    expect(() => session({ secret: 'a', resave: false, saveUninitialized: false, store })).toThrow(
      'expected the option "Store" for express-session',
    );
  });

  it('says so once if its backend cannot compare and set for all', () => {
    const events: unknown[] = [];
    const backend: Backend = fromExpressStore(new session.MemoryStore());
    toExpressStore(backend, { keys, onEvent: (event) => events.push(event) });
    expect(events).toStrictEqual([{ type: 'weak-cas', cas: 'process' }]);
  });
});
