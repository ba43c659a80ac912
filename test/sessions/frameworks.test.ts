/** Real frameworks over real HTTP, with nothing but saveBeforeHeaders or withSessions: a visitor who logs in, is known, and logs out. */
import { createServer, type RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import express from 'express';
import fastify, { type FastifyRequest } from 'fastify';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { methodOverride } from 'hono/method-override';
import Koa, { type Context as KoaContext } from 'koa';
import { afterEach, describe, expect, it } from 'vitest';
import { saveBeforeHeaders, withSessions } from '../../packages/sessions/src/response/save.ts';
import type { Session } from '../../packages/sessions/src/session/session.ts';
import type { SessionRequest } from '../../packages/sessions/src/store/request.ts';
import type { Store } from '../../packages/sessions/src/store/store.ts';
import { Browser, kinds } from './support.ts';

/** What the routes do; each gives the text of its answer. */
const routes: Readonly<Record<string, (session: Session) => Promise<string>>> = {
  '/count': async (session) => {
    session.update('n', (n = 0) => n + 1);
    return String(session.get('n'));
  },
  '/login': async (session) => {
    await session.login('ada');
    return 'welcome';
  },
  '/who': async (session) => `${session.subject} ${session.get('n')}`,
  '/logout': async (session) => {
    session.logout();
    return 'bye';
  },
};

/** Makes an app that answers each route with the text that `serve` gives for what the framework hands out. */
type Serve = (path: string, given: SessionRequest) => Promise<string>;

const frameworks: Readonly<Record<string, (serve: Serve) => RequestListener | Promise<RequestListener>>> = {
  'node:http': (serve) => async (request, response) => {
    saveBeforeHeaders(request, response);
    response.end(await serve(request.url ?? '', request));
  },
  'Express, req': (serve) => {
    const app = express();
    app.use((request, response, next) => {
      saveBeforeHeaders(request, response);
      next();
    });
    for (const path of Object.keys(routes)) {
      app.get(path, async (request, response) => response.send(await serve(path, request)));
    }
    return app;
  },
  'Fastify, request': (serve) => fastifyApp(serve, (request) => request),
  'Fastify, request.raw': (serve) => fastifyApp(serve, (request) => request.raw),
  'Koa, ctx': (serve) => koaApp(serve, (ctx) => ctx),
  'Koa, ctx.request': (serve) => koaApp(serve, (ctx) => ctx.request),
  'Koa, ctx.req': (serve) => koaApp(serve, (ctx) => ctx.req),
  'Hono, c': (serve) => honoApp(serve, (c) => c),
  'Hono, c.req': (serve) => honoApp(serve, (c) => c.req),
  'Hono, c.req.raw': (serve) => honoApp(serve, (c) => c.req.raw),
};

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

describe.each(Object.entries(frameworks))('%s', (_name, create) => {
  it.each(kinds)('a visit from the first request to the logout, with %s store', async (kind) => {
    const { get, browser } = await open(kind.create(), create);
    expect(await get('/who')).toBe('undefined undefined');
    expect(browser.cookies.size).toBe(0);
    expect([await get('/count'), await get('/count')]).toStrictEqual(['1', '2']);
    expect(await get('/login')).toBe('welcome');
    const before = browser.copy().cookies;
    expect(await get('/who')).toBe('ada 2');
    expect(browser.cookies).toStrictEqual(before); // who only reads gets no cookie
    expect(await get('/logout')).toBe('bye');
    expect(browser.cookies.size).toBe(0);
    expect(await get('/who')).toBe('undefined undefined');
  });

  it.each(kinds)('ten visitors at once, each with a session of their own, with %s store', async (kind) => {
    const { origin } = await open(kind.create(), create);
    const visits = Array.from({ length: 10 }, async (_, at) => {
      const visitor = visitorOf(origin);
      for (let time = 0; time < at; time++) await visitor.get('/count');
      return await visitor.get('/who');
    });
    expect(await Promise.all(visits)).toStrictEqual(
      Array.from({ length: 10 }, (_, at) => `undefined ${at === 0 ? 'undefined' : at}`),
    );
  });
});

describe.each(kinds)('Hono, where it replaces the request, with %s store', (kind) => {
  const login = async (store: Store, given: SessionRequest) => (await store.get(given, 'a')).set('user', 'ada');
  const cookiesOf = async (app: Hono, path: string, init: RequestInit) =>
    (await withSessions((request) => app.fetch(request))(new Request(`https://example.org${path}`, init))).headers
      .getSetCookie()
      .map((line) => line.split('=')[0]);

  it.each<[string, (store: Store) => Hono, string, () => RequestInit]>([
    [
      'bodyLimit, with a body in chunks',
      (store) => {
        const app = new Hono().use(bodyLimit({ maxSize: 1e6 }));
        return app.post('/login', async (c) => c.json((await login(store, c)).size));
      },
      '/login',
      () => ({ method: 'POST', body: new Blob(['a=1']).stream(), duplex: 'half' }),
    ],
    [
      'methodOverride',
      (store) => {
        const app = new Hono();
        app.use(methodOverride({ app }));
        return app.delete('/login', async (c) => c.json((await login(store, c.req.raw)).size));
      },
      '/login',
      () => ({ method: 'POST', body: formOf('_method', 'DELETE') }),
    ],
    [
      'app.mount',
      (store) => {
        const inner = new Hono().post('/login', async (c) => c.json((await login(store, c)).size));
        return new Hono().mount('/api', (request) => inner.fetch(request));
      },
      '/api/login',
      () => ({ method: 'POST', body: 'x' }),
    ],
  ])('%s: the session is saved', async (_name, create, path, init) => {
    expect(await cookiesOf(create(kind.create()), path, init())).toStrictEqual(['__Host-a']);
  });
});

async function open(store: Store, create: (serve: Serve) => RequestListener | Promise<RequestListener>) {
  const serve: Serve = async (path, given) => (await routes[path]?.(await store.get(given, 'a'))) ?? 'nothing here';
  const server = createServer(await create(serve));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  return { origin, ...visitorOf(origin) };
}

function visitorOf(origin: string): { browser: Browser; get(path: string): Promise<string> } {
  const browser = new Browser();
  return {
    browser,
    async get(path) {
      const { headers } = browser.request();
      const response = await fetch(origin + path, { headers });
      browser.take(response);
      return await response.text();
    },
  };
}

async function fastifyApp(serve: Serve, pick: (request: FastifyRequest) => SessionRequest): Promise<RequestListener> {
  const app = fastify();
  app.addHook('onRequest', async (request, reply) => saveBeforeHeaders(request, reply.raw));
  for (const path of Object.keys(routes)) app.get(path, async (request) => await serve(path, pick(request)));
  await app.ready();
  return (request, response) => app.routing(request, response);
}

function koaApp(serve: Serve, pick: (ctx: KoaContext) => SessionRequest): RequestListener {
  const app = new Koa();
  app.use(async (ctx, next) => {
    saveBeforeHeaders(ctx, ctx.res);
    await next();
  });
  app.use(async (ctx) => {
    ctx.body = await serve(ctx.path, pick(ctx));
  });
  const callback = app.callback();
  return (request, response) => void callback(request, response);
}

function honoApp(serve: Serve, pick: (c: Context) => SessionRequest): RequestListener {
  const app = new Hono();
  for (const path of Object.keys(routes)) app.get(path, async (c) => c.text(await serve(path, pick(c))));
  return getRequestListener(withSessions((request) => app.fetch(request)));
}

function formOf(name: string, value: string): FormData {
  const form = new FormData();
  form.set(name, value);
  return form;
}
