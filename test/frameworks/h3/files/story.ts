/** The routes that only the tests need, in every runtime. */

import { readFile, stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import {
  bodyLimit,
  createEventStream,
  type EventStream,
  H3,
  type H3Event,
  HTTPError,
  handleCacheHeaders,
  iterable,
  noContent,
  redirect,
  requestWithURL,
  serveStatic,
  setCookie,
} from 'h3';
import { app } from './app.ts';
import { bench } from './bench.ts';
import { cart, login } from './sessions.ts';

let isNext = false;

app.use('/story/two', (event) => {
  setCookie(event, 'theme', 'dark');
});

app.post('/story/regenerate', async (event) => {
  const session = await login.get(event);
  await session.regenerate();
  return redirect('/', 303);
});

app.post('/story/count', async (event) => count(event));

app.get('/story/get', async () => count());

// Each hands on another request: with another URL, to a mounted app, a clone.
const mounted = new H3().post('/', (event) => count(event.req.clone()), { middleware: [bodyLimit(1000)] });
app.mount('/story/mounted', mounted.fetch);
app.post('/story/other-request', (event) => app.fetch(requestWithURL(event.req, `${event.url.origin}/story/mounted/`)));

app.get('/story/two', async (event) => {
  const items = await cart.get(event);
  items.update('items', (n = 0) => n + 1);
  return `${await count(event)} ${items.get('items')}`;
});

app.get('/story/stream', async (event) => {
  await count(event);
  return await iterable(lines());
});

app.get('/story/events', async (event) => {
  await count(event);
  const stream = createEventStream(event);
  void send(stream);
  return stream;
});

app.post('/story/next-event', () => {
  isNext = true;
  return noContent();
});

app.get('/story/redirect', async (event) => {
  await count(event);
  throw new HTTPError({ status: 302, headers: { location: '/' } });
});

app.get('/story/throw', async (event) => {
  await count(event);
  throw new Error('boom');
});

app.get('/story/throw-after-logout', async (event) => {
  const session = await login.get(event);
  session.logout();
  throw new Error('boom');
});

app.get('/story/too-large', async (event) => {
  const session = await login.get(event);
  session.addFlash('x'.repeat(10_000));
  return 'secret';
});

app.get('/story/etag', async (event) => {
  const session = await login.get(event);
  if (handleCacheHeaders(event, { etag: '"1"' })) return;
  return `user ${session.subject}`;
});

app.get('/story/slow', async (event) => {
  await count(event);
  await wait(200);
  return 'late';
});

async function send(stream: EventStream): Promise<void> {
  isNext = false;
  await stream.push('first');
  while (!isNext) await wait(5); // Workers cancel a request that waits for another one
  await stream.push('second');
  await stream.close();
}

async function* lines() {
  for (const line of ['one\n', 'two\n', 'three\n']) {
    yield line;
    await wait(5);
  }
}

async function count(event?: H3Event | Request): Promise<string> {
  const session = await login.get(event);
  session.update('count', (n = 0) => n + 1);
  return `${session.get('count')}`;
}

app.get('/**', (event) =>
  serveStatic(event, {
    getContents: (id) => readFile(`public${id}`),
    getMeta: async (id) => {
      const found = await stat(`public${id}`).catch(() => undefined);
      return found?.isFile() ? { size: found.size } : undefined;
    },
  }),
);

// Before the example, so that its middleware has no part in it.
export const all = new H3().mount('', bench).mount('', app);
