/** backendOf(): what it does for all storage; and what waits: queues and patience. */
import { tmpdir } from 'node:os';
import { mock } from 'node:test';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Backend, MaybePromise, SetOptions } from '../../../packages/sessions/src/backends/backend.ts';
import { cached } from '../../../packages/sessions/src/backends/cached.ts';
import { toExpressStore } from '../../../packages/sessions/src/backends/express-session.ts';
import { file } from '../../../packages/sessions/src/backends/file.ts';
import { keyv } from '../../../packages/sessions/src/backends/keyv.ts';
import { pause, tryFor, wait } from '../../../packages/sessions/src/backends/kit/patience.ts';
import { createQueue } from '../../../packages/sessions/src/backends/kit/queue.ts';
import { backendOf, type Rows, SWEEP_EVERY, SWEEP_MARGIN } from '../../../packages/sessions/src/backends/kit/rows.ts';
import { memory } from '../../../packages/sessions/src/backends/memory.ts';
import { SessionError } from '../../../packages/sessions/src/error.ts';
import type { Session } from '../../../packages/sessions/src/session/session.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import { browserWith, visit } from '../support/visit.ts';
import { secret } from '../support.ts';

const data = Uint8Array.of(1, 2, 3);
const settings = { cas: 'atomic', now: () => 100, where: 'a box' } as const;
const nothing: Rows = { read: () => undefined, write: () => true, remove: () => false };

afterEach(() => {
  vi.useRealTimers();
  mock.timers.reset();
});

describe('backendOf()', () => {
  it.each<{ name: string; id?: unknown; options?: Partial<Record<keyof SetOptions, unknown>>; expected: string }>([
    { name: 'an empty id', id: '', expected: '"id" expected 1 to 128 characters' },
    { name: 'an id of 129 characters', id: 'a'.repeat(129), expected: '"id" expected 1 to 128 characters' },
    { name: 'an id with other characters', id: 'a b', expected: '"id" expected 1 to 128 characters' },
    { name: 'an empty version', options: { version: '' }, expected: '"version" expected 1 to 64 characters' },
    {
      name: 'a version of 65',
      options: { version: 'v'.repeat(65) },
      expected: '"version" expected 1 to 64 characters',
    },
    { name: 'no version', options: { version: undefined }, expected: '"version" expected 1 to 64 characters' },
    { name: 'a version with others', options: { version: 'v.1' }, expected: '"version" expected 1 to 64 characters' },
    { name: 'no number', options: { expiresAt: NaN }, expected: '"expiresAt" expected seconds since the epoch' },
    { name: 'a date', options: { expiresAt: new Date() }, expected: '"expiresAt" expected seconds since the epoch' },
  ])('throws on $name, and writes nothing', ({ id = 'a', options, expected }) => {
    const write = vi.fn(() => true);
    const backend = backendOf({ ...nothing, write }, settings);
    const args = [id, data, { version: 'v', expiresAt: 200, ...options }];
    expect(() => Reflect.apply(backend.set, backend, args)).toThrow(TypeError);
    expect(() => Reflect.apply(backend.set, backend, args)).toThrow(expected);
    expect(write).not.toHaveBeenCalled();
  });

  it('takes an id of 128 characters and a version of 64', () => {
    const backend = backendOf(nothing, settings);
    expect(backend.set('a'.repeat(128), data, { version: '-'.repeat(64), expiresAt: Infinity })).toBe(true);
  });

  it('hides rows that have expired from get() and list()', async () => {
    const rows = new Map([99, 100, 100.5].map((expiresAt) => [String(expiresAt), { data, version: 'v', expiresAt }]));
    const backend = backendOf(
      {
        ...nothing,
        read: (id) => rows.get(id),
        async *list() {
          for (const [id, { expiresAt }] of rows) yield { id, expiresAt };
        },
      },
      settings,
    );
    expect(['99', '100', '100.5'].map((id) => backend.get(id) !== undefined)).toEqual([false, false, true]);
    const listed: string[] = [];
    for await (const { id } of backend.list?.('ann') ?? []) listed.push(id);
    expect(listed).toEqual(['100.5']);
  });

  it('is as synchronous as its rows', async () => {
    const sync = backendOf({ ...nothing, *removeExpired() {} }, settings);
    const options = { version: 'v', expiresAt: 200 };
    const results = (of: typeof sync) => [
      of.get('a'),
      of.set('a', data, options),
      of.delete('a'),
      of.prune(),
      of.close(),
    ];
    expect(results(sync)).toEqual([undefined, true, false, 0, undefined]);
    const rows = { read: async () => undefined, write: async () => true, remove: async () => false };
    const promised = backendOf({ ...rows, async *removeExpired() {}, close: async () => {} }, settings);
    for (const result of results(promised)) expect(result).toBeInstanceOf(Promise);
  });

  it('lists and prunes only if its rows do', () => {
    expect(backendOf(nothing, settings)).toMatchObject({ list: undefined, prune: undefined });
    const rows = { ...nothing, async *list() {}, *removeExpired() {} };
    expect(backendOf(rows, settings)).toMatchObject({ list: expect.any(Function), prune: expect.any(Function) });
  });

  it.each([
    {
      way: 'throws',
      fail: (error: Error): MaybePromise<never> => {
        throw error;
      },
    },
    { way: 'rejects', fail: (error: Error): MaybePromise<never> => Promise.reject(error) },
  ])('wraps what a row $way, names the storage and keeps the cause', async ({ fail }) => {
    const error = Object.assign(new Error('of the id 1234'), { code: 'EIO' });
    const failing: Rows = {
      read: () => fail(error),
      write: () => fail(error),
      remove: () => fail(error),
      async *list() {
        yield await fail(error);
      },
      async *removeExpired() {
        yield await fail(error);
      },
      close: () => fail(error),
    };
    const backend = backendOf(failing, settings);
    const calls: Record<string, () => unknown> = {
      read: () => backend.get('a'),
      write: () => backend.set('a', data, { version: 'v', expiresAt: 200 }),
      delete: () => backend.delete('a'),
      list: () => backend.list?.('ann')[Symbol.asyncIterator]().next(),
      prune: () => backend.prune?.(),
      close: () => backend.close(),
    };
    for (const [verb, call] of Object.entries(calls)) {
      const thrown = await Promise.resolve()
        .then(call)
        .catch((caught: unknown) => caught);
      expect(thrown).toBeInstanceOf(SessionError);
      expect(thrown).toMatchObject({ message: `Cannot ${verb} sessions in a box: EIO`, cause: error });
    }
  });

  it('lets rows explain an error, and passes on a SessionError', () => {
    const thrower = (error: Error) => ({
      ...nothing,
      remove: () => {
        throw error;
      },
    });
    const explain = (cause: unknown) => `it ${cause instanceof RangeError ? 'ranges' : 'fails'}`;
    const explained = backendOf(thrower(new RangeError('x')), { ...settings, explain });
    expect(() => explained.delete('a')).toThrow('Cannot delete sessions in a box: it ranges');
    const own = new SessionError('ERR_SESSION_BACKEND', 'There is no table');
    expect(() => backendOf(thrower(own), settings).delete('a')).toThrow(own);
    expect(() => backendOf(thrower(new Error('x')), settings).delete('a')).toThrow('in a box: see its cause');
  });
});

