/** Resource routes that only the tests need. */
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { type LoaderFunctionArgs, redirect } from 'react-router';
import { cart, login } from '../sessions';

const nextEvent = new EventTarget();

type Handler = (args: LoaderFunctionArgs) => Promise<Response>;

const actions: Record<string, Handler> = {
  async regenerate(args) {
    const session = await login.get(args);
    await session.regenerate();
    return redirect('/');
  },

  count: async (args) => new Response(`${await count(args)}`),

  async 'other-request'({ request }) {
    await request.text();
    return new Response(`${await count(new Request(request.url, { headers: request.headers }))}`);
  },

  async 'next-event'() {
    nextEvent.dispatchEvent(new Event('next'));
    return new Response(null, { status: 204 });
  },

  /** Everything that a loader or an action gets leads to one session. */
  async same(args) {
    const session = await login.get(args);
    const others = [args.request, args.request.clone(), args.context, undefined];
    const same = await Promise.all(others.map(async (given) => (await login.get(given)) === session));
    return Response.json(same);
  },
};

const loaders: Record<string, Handler> = {
  get: async () => new Response(`${await count()}`),

  async two(args) {
    const items = await cart.get(args);
    items.update('items', (n = 0) => n + 1);
    return new Response(`${await count(args)} ${items.get('items')}`);
  },

  async flashes(args) {
    const session = await login.get(args);
    return new Response(session.flashes('error').join());
  },

  async stream(args) {
    await count(args);
    return streaming(async (send) => {
      for (const line of ['one\n', 'two\n', 'three\n']) {
        send(line);
        await wait(5);
      }
    });
  },

  async events(args) {
    await count(args);
    const response = streaming(async (send) => {
      send('data: first\n\n');
      await once(nextEvent, 'next');
      send('data: second\n\n');
    });
    response.headers.set('Content-Type', 'text/event-stream');
    return response;
  },

  async redirect(args) {
    await count(args);
    throw redirect('/');
  },

  async throw(args) {
    await count(args);
    throw new Error('boom');
  },

  async 'throw-after-logout'(args) {
    const session = await login.get(args);
    session.logout();
    throw new Error('boom');
  },

  async etag(args) {
    const session = await login.get(args);
    const headers = { ETag: '"1"' };
    const isKnown = args.request.headers.get('If-None-Match') === headers.ETag;
    return isKnown
      ? new Response(null, { status: 304, headers })
      : new Response(`user ${session.subject}`, { headers });
  },

  async slow(args) {
    await count(args);
    await wait(200);
    return new Response('late');
  },
};

export const loader: Handler = (args) => answer(loaders, args);
export const action: Handler = (args) => answer(actions, args);

function answer(handlers: Record<string, Handler>, args: LoaderFunctionArgs): Promise<Response> {
  const handler = handlers[args.params['name'] ?? ''];
  if (handler === undefined) throw new Response('Not Found', { status: 404 });
  return handler(args);
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
