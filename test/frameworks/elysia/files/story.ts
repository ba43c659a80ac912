/** The routes that only the tests need. */

import { staticPlugin } from '@elysiajs/static';
import { Elysia, sse } from 'elysia';
import { withSessions } from 'sealring';
import { sessions } from 'sealring/elysia';
import { app } from './app.ts';
import { routes } from './bench.ts';
import { cart, login } from './sessions.ts';

const withoutAot = new Elysia({ aot: false }).get('/', async ({ request }) => {
  expectRefusal();
  return `${await count(request)}`;
});

const nextEvent = new EventTarget();
const wait = (time: number) => new Promise((resolve) => setTimeout(resolve, time));

app
  .use(await staticPlugin({ prefix: '/' }))

  .post('/story/regenerate', async ({ request, redirect }) => {
    const session = await login.get(request);
    await session.regenerate();
    return redirect('/', 303);
  })

  .post('/story/count', async (context) => `${await count(context)}`)

  .get('/story/get', async () => `${await count()}`)

  // It hands on a request of its own.
  .mount('/story/other-request', async (request: Request) => new Response(`${await count(request)}`))

  .get('/story/two', async ({ request, cookie }) => {
    cookie['theme']?.set({ value: 'dark', path: '/' });
    const items = await cart.get(request);
    items.update('items', (n = 0) => n + 1);
    return `${await count(request)} ${items.get('items')}`;
  })

  .get('/story/stream', async function* ({ request }) {
    await count(request);
    for (const line of ['one\n', 'two\n', 'three\n']) {
      yield line;
      await wait(5);
    }
  })

  .get('/story/events', async function* ({ request }) {
    await count(request);
    yield sse({ data: 'first' });
    await new Promise((resolve) => nextEvent.addEventListener('next', resolve, { once: true }));
    yield sse({ data: 'second' });
  })

  .post('/story/next-event', ({ status }) => {
    nextEvent.dispatchEvent(new Event('next'));
    return status(204);
  })

  .get('/story/redirect', async ({ request, redirect }) => {
    await count(request);
    throw redirect('/', 302);
  })

  .get('/story/throw', async ({ request }) => {
    await count(request);
    throw new Error('boom');
  })

  .get('/story/throw-after-logout', async ({ request }) => {
    const session = await login.get(request);
    session.logout();
    throw new Error('boom');
  })

  .ws('/story/socket', {
    async message(connection) {
      const session = await login.peek(connection.data.request);
      connection.send(`${session.get('count')}`);
    },
  })

  // Its routes are not compiled: the plugin refuses such an app, and the core serves it.
  .mount(
    '/story/without-aot',
    withSessions((request: Request) => withoutAot.fetch(request)),
  )

  .get('/story/too-large', async ({ request }) => {
    const session = await login.get(request);
    session.addFlash('x'.repeat(10_000));
    return 'secret';
  })

  .get('/story/etag', async ({ request, set, status }) => {
    const session = await login.get(request);
    set.headers.etag = '"1"';
    return request.headers.get('if-none-match') === '"1"' ? status(304) : `user ${session.subject}`;
  })

  .get('/story/slow', async ({ request }) => {
    await count(request);
    await wait(200);
    return 'late';
  });

async function count(given?: Parameters<typeof login.get>[0]): Promise<number | undefined> {
  const session = await login.get(given);
  session.update('count', (n = 0) => n + 1);
  return session.get('count');
}

function expectRefusal(): void {
  try {
    new Elysia({ aot: false }).use(sessions());
  } catch {
    return;
  }
  throw new Error('Nothing was said of aot: false');
}

app.config.serve = { routes };
app.listen({ port: Number(process.env['PORT']), hostname: process.env['HOST'] ?? '' });
