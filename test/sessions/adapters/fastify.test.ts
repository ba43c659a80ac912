/** The plugin for Fastify where the story of the frameworks does not go: hooks, error handlers, encapsulation, inject, and requests that overlap. */
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { sessions } from '../../../packages/sessions/src/adapters/fastify.ts';
import { memory } from '../../../packages/sessions/src/backends/memory.ts';
import { cookieStore } from '../../../packages/sessions/src/store/cookie-store.ts';
import { defineSession } from '../../../packages/sessions/src/store/define.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import { secret } from '../support.ts';

const options = { keys: [secret(1)], cookie: { secure: false } };
const login = defineSession<{ count: number }>({ store: cookieStore(options), name: 'login' });

let app: FastifyInstance | undefined;
afterEach(() => app?.close());

function create(settings?: Parameters<typeof sessions>[0]): FastifyInstance {
  app = fastify();
  app.register(sessions(settings));
  return app;
}

async function count(request?: Parameters<typeof login.get>[0]): Promise<number | undefined> {
  const session = await login.get(request);
  session.update('count', (n = 0) => n + 1);
  return session.get('count');
}

/** The cookie of a visitor who has come so many times. */
async function cookieAfter(visits: number): Promise<string> {
  const maker = fastify();
  maker.register(sessions());
  maker.get('/', async (request) => {
    const session = await login.get(request);
    session.set('count', visits);
    return 'ok';
  });
  const { headers } = await maker.inject('/');
  await maker.close();
  return `${headers['set-cookie']}`.split(';')[0] ?? '';
}

describe('finds the session of the request without being told which:', () => {
  it('in every hook, in the handler, and in the error handler', async () => {
    const found: Record<string, unknown> = {};
    const look = async (where: string) => {
      found[where] = (await login.get()).get('count');
    };
    const instance = create();
    instance.addHook('onRequest', () => look('onRequest'));
    instance.addHook('preParsing', async (_request, _reply, payload) => {
      await look('preParsing');
      return payload;
    });
    for (const hook of ['preValidation', 'preHandler', 'onResponse'] as const) instance.addHook(hook, () => look(hook));
    instance.addHook('onError', () => look('onError'));
    instance.addHook('preSerialization', async (_request, _reply, payload) => {
      await look('preSerialization');
      return payload;
    });
    instance.addHook('onSend', async (_request, _reply, payload) => {
      await look('onSend');
      return payload;
    });
    instance.setErrorHandler(async (_error, _request, reply) => {
      await look('error handler');
      return reply.code(500).send({ failed: true });
    });
    instance.post('/', async () => {
      await look('handler');
      throw new Error('boom');
    });
    const cookie = await cookieAfter(7);
    const headers = { cookie, 'content-type': 'application/json' };
    const response = await instance.inject({ method: 'POST', url: '/', headers, payload: '{"a":1}' });
    expect(response.statusCode).toBe(500);
    await expect.poll(() => found['onResponse']).toBe(7);
    expect(new Set(Object.values(found))).toEqual(new Set([7]));
    expect(Object.keys(found)).toHaveLength(10);
  });

  it.each([
    ['JSON', 'application/json', '{"a":1}'],
    ['a body that is rejected', 'application/json', '{"a":'],
    ['a body that no parser takes', 'application/none', 'a'],
  ])('after the body came: %s', async (_, type, body) => {
    const instance = create();
    instance.setErrorHandler(async (_error, _request, reply) => reply.send(`${await count()}`));
    instance.post('/', async () => `${await count()}`);
    await instance.listen({ port: 0 });
    const response = await fetch(urlOf(instance), { method: 'POST', body, headers: { 'content-type': type } });
    expect(await response.text()).toBe('1');
    expect(response.headers.getSetCookie()).toHaveLength(1);
  });

  it('in a route of a plugin, and where no route is', async () => {
    const instance = create();
    instance.register(
      (routes, _options, done) => {
        routes.get('/', async (request) => `${await count()} ${await count(request)}`);
        done();
      },
      { prefix: '/inner' },
    );
    instance.setNotFoundHandler(async () => `${await count()}`);
    expect((await instance.inject('/inner')).body).toBe('1 2');
    expect((await instance.inject('/nowhere')).body).toBe('1');
  });

  it('when it is registered in a plugin, only there', async () => {
    app = fastify();
    app.register((routes, _options, done) => {
      routes.register(sessions());
      routes.get('/inside', async () => `${await count()}`);
      done();
    });
    app.get('/outside', async () => `${await count()}`);
    expect((await app.inject('/inside')).body).toBe('1');
    expect((await app.inject('/outside')).statusCode).toBe(500);
  });
});

