/** The routes that only the tests need. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import etag from '@fastify/etag';
import files from '@fastify/static';
import { app } from './app.ts';
import { bench } from './bench.ts';
import { cart, login } from './sessions.ts';

const nextEvent = new EventTarget();

app.register(compress);
app.register(cookie);
app.register(files, { root: fileURLToPath(new URL('public', import.meta.url)) });

// Routes wait for the plugins above.
app.register((routes, _options, done) => {
  routes.register(etag);
  routes.get('/story/etag', async (request) => {
    const session = await login.get(request);
    return `user ${session.subject}`;
  });
  done();
});

app.register((routes, _options, done) => {
  routes.post('/story/regenerate', async (request, reply) => {
    const session = await login.get(request);
    await session.regenerate();
    return reply.redirect('/', 303);
  });

  routes.post('/story/count', async (request) => `${await count(request)}`);

  routes.get('/story/get', async () => `${await count()}`);

  routes.post('/story/other-request', async (request) => `${await count({ headers: request.headers })}`);

  routes.get('/story/two', async (request, reply) => {
    reply.setCookie('theme', 'dark');
    const items = await cart.get(request);
    items.update('items', (n = 0) => n + 1);
    return `${await count(request)} ${items.get('items')}`;
  });

  routes.get('/story/stream', async (request) => {
    await count(request);
    return Readable.from(lines());
  });

  routes.get('/story/events', async (request, reply) => {
    await count(request);
    reply.hijack();
    reply.raw.writeHead(200, { 'Content-Type': 'text/event-stream' });
    reply.raw.write('data: first\n\n');
    await once(nextEvent, 'next');
    reply.raw.end('data: second\n\n');
  });

  routes.post('/story/next-event', async (_request, reply) => {
    nextEvent.dispatchEvent(new Event('next'));
    return reply.code(204).send();
  });

  routes.get('/story/redirect', async (request, reply) => {
    await count(request);
    return reply.redirect('/');
  });

  routes.get('/story/throw', async (request) => {
    await count(request);
    throw new Error('boom');
  });

  routes.get('/story/throw-after-logout', async (request) => {
    const session = await login.get(request);
    session.logout();
    throw new Error('boom');
  });

  routes.get('/story/slow', async (request) => {
    await count(request);
    await wait(200);
    return 'late';
  });
  done();
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

// The benchmark has no part in the example’s plugins.
await Promise.all([app.ready(), bench.ready()]);
createServer((request, response) => {
  const { routing } = request.url?.startsWith('/bench/') ? bench : app;
  routing(request, response);
}).listen(Number(process.env['PORT']), process.env['HOST'] ?? '');
