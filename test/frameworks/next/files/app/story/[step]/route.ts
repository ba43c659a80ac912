/** The routes that only the tests need. */
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { cookies, headers } from 'next/headers';
import { notFound, redirect } from 'next/navigation';
import { NextRequest } from 'next/server';
import { sessions } from 'sealring/next';
import { cart, login } from '../../../sessions';

type Step = (request: NextRequest) => Response | Promise<Response>;

const nextEvent = new EventTarget();

const gets: Record<string, Step> = {
  async get() {
    return new Response(`${await count()}`);
  },

  async two(request) {
    (await cookies()).set('theme', 'dark');
    const items = await cart.get(request);
    items.update('items', (n = 0) => n + 1);
    return new Response(`${await count(request)} ${items.get('items')}`);
  },

  async stream() {
    await count();
    const { readable, writable } = new TextEncoderStream();
    const send = async () => {
      const writer = writable.getWriter();
      for (const line of ['one\n', 'two\n', 'three\n']) {
        await writer.write(line);
        await wait(5);
      }
      await writer.close();
    };
    void send();
    return new Response(readable);
  },

  async events() {
    await count();
    const { readable, writable } = new TextEncoderStream();
    const send = async () => {
      const writer = writable.getWriter();
      await writer.write('data: first\n\n');
      await once(nextEvent, 'next');
      await writer.write('data: second\n\n');
      await writer.close();
    };
    void send();
    return new Response(readable, { headers: { 'Content-Type': 'text/event-stream' } });
  },

  async redirect() {
    await count();
    redirect('/');
  },

  async 'not-found'() {
    await count();
    notFound();
  },

  async throw() {
    await count();
    throw new Error('boom');
  },

  async 'throw-after-logout'() {
    const session = await login.get();
    session.logout();
    throw new Error('boom');
  },

  async slow() {
    await count();
    await wait(200);
    return new Response('late');
  },
};

const posts: Record<string, Step> = {
  async regenerate() {
    const session = await login.get();
    await session.regenerate();
    redirect('/');
  },

  async flash() {
    const session = await login.get();
    session.addFlash('Later.');
    return new Response(null, { status: 204 });
  },

  async count(request) {
    return new Response(`${await count(request)}`);
  },

  /** The proxy has rewritten the address and the headers. */
  async rewritten(request) {
    const others = [
      request.clone(),
      new NextRequest(request.url, { headers: { ...Object.fromEntries(request.headers), 'x-other': '1' } }),
      { headers: await headers() },
      await cookies(),
    ];
    const session = await login.get();
    for (const other of others) if ((await login.get(other)) !== session) throw new Error('Another session');
    if (request.headers.get('x-from') !== 'the proxy') throw new Error('Other headers');
    return new Response(`${await count(others[0])}`);
  },

  'next-event'() {
    nextEvent.dispatchEvent(new Event('next'));
    return new Response(null, { status: 204 });
  },
};

export const GET = sessions(async (request: NextRequest, context: RouteContext<'/story/[step]'>) => {
  const { step } = await context.params;
  return await (gets[step] ?? notFound)(request);
});

export const POST = sessions(async (request: NextRequest, context: RouteContext<'/story/[step]'>) => {
  const { step } = await context.params;
  return await (posts[request.nextUrl.pathname === '/story/other-request' ? 'rewritten' : step] ?? notFound)(request);
});

async function count(request?: Parameters<typeof login.get>[0]): Promise<number | undefined> {
  const session = await login.get(request);
  session.update('count', (n = 0) => n + 1);
  return session.get('count');
}