it.each<[string, (options: object) => unknown]>([
  ['memory()', memory],
  ['cached()', (options) => cached(memory(), options)],
  ['keyv()', (options) => keyv(new Map(), options)],
  ['file()', (options) => file(tmpdir(), options)],
  ['toExpressStore()', (options) => toExpressStore(memory(), { keys: [secret(1)], ...options })],
])('%s takes no option from a polluted prototype', (_name, make) => {
  for (const name of ['now', 'ttl', 'maxStale', 'prefix', 'durability']) {
    const wrong = Object.defineProperty({}, name, { value: -1, enumerable: true });
    Object.defineProperty(Object.prototype, name, { value: -1, configurable: true });
    try {
      expect(() => make({})).not.toThrow();
    } finally {
      Reflect.deleteProperty(Object.prototype, name);
    }
    expect(() => make(wrong)).toThrow(name);
  }
});

describe('the sweep', () => {
  /** Rows whose steps are counted, with what the clock said at each. */
  function swept(step: (times: number[]) => MaybePromise<number>) {
    const times: number[] = [];
    const rows = {
      ...nothing,
      async *removeExpired(now: () => number) {
        for (let left = 2; left > 0; left--) {
          times.push(now());
          yield await step(times);
        }
      },
    };
    return { rows, times };
  }
  const writeTimes = (backend: ReturnType<typeof backendOf>, count: number) => {
    for (let at = 0; at < count; at++) backend.set('a', data, { version: 'v', expiresAt: 200 });
  };

  it('takes a step after each 64th write, an hour late, and starts again when it is through', async () => {
    const { rows, times } = swept(() => 1);
    const backend = backendOf(rows, { ...settings, now: () => 10_000 });
    writeTimes(backend, SWEEP_EVERY - 1);
    expect(times).toEqual([]);
    writeTimes(backend, 1);
    expect(times).toEqual([10_000 - SWEEP_MARGIN]);
    for (const steps of [2, 3, 4]) {
      await turn(); // until the step is done
      writeTimes(backend, SWEEP_EVERY);
      await turn();
      expect(times).toHaveLength(steps);
    }
    expect(await backend.prune()).toBe(2);
    expect(times.at(-1)).toBe(10_000); // at once
  });

  it('has no margin in this process', () => {
    const { rows, times } = swept(() => 1);
    writeTimes(backendOf(rows, { ...settings, inProcess: true }), SWEEP_EVERY);
    expect(times).toEqual([100]);
  });

  it('is left to prune() if a step costs too much', async () => {
    const { rows, times } = swept(() => 1);
    const backend = backendOf(rows, { ...settings, sweeps: false });
    writeTimes(backend, 2 * SWEEP_EVERY);
    expect(times).toEqual([]);
    expect(await backend.prune()).toBe(2);
  });

  it('counts only what was written', () => {
    const { rows, times } = swept(() => 1);
    const backend = backendOf({ ...rows, write: () => false }, settings);
    writeTimes(backend, 2 * SWEEP_EVERY);
    expect(times).toEqual([]);
  });

  it('is one at a time, is waited for by close(), and ends with it', async () => {
    let finish: (removed: number) => void = () => {};
    const { rows, times } = swept(() => new Promise((resolve) => (finish = resolve)));
    const close = vi.fn();
    const backend = backendOf({ ...rows, close }, settings);
    writeTimes(backend, 3 * SWEEP_EVERY);
    expect(times).toHaveLength(1);
    const closing = backend.close();
    await turn();
    expect(close).not.toHaveBeenCalled();
    finish(1);
    await closing;
    await backend.close();
    expect(close).toHaveBeenCalledTimes(1);
    writeTimes(backend, SWEEP_EVERY);
    expect(times).toHaveLength(1);
  });

  it('tells nobody of a failure, and tries again', async () => {
    const { rows, times } = swept(() => Promise.reject(new Error('broken')));
    const backend = backendOf(rows, settings);
    for (let round = 0; round < 4; round++) {
      writeTimes(backend, SWEEP_EVERY);
      await turn();
    }
    expect(times.length).toBeGreaterThan(1);
    await expect(backend.prune()).rejects.toThrow('Cannot prune sessions in a box');
  });

  it('prune() stops between two steps when the backend is closed', async () => {
    const { rows, times } = swept(() => 1);
    const backend = backendOf(rows, settings);
    const pruning = backend.prune();
    await backend.close();
    expect(await pruning).toBe(1);
    expect(times).toHaveLength(1);
  });
});

