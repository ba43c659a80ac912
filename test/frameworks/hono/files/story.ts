/** The routes that only the tests need, in every runtime. */
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import { setCookie } from 'hono/cookie';
import { etag } from 'hono/etag';
import { HTTPException } from 'hono/http-exception';
import { methodOverride } from 'hono/method-override';
import { streamSSE, streamText } from 'hono/streaming';
import type { UpgradeWebSocket } from 'hono/ws';
import { app } from './app.ts';
import { bench } from './bench.ts';
import { cart, login } from './sessions.ts';

let isNext = false;
const wait = (time: number) => new Promise((resolve) => setTimeout(resolve, time));

// Workers compress by themselves.
if (navigator.userAgent !== 'Cloudflare-Workers') app.use('/story/*', compress({ threshold: 1 }));
app.use('/story/two', async (c, next) => {
  setCookie(c, 'theme', 'dark');
  await next();
});

app.post('/story/regenerate', async (c) => {
  const session = await login.get(c);
  await session.regenerate();
  return c.redirect('/', 303);
});

app.post('/story/count', async (c) => c.text(`${await count(c)}`));

app.get('/story/get', async (c) => c.text(`${await count()}`));

// A form that says PUT, sent without a length: method override, body limit and mount each hand on another request.
app.post('/story/other-request', (c) => {
  const headers = new Headers(c.req.raw.headers);
  headers.delete('Content-Length');
  headers.set('Content-Type', 'application/x-www-form-urlencoded');
  const url = new URL('/story/override', c.req.url);
  return app.fetch(new Request(url, { method: 'POST', headers, body: 'method=PUT' }));
});
app.use('/story/override', methodOverride({ app, form: 'method' }), bodyLimit({ maxSize: 1000 }));
app.mount('/story/override', new Hono().put('/', async (c) => c.text(`${await count(c)}`)).fetch);

app.get('/story/two', async (c) => {
  const items = await cart.get(c);
  items.update('items', (n = 0) => n + 1);
  return c.text(`${await count(c)} ${items.get('items')}`);
});

app.get('/story/stream', async (c) => {
  await count(c);
  return streamText(c, async (stream) => {
    for (const line of ['one\n', 'two\n', 'three\n']) {
      await stream.write(line);
      await wait(5);
    }
  });
});

app.get('/story/events', async (c) => {
  await count(c);
  return streamSSE(c, async (stream) => {
    isNext = false;
    await stream.writeSSE({ data: 'first' });
    while (!isNext) await wait(5); // Workers cancel a request that waits for another one
    await stream.writeSSE({ data: 'second' });
  });
});

app.post('/story/next-event', (c) => {
  isNext = true;
  return c.body(null, 204);
});

app.get('/story/redirect', async (c) => {
  await count(c);
  throw new HTTPException(302, { res: c.redirect('/') });
});

app.get('/story/throw', async (c) => {
  await count(c);
  throw new Error('boom');
});

app.get('/story/throw-after-logout', async (c) => {
  const session = await login.get(c);
  session.logout();
  throw new Error('boom');
});

app.get('/story/too-large', async (c) => {
  const session = await login.get(c);
  session.addFlash('x'.repeat(10_000));
  return c.text('secret');
});

app.get('/story/etag', etag(), async (c) => {
  const session = await login.get(c);
  return c.text(`user ${session.subject}`);
});

app.get('/story/slow', async (c) => {
  await count(c);
  await wait(200);
  return c.text('late');
});

async function count(c?: Context): Promise<number | undefined> {
  const session = await login.get(c);
  session.update('count', (n = 0) => n + 1);
  return session.get('count');
}

/** The benchmark comes first, so that the example's middleware has no part in it. @param files serves the static files. */
export function story(upgradeWebSocket: UpgradeWebSocket, files?: MiddlewareHandler): Hono {
  app.get(
    '/story/socket',
    upgradeWebSocket(async (c) => {
      const session = await login.get(c);
      return { onMessage: (_, connection) => connection.send(`${session.get('count')}`) };
    }),
  );
  if (files !== undefined) app.use(files);
  return new Hono().route('/', bench).route('/', app);
}
