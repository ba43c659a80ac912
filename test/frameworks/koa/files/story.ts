/** The routes that only the tests need. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import etag from '@koa/etag';
import Router from '@koa/router';
import Koa from 'koa';
import compress from 'koa-compress';
import mount from 'koa-mount';
import files from 'koa-static';
import { app } from './app.ts';
import { bench } from './bench.ts';
import { cart, login } from './sessions.ts';

const nextEvent = new EventTarget();
const router = new Router();
app.silent = true;
app.use(compress());
app.use(router.routes());
app.use(files('public'));

router.post('/story/regenerate', async (ctx) => {
  const session = await login.get(ctx);
  await session.regenerate();
  ctx.status = 303;
  ctx.redirect('/');
});

router.post('/story/count', async (ctx) => {
  ctx.body = `${await count(ctx)}`;
});

router.get('/story/get', async (ctx) => {
  ctx.body = `${await count()}`;
});

// An app inside the app: its context is another one.
const mounted = new Koa();
mounted.use(async (ctx) => {
  ctx.body = `${await count({ headers: { ...ctx.request.headers } })}`;
});
app.use(mount('/story/other-request', mounted));

router.get('/story/two', async (ctx) => {
  ctx.cookies.set('theme', 'dark');
  const items = await cart.get(ctx);
  items.update('items', (n = 0) => n + 1);
  ctx.body = `${await count(ctx.request)} ${items.get('items')}`;
});

router.get('/story/stream', async (ctx) => {
  await count(ctx);
  ctx.body = Readable.from(lines());
});

router.get('/story/events', async (ctx) => {
  await count(ctx);
  ctx.respond = false;
  ctx.res.writeHead(200, { 'Content-Type': 'text/event-stream' });
  ctx.res.write('data: first\n\n');
  await once(nextEvent, 'next');
  ctx.res.end('data: second\n\n');
});

router.post('/story/next-event', (ctx) => {
  nextEvent.dispatchEvent(new Event('next'));
  ctx.status = 204;
});

router.get('/story/redirect', async (ctx) => {
  await count(ctx);
  ctx.redirect('/');
});

router.get('/story/throw', async (ctx) => {
  await count(ctx);
  throw new Error('boom');
});

router.get('/story/throw-after-logout', async (ctx) => {
  const session = await login.get(ctx);
  session.logout();
  throw new Error('boom');
});

const conditional: Koa.Middleware = async (ctx, next) => {
  await next();
  if (ctx.fresh) ctx.status = 304;
};

router.get('/story/etag', conditional, etag(), async (ctx) => {
  const session = await login.get(ctx);
  ctx.body = `user ${session.subject}`;
});

router.get('/story/slow', async (ctx) => {
  await count(ctx);
  await wait(200);
  ctx.body = 'late';
});

async function* lines(): AsyncGenerator<string> {
  for (const line of ['one\n', 'two\n', 'three\n']) {
    yield line;
    await wait(5);
  }
}

async function count(request?: Parameters<typeof login.get>[0]): Promise<number | undefined> {
  const session = await login.get(request);
  session.update('count', (n = 0) => n + 1);
  return session.get('count');
}

// The benchmark has no part in the example’s middleware.
const handle = app.callback();
createServer((request, response) => (bench.get(request.url ?? '') ?? handle)(request, response)).listen(
  Number(process.env['PORT']),
  process.env['HOST'] ?? '',
);
