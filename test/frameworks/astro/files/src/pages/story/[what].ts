/** The routes that only the tests need. */
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { APIRoute } from 'astro';
import { cart, login } from '../../sessions.ts';

const nextEvent = new EventTarget();

const get: Record<string, APIRoute> = {
  async get() {
    return new Response(`${await count()}`);
  },

  async two(context) {
    const items = await cart.get(context);
    items.update('items', (n = 0) => n + 1);
    return new Response(`${await count(context)} ${items.get('items')}`);
  },

  async stream(context) {
    await count(context);
    return new Response(lines(['one\n', 'two\n', 'three\n'], () => wait(5)));
  },

  async events(context) {
    await count(context);
    const body = lines(['data: first\n\n', 'data: second\n\n'], () => once(nextEvent, 'next'));
    return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
  },

  async redirect(context) {
    await count(context);
    return context.redirect('/');
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
    const etag = `"${session.subject}"`;
    const isKnown = context.request.headers.get('if-none-match') === etag;
    return new Response(isKnown ? null : `user ${session.subject}`, {
      status: isKnown ? 304 : 200,
      headers: { ETag: etag },
    });
  },

  async slow(context) {
    await count(context);
    await wait(200);
    return new Response('late');
  },
};

const post: Record<string, APIRoute> = {
  async regenerate(context) {
    const session = await login.get(context);
    await session.regenerate();
    return context.redirect('/', 303);
  },

  async count(context) {
    return new Response(`${await count(context)}`);
  },

  async message(context) {
    const session = await login.get(context);
    session.addFlash('Saved.');
    return new Response(null, { status: 204 });
  },

  'other-request'(context) {
    return context.rewrite('/story/count');
  },

  'next-event'() {
    nextEvent.dispatchEvent(new Event('next'));
    return new Response(null, { status: 204 });
  },
};

export const GET: APIRoute = (context) => find(get, context.params['what'])(context);
export const POST: APIRoute = (context) => find(post, context.params['what'])(context);

function find(handlers: Record<string, APIRoute>, what = ''): APIRoute {
  return handlers[what] ?? (() => new Response(null, { status: 404 }));
}

async function count(request?: Parameters<typeof login.get>[0]): Promise<number | undefined> {
  const session = await login.get(request);
  session.update('count', (n = 0) => n + 1);
  return session.get('count');
}

function lines(texts: readonly string[], between: () => Promise<unknown>): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    async pull(controller) {
      if (at > 0) await between();
      controller.enqueue(new TextEncoder().encode(texts[at++]));
      if (at === texts.length) controller.close();
    },
  });
}
