/** Cloudflare Workers, where no request may wait for another: one that waits for nothing else is canceled. The real ones are in ../../frameworks/hono. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
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
