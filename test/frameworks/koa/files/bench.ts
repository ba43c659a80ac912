/** “hello”, and a session that is read and written: with the adapter, with the core alone, with the library that people usually take. */
import Koa from 'koa';
import { createSession } from 'koa-session';
import { saveBeforeHeaders } from 'sealring';
import { sessions } from 'sealring/koa';
import { login } from './sessions.ts';

const adapter = new Koa();
adapter.use(sessions());
adapter.use(async (ctx) => {
  const session = await login.get(ctx);
  session.update('count', (n = 0) => n + 1);
  ctx.body = 'hello';
});

const core = new Koa();
core.use(async (ctx) => {
  saveBeforeHeaders(ctx.req, ctx.res);
  const session = await login.get(ctx);
  session.update('count', (n = 0) => n + 1);
  ctx.body = 'hello';
});

const usual = new Koa();
usual.keys = ['a key of the benchmark'];
usual.use(createSession({ key: 'usual' }, usual));
usual.use(async (ctx) => {
  if (ctx.session) ctx.session['count'] = Number(ctx.session['count'] ?? 0) + 1;
  ctx.body = 'hello';
});

export const bench = new Map([
  ['/bench/sealring', adapter.callback()],
  ['/bench/core', core.callback()],
  ['/bench/usual', usual.callback()],
]);
