/** “hello”, and a session that is read and written: with the adapter, with the core alone, with the library that people usually take. */
import usual from '@fastify/secure-session';
import Fastify from 'fastify';
import { saveBeforeHeaders } from 'sealring';
import { sessions } from 'sealring/fastify';
import { login } from './sessions.ts';

declare module '@fastify/secure-session' {
  interface SessionData {
    count: number;
  }
}

export const bench = Fastify();

bench.register((routes, _options, done) => {
  routes.register(sessions());
  routes.get('/bench/sealring', async (request) => {
    const session = await login.get(request);
    session.update('count', (n = 0) => n + 1);
    return 'hello';
  });
  done();
});

bench.get('/bench/core', async (request, reply) => {
  saveBeforeHeaders(request.raw, reply.raw);
  const session = await login.get(request);
  session.update('count', (n = 0) => n + 1);
  return 'hello';
});

bench.register((routes, _options, done) => {
  routes.register(usual, { key: Buffer.alloc(32, 'a key of the benchmark'), cookieName: 'usual' });
  routes.get('/bench/usual', async (request) => {
    request.session.set('count', (request.session.get('count') ?? 0) + 1);
    return 'hello';
  });
  done();
});