describe('keeps visitors apart', () => {
  it('whose requests are sent at once over one connection, each with a body', async () => {
    const instance = create();
    instance.post('/', async () => {
      const before = (await login.get()).get('count');
      await wait(5);
      return `${before} ${await count()}`;
    });
    await instance.listen({ port: 0 });
    const visitors = await Promise.all([cookieAfter(10), cookieAfter(20), cookieAfter(30)]);
    const cookies = [...visitors, '', ''];
    const socket = connect((instance.server.address() as AddressInfo).port);
    for (const [at, cookie] of cookies.entries()) {
      const close = at === cookies.length - 1 ? 'Connection: close\r\n' : '';
      const header = cookie === '' ? '' : `Cookie: ${cookie}\r\n`;
      socket.write(
        `POST / HTTP/1.1\r\nHost: a\r\n${close}${header}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`,
      );
    }
    const answers = (await text(socket)).match(/^(\d+|undefined) \d+/gm);
    expect(answers).toEqual(['10 11', '20 21', '30 31', 'undefined 1', 'undefined 1']);
  });

  it('when a hook before lets all of them go on in one turn', async () => {
    const waiting: (() => void)[] = [];
    app = fastify();
    app.addHook('onRequest', (_request, _reply, done) => {
      if (waiting.push(done) === 4) for (const go of waiting) go();
    });
    app.register(sessions());
    app.get('/', async () => `${await count()} ${await count()}`);
    const instance = app;
    const answers = await Promise.all(Array.from({ length: 4 }, () => instance.inject('/')));
    expect(answers.map(({ body }) => body)).toEqual(Array(4).fill('1 2'));
  });

  it('when a handler asks its own app', async () => {
    const instance = create();
    instance.get('/inner', async () => `${await count()}`);
    instance.get('/outer', async () => {
      const first = await count();
      const { body } = await instance.inject('/inner');
      return `${first} ${body} ${await count()}`;
    });
    expect((await instance.inject('/outer')).body).toBe('1 1 2');
  });
});

it('saves what a handler sends by itself', async () => {
  const instance = create();
  instance.get('/', async (request, reply) => {
    await count(request);
    reply.hijack();
    reply.raw.writeHead(202, { 'X-Own': '1' }).end('own');
  });
  const response = await instance.inject('/');
  expect([response.statusCode, response.body, response.headers['x-own']]).toEqual([202, 'own', '1']);
  expect(response.headers['set-cookie']).toHaveLength(1);
});

it('gives the error of a save to onError, which may answer', async () => {
  const down = Object.assign(memory(), { set: () => Promise.reject(new Error('down')) });
  const store = serverStore({ ...options, backend: down });
  const errors: unknown[] = [];
  const instance = create({
    onError: (error, response) => {
      errors.push(error);
      response.statusCode = 503;
      response.end();
    },
  });
  instance.get('/', async (request) => {
    const session = await store.get(request, 'login');
    session.set('a', 1);
    return 'saved';
  });
  const response = await instance.inject('/');
  expect([response.statusCode, response.body]).toEqual([503, '']);
  expect(errors).toHaveLength(1);
});

it('throws at an option that it does not know', () => {
  expect(() => sessions({ onErorr: 1 } as object)).toThrow(/has no option "onErorr"; it takes onError/);
});

function urlOf(instance: FastifyInstance): string {
  return `http://127.0.0.1:${(instance.server.address() as AddressInfo).port}`;
}
