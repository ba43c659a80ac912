/** The routes that only the tests need. Those that are not here are pages. */
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { H3Event } from 'h3';

const nextEvent = new EventTarget();
const router = createRouter();

router.post(
  '/story/regenerate',
  defineEventHandler(async (event) => {
    const session = await login.get(event);
    await session.regenerate();
    return sendRedirect(event, '/', 303);
  }),
);

router.post(
  '/story/count',
  defineEventHandler((event) => count(event)),
);

router.get(
  '/story/get',
  defineEventHandler(() => count()),
);

router.post(
  '/story/other-request',
  defineEventHandler(async (event) => {
    const count = await $fetch('/story/count', { method: 'POST' }); // without the visitor's cookies
    if (count !== '1') throw new Error(`A request of nobody counts ${count}`);
    return await event.$fetch('/story/count', { method: 'POST' });
  }),
);

router.get(
  '/story/two',
  defineEventHandler(async (event) => {
    setCookie(event, 'theme', 'dark');
    const items = await cart.get(event);
    items.update('items', (n = 0) => n + 1);
    return `${await count(event)} ${items.get('items')}`;
  }),
);

router.get(
  '/story/stream',
  defineEventHandler(async (event) => {
    await count(event);
    return sendStream(event, Readable.from(lines()));
  }),
);

async function* lines() {
  for (const line of ['one\n', 'two\n', 'three\n']) {
    yield line;
    await wait(5);
  }
}

router.get(
  '/story/events',
  defineEventHandler(async (event) => {
    await count(event);
    const stream = createEventStream(event);
    void stream.push('first');
    nextEvent.addEventListener('next', () => void stream.push('second').then(() => stream.close()), { once: true });
    return stream.send();
  }),
);

router.post(
  '/story/next-event',
  defineEventHandler((event) => {
    nextEvent.dispatchEvent(new Event('next'));
    return sendNoContent(event);
  }),
);

router.get(
  '/story/throw',
  defineEventHandler(async (event) => {
    await count(event);
    throw createError({ statusCode: 500, statusMessage: 'boom' });
  }),
);

router.get(
  '/story/throw-after-logout',
  defineEventHandler(async (event) => {
    const session = await login.get(event);
    session.logout();
    throw new Error('boom');
  }),
);

router.get(
  '/story/etag',
  defineEventHandler(async (event) => {
    const session = await login.get(event);
    if (!handleCacheHeaders(event, { etag: '"story"' })) return `user ${session.subject}`;
  }),
);

router.get(
  '/story/slow',
  defineEventHandler(async (event) => {
    await count(event);
    await wait(200);
    return 'late';
  }),
);

async function count(event?: H3Event) {
  const session = await login.get(event);
  session.update('count', (n = 0) => n + 1);
  return `${session.get('count')}`;
}

export default router.handler;
