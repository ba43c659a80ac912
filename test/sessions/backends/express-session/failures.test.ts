/** What toExpressStore() refuses, and what comes of it when something fails. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import session from 'express-session';
import { describe, expect, it, vi } from 'vitest';
import type { Backend } from '../../../../packages/sessions/src/backends/backend.ts';
import {
  type ExpressStore,
  type ExpressStoreEvent,
  fromExpressStore,
  toExpressStore,
} from '../../../../packages/sessions/src/backends/express-session.ts';
import { memory } from '../../../../packages/sessions/src/backends/memory.ts';
import { expressApp, look as lookOver, set } from './support/apps.ts';
import { blind, cookie, keys, openStore as open, type SeenBackend, SID, seen } from './support/seen-backend.ts';

type Call = (store: ExpressStore, callback?: (error: unknown) => void) => Promise<unknown>;

/** Each method, and of the backend what fails. */
const methods: readonly { name: string; fails: keyof SeenBackend['fail']; call: Call }[] = [
  { name: 'get', fails: 'get', call: (store, callback) => store.get(SID, callback) },
  { name: 'set', fails: 'set', call: (store, callback) => store.set(SID, { cookie }, callback) },
  { name: 'destroy', fails: 'delete', call: (store, callback) => store.destroy(SID, callback) },
  { name: 'touch', fails: 'get', call: (store, callback) => store.touch(SID, { cookie }, callback) },
  { name: 'length', fails: 'list', call: (store, callback) => store.length(callback) },
  { name: 'ids', fails: 'list', call: (store, callback) => store.ids(callback) },
  { name: 'all', fails: 'get', call: (store, callback) => store.all(callback) },
  { name: 'clear', fails: 'delete', call: (store, callback) => store.clear(callback) },
  { name: 'close', fails: 'close', call: (store, callback) => store.close(callback) },
];

describe('what fails in toExpressStore()', () => {
  it.each(methods)('is told to the callback of $name', async ({ fails, call }) => {
    const { backend, store, events } = open({ listable: true });
    const cause = new Error('the disk is full');
    await store.set(SID, { cookie });
    backend.fail[fails] = cause;
    const error = await new Promise((resolve) => call(store, resolve));
    expect(error).toMatchObject({ name: 'SessionError', code: 'ERR_SESSION_BACKEND', cause });
    delete backend.fail[fails];
    expect(await new Promise((resolve) => call(store, resolve))).toBeNull();
    expect(events).toStrictEqual([]);
  });

  it.each(methods)(
    'rejects the promise of $name without a callback, and is no unhandled rejection',
    async ({ fails, call }) => {
      const unhandled = vi.fn();
      process.on('unhandledRejection', unhandled);
      const told: ExpressStoreEvent[] = [];
      const { backend, store } = open({ listable: true, onEvent: (event) => told.push(event) });
      await store.set(SID, { cookie });
      backend.fail[fails] = new Error('the disk is full');
      call(store); // as session.destroy() does without an argument: nobody takes the promise
      await expect.poll(() => told).toHaveLength(1);
      expect(told).toMatchObject([{ type: 'failed', error: { code: 'ERR_SESSION_BACKEND' } }]);
      await nextTurn(); // by then Node has reported it
      process.off('unhandledRejection', unhandled);
      expect(unhandled).not.toHaveBeenCalled();
      await expect(call(store)).rejects.toMatchObject({ code: 'ERR_SESSION_BACKEND' });
    },
  );

  it('is printed if there is neither a callback nor a hook', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const backend = seen();
    const store = toExpressStore(backend, { keys });
    backend.fail.delete = new Error('the disk is full');
    void store.destroy(SID);
    await expect.poll(() => log).toHaveBeenCalled();
    expect(log.mock.calls).toMatchObject([[{ code: 'ERR_SESSION_BACKEND' }]]);
    log.mockRestore();
  });

  it('is a logout without a callback, over HTTP: the visitor is answered, and the hook is told', async () => {
    const told: string[] = [];
    const backend = seen();
    const onEvent = ({ type }: ExpressStoreEvent) => told.push(type);
    const store = toExpressStore(backend, { keys, onEvent, Store: session.Store });
    const app = await expressApp({ store, resave: false, saveUninitialized: false });
    const visitor = app.visitor();
    await set(visitor, { n: 1 });
    backend.fail.delete = new Error('the disk is full');
    const { status, body } = await visitor.visit(({ session }) => {
      Reflect.apply(session.destroy, session, []);
      return 'bye';
    });
    expect([status, body]).toStrictEqual([200, 'bye']);
    await expect.poll(() => told).toStrictEqual(['failed']);
    expect(await lookOver(visitor)).toStrictEqual({ n: 1 });
    await app.close();
  });

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

  it('is a save that meets another each time, after half a minute', async () => {
    const backend = seen();
    const { store, load, events } = open({ now: () => Date.now() / 1000 }, backend);
    await store.set(SID, { cookie });
    const loaded = await load();
    let calls = 0;
    backend.set = () => {
      calls++;
      vi.setSystemTime(Date.now() + 5000); // a call takes as long
      return false;
    };
    vi.useFakeTimers({ toFake: ['Date'] });
    const conflict = { code: 'ERR_SESSION_CONFLICT' };
    await expect(store.set(SID, Object.assign(loaded, { n: 1 }))).rejects.toMatchObject(conflict);
    expect(events).toStrictEqual([...Array.from({ length: calls }, () => 'conflict'), 'failed']);
    expect(calls).toBeGreaterThan(5);
    await expect(store.set('another', { cookie })).rejects.toMatchObject(conflict);
    vi.useRealTimers();
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
    { name: 'an unknown option', options: { keys, maxAge: 5 }, message: 'toExpressStore() has no option "maxAge"' },
    { name: 'no time', options: { keys, ttl: 0 }, message: '"ttl" expected seconds over 0' },
    { name: 'a time as a string', options: { keys, ttl: '60' }, message: '"ttl" expected seconds over 0' },
    {
      name: 'a number for a flag',
      options: { keys, disableTouch: 1 },
      message: '"disableTouch" expected true or false',
    },
    { name: 'a string for a flag', options: { keys, listable: 'yes' }, message: '"listable" expected true or false' },
    {
      name: 'listable over a backend that cannot list',
      backend: blind(),
      options: { keys, listable: true },
      message: '"listable" expected a backend that can list',
    },
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
