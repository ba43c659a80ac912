/** The middleware for Koa where the story of the frameworks does not go: what Koa's context hands out, its error path, and requests that overlap. */
import { once } from 'node:events';
import { Agent, createServer, request as startRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import Koa from 'koa';
import { afterEach, expect, it } from 'vitest';
import { sessions } from '../../../packages/sessions/src/adapters/koa.ts';
import { memory } from '../../../packages/sessions/src/backends/memory.ts';
import { cookieStore } from '../../../packages/sessions/src/store/cookie-store.ts';
import { defineSession } from '../../../packages/sessions/src/store/define.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import { secret } from '../support.ts';

const options = { keys: [secret(1)], cookie: { secure: false } };
const login = defineSession<{ count: number }>({ store: cookieStore(options), name: 'login' });

let stop = () => {};
afterEach(() => stop());

async function serve(handler: Parameters<Koa['use']>[0], settings?: Parameters<typeof sessions>[0]): Promise<string> {
  const app = new Koa();
  app.silent = true;
  app.use(sessions(settings));
  app.use(handler);
  const server = createServer(app.callback()).listen(0, '127.0.0.1');
  stop = () => server.close();
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function count(request?: Parameters<typeof login.get>[0]): Promise<number | undefined> {
  const session = await login.get(request);
  session.update('count', (n = 0) => n + 1);
  return session.get('count');
}

it('finds one session by the context, by Koa’s request, by Node’s, by its headers, by copies of them, and by none', async () => {
  const url = await serve(async (ctx) => {
    await count(ctx);
    await count(ctx.request);
    await count(ctx.req);
    await count({ headers: ctx.headers });
    await count({ headers: { ...ctx.headers } });
    ctx.body = `${await count()}`;
  });
  expect(await (await fetch(url)).text()).toBe('6');
});

it('sets the cookie on the page of an error, from which Koa takes all headers', async () => {
  const url = await serve(async (ctx) => {
    await count(ctx);
    ctx.set('X-Own', '1');
    ctx.throw(418, 'no coffee', { headers: { 'X-Error': '1' } });
  });
  const response = await fetch(url);
  expect([response.status, await response.text()]).toEqual([418, 'no coffee']);
  expect([response.headers.get('x-own'), response.headers.get('x-error')]).toEqual([null, '1']);
  expect(response.headers.getSetCookie()).toHaveLength(1);
});

it('saves what a handler sends by itself', async () => {
  const url = await serve(async (ctx) => {
    await count(ctx);
    ctx.respond = false;
    ctx.res.writeHead(202).end('own');
  });
  const response = await fetch(url);
  expect([response.status, await response.text()]).toEqual([202, 'own']);
  expect(response.headers.getSetCookie()).toHaveLength(1);
});

it('keeps visitors apart whose requests take turns on one connection', async () => {
  const url = await serve(async (ctx) => {
    await wait(1);
    ctx.body = `${await count()} ${await count(ctx)}`;
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = async () => {
    const [response] = await once(startRequest(url, { agent }).end(), 'response');
    return await text(response);
  };
  expect(await Promise.all([ask(), ask(), ask()])).toEqual(['1 2', '1 2', '1 2']);
  agent.destroy();
});

it('gives the error of a save to onError, which may answer', async () => {
  const store = serverStore({
    ...options,
    backend: Object.assign(memory(), { set: () => Promise.reject(new Error('down')) }),
  });
  const url = await serve(
    async (ctx) => {
      const session = await store.get(ctx, 'login');
      session.set('a', 1);
      ctx.body = 'saved';
    },
    {
      onError: (_error, response) => {
        response.statusCode = 503;
        response.end();
      },
    },
  );
  expect((await fetch(url)).status).toBe(503);
});

it('throws at an option that it does not know', () => {
  expect(() => sessions({ onErorr: 1 } as object)).toThrow(/has no option "onErorr"; it takes onError/);
});
