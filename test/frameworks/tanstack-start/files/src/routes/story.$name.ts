/** Server routes that only the tests need. */
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { createFileRoute, redirect } from '@tanstack/react-router';
import { cart, login } from '../sessions';

interface Context {
  readonly request: Request;
}
type Handler = (context: Context) => Promise<Response>;

const nextEvent = new EventTarget();

const POST: Record<string, Handler> = {
  async regenerate(context) {
    const session = await login.get(context);
    await session.regenerate();
    return new Response(null, { status: 303, headers: { Location: '/' } });
  },

  count: async (context) => new Response(`${await count(context)}`),

  async 'other-request'({ request }) {
    await request.text();
    return new Response(`${await count(new Request(request.url, { headers: request.headers }))}`);
  },

  async 'next-event'() {
    nextEvent.dispatchEvent(new Event('next'));
    return new Response(null, { status: 204 });
  },

  /** Everything that a handler gets leads to one session. */
  async same(context) {
    const session = await login.get(context);
    const others = [context.request, context.request.clone(), undefined];
    const same = await Promise.all(others.map(async (given) => (await login.get(given)) === session));
    return Response.json(same);
  },
};

const GET: Record<string, Handler> = {
  get: async () => new Response(`${await count()}`),

  async two(context) {
    const items = await cart.get(context);
    items.update('items', (n = 0) => n + 1);
    return new Response(`${await count(context)} ${items.get('items')}`);
  },

  async stream(context) {
    await count(context);
    return streaming(async (send) => {
      for (const line of ['one\n', 'two\n', 'three\n']) {
        send(line);
        await wait(5);
      }
    });
  },

  async events(context) {
    await count(context);
    const response = streaming(async (send) => {
      send('data: first\n\n');
      await once(nextEvent, 'next');
      send('data: second\n\n');
    });
    response.headers.set('Content-Type', 'text/event-stream');
    return response;
  },

  async redirect(context) {
    await count(context);
    throw redirect({ to: '/' });
  },

  async throw(context) {
    await count(context);
    throw new Error('boom');
  },

  async 'throw-after-logout'(context) {
    const session = await login.get(context);
    session.logout();
    throw new Error('boom');
  },

  async etag(context) {
    const session = await login.get(context);
    const headers = { ETag: '"1"' };
    const isKnown = context.request.headers.get('If-None-Match') === headers.ETag;
    return isKnown
      ? new Response(null, { status: 304, headers })
      : new Response(`user ${session.subject}`, { headers });
  },

  async slow(context) {
    await count(context);
    await wait(200);
    return new Response('late');
  },
};

export const Route = createFileRoute('/story/$name')({
  server: {
    handlers: {
      GET: ({ request, params }) => answer(GET, params.name, { request }),
      POST: ({ request, params }) => answer(POST, params.name, { request }),
    },
  },
});

async function answer(handlers: Record<string, Handler>, name: string, context: Context): Promise<Response> {
  return (await handlers[name]?.(context)) ?? new Response('Not Found', { status: 404 });
}

async function count(request?: Parameters<typeof login.get>[0]): Promise<number | undefined> {
  const session = await login.get(request);
  session.update('count', (n = 0) => n + 1);
  return session.get('count');
}

function streaming(write: (send: (text: string) => void) => Promise<void>): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream({
    async start(controller) {
      await write((text) => controller.enqueue(encoder.encode(text)));
      controller.close();
    },
  });
  return new Response(body);
}
