/** The routes that only the tests need. */
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { error, type RequestHandler, redirect, text } from '@sveltejs/kit';
import { cart, login } from '../../../lib/server/sessions.ts';

const nextEvent = new EventTarget();

const get: Record<string, RequestHandler> = {
  async get() {
    return text(`${await count()}`);
  },

  async two(event) {
    const items = await cart.get(event);
    items.update('items', (n = 0) => n + 1);
    return text(`${await count(event)} ${items.get('items')}`);
  },

  async stream(event) {
    await count(event);
    return new Response(
      lines(['one\n', 'two\n', 'three\n'], () => wait(5)),
      { headers: { 'Content-Type': 'text/plain' } },
    );
  },

  async events(event) {
    await count(event);
    return new Response(
      lines(['data: first\n\n', 'data: second\n\n'], () => once(nextEvent, 'next')),
      { headers: { 'Content-Type': 'text/event-stream' } },
    );
  },

  async redirect(event) {
    await count(event);
    redirect(303, '/');
  },

  async throw(event) {
    await count(event);
    throw new Error('boom');
  },

  async 'throw-after-logout'(event) {
    const session = await login.get(event);
    session.logout();
    throw new Error('boom');
  },

  async etag(event) {
    const session = await login.get(event);
    return text(`user ${session.subject}`, { headers: { ETag: `"${session.subject}"` } });
  },

  async slow(event) {
    await count(event);
    await wait(200);
    return text('late');
  },
};

const post: Record<string, RequestHandler> = {
  async regenerate(event) {
    const session = await login.get(event);
    await session.regenerate();
    redirect(303, '/');
  },

  async count(event) {
    return text(`${await count(event)}`);
  },

  async 'other-request'(event) {
    return text(`${await count(new Request(event.request))}`);
  },

  async 'next-event'() {
    nextEvent.dispatchEvent(new Event('next'));
    return new Response(null, { status: 204 });
  },
};

export const GET: RequestHandler = (event) => find(get, event.params['what'])(event);
export const POST: RequestHandler = (event) => find(post, event.params['what'])(event);

function find(handlers: Record<string, RequestHandler>, what = ''): RequestHandler {
  return handlers[what] ?? error(404);
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