describe('createQueue()', () => {
  it('runs the tasks of one key in order, one at a time, and those of others meanwhile', async () => {
    const queue = createQueue();
    const said: string[] = [];
    const task = (name: string) => async () => {
      said.push(`${name} begins`);
      await turn();
      said.push(`${name} ends`);
      return name;
    };
    const results = await Promise.all([queue('a', task('1')), queue('a', task('2')), queue('b', task('3'))]);
    expect(results).toEqual(['1', '2', '3']);
    expect(said.filter((line) => !line.startsWith('3'))).toEqual(['1 begins', '1 ends', '2 begins', '2 ends']);
    expect(said.indexOf('3 begins')).toBeLessThan(said.indexOf('1 ends'));
  });

  it('goes on after a task that fails', async () => {
    const queue = createQueue();
    const failing = queue('a', () => Promise.reject(new Error('it fails')));
    const next = queue('a', async () => 'next');
    await expect(failing).rejects.toThrow('it fails');
    expect(await next).toBe('next');
  });
});

describe('patience', () => {
  it('tries until something comes, or the time is over, and at least once', async () => {
    let tries = 0;
    expect(await tryFor(60, () => (++tries < 5 ? undefined : tries))).toBe(5);
    tries = 0;
    expect(await tryFor(0, () => void ++tries)).toBeUndefined();
    expect(tries).toBe(1);
    tries = 0;
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => tries * 50);
    expect(await tryFor(0.2, () => void ++tries)).toBeUndefined();
    clock.mockRestore();
    expect(tries).toBe(5); // at 0, 50, 100, 150 and 200 milliseconds
  });

  it('passes on what a try throws', async () => {
    await expect(tryFor(60, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });

  it.each([
    { name: 'vi.useFakeTimers()', fake: () => void vi.useFakeTimers() },
    {
      name: 'mock.timers of node:test',
      fake: () => mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] }),
    },
  ])('goes on under $name, and so do saves that meet each other', async ({ fake }) => {
    const shared = memory();
    const slow: Backend = {
      cas: 'atomic',
      get: async (id) => shared.get(id),
      set: async (id, bytes, options) => shared.set(id, bytes, options),
      delete: async (id) => shared.delete(id),
    };
    const server = () => serverStore({ keys: [secret(1)], backend: slow });
    const browser = await browserWith(server(), { n: 0 });
    fake();
    let tries = 0;
    expect(await tryFor(60, () => (++tries < 4 ? undefined : tries))).toBe(4);
    await pause(20);
    await wait(1);
    const count = (session: Session) => session.update('n', (n) => Number(n) + 1);
    await Promise.all([1, 2, 3, 4].map(() => visit(server(), browser.copy(), count)));
    expect((await server().get(browser.request(), 'a')).get('n')).toBe(4);
  });
});

/** Until everything that waits for nothing but promises has gone on. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
