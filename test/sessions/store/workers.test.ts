/** Cloudflare Workers, where no request may wait for another: one that waits for nothing else is canceled. The real ones are in ../../frameworks/hono. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { cached } from '../../../packages/sessions/src/backends/cached.ts';
import { keyv } from '../../../packages/sessions/src/backends/keyv.ts';
import { createQueue } from '../../../packages/sessions/src/backends/kit/queue.ts';
import { memory } from '../../../packages/sessions/src/backends/memory.ts';
import { save } from '../../../packages/sessions/src/response/save.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import { Browser, secret } from '../support.ts';

beforeEach(() => vi.stubGlobal('navigator', { userAgent: 'Cloudflare-Workers' }));
afterEach(() => vi.unstubAllGlobals());

it('a write goes on while another one hangs', async () => {
  const near = memory();
  let isHanging = false;
  const backend = {
    cas: near.cas,
    get: async (id: string) => near.get(id),
    delete: async (id: string) => near.delete(id),
    async set(...given: Parameters<typeof near.set>) {
      if (isHanging) return await new Promise<boolean>(() => {});
      return near.set(...given);
    },
  };
  const store = serverStore({ keys: [secret(1)], backend });
  const browser = new Browser();
  const count = async (request: Request) => {
    const session = await store.get(request, 'login');
    session.update('n', (n = 0) => n + 1);
    return await save(request, new Response(String(session.get('n'))));
  };
  await browser.visit(count);
  isHanging = true;
  void count(browser.request());
  await new Promise((resolve) => setImmediate(resolve));
  isHanging = false;
  expect(await (await browser.visit(count)).text()).toBe('2');
});

it('a task does not wait for the one before it', async () => {
  const queue = createQueue();
  void queue('a', () => new Promise(() => {}));
  expect(await queue('a', async () => 'done')).toBe('done');
});

it('a read of a key-value store waits for no other, and sees what was written since', async () => {
  const near = new Map<string, unknown>();
  let hanging: Promise<never> | undefined;
  const storage = {
    get: (key: string) => hanging ?? Promise.resolve(near.get(key)),
    set: async (key: string, value: unknown) => near.set(key, value) !== undefined,
    delete: async (key: string) => near.delete(key),
  };
  const backend = keyv(storage);
  const write = (text: string) =>
    backend.set('a', new TextEncoder().encode(text), { version: text, expiresAt: Date.now() / 1000 + 60 });
  await write('1');
  hanging = new Promise<never>(() => {});
  void backend.get('a');
  hanging = undefined;
  expect((await backend.get('a'))?.version).toBe('1');
  await write('2');
  expect((await backend.get('a'))?.version).toBe('2');
});

it('cached() keeps no copy of a record that is deleted while it is read', async () => {
  const near = memory();
  let deleteMeanwhile: (() => unknown) | undefined;
  const backend = cached(
    {
      cas: near.cas,
      async get(id: string) {
        const record = await near.get(id);
        await deleteMeanwhile?.();
        return record;
      },
      set: async (...given: Parameters<typeof near.set>) => near.set(...given),
      delete: async (id: string) => near.delete(id),
    },
    { maxStale: 60 },
  );
  await near.set('a', Uint8Array.of(1), { version: '1', expiresAt: Date.now() / 1000 + 600 });
  deleteMeanwhile = () => backend.delete('a');
  expect((await backend.get('a'))?.version).toBe('1');
  deleteMeanwhile = undefined;
  expect(await backend.get('a')).toBeUndefined();
});
