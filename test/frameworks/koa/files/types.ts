/** What editors know in a handler. */
import Router from '@koa/router';
import { expectTypeOf } from 'expect-type';
import Koa from 'koa';
import { sessions } from 'sealring/koa';
import { login } from './sessions.ts';

expectTypeOf(sessions()).toExtend<Koa.Middleware>();

new Koa().use(sessions());
new Koa().use(sessions({ onError: (_error, response) => response.end() }));
new Router().use(sessions());

new Router().get('/', async (ctx) => {
  const session = await login.get(ctx);
  expectTypeOf(await login.get(ctx.request)).toEqualTypeOf(session);
  expectTypeOf(session.get('count')).toEqualTypeOf<number | undefined>();
  expectTypeOf(session.flashes()).toEqualTypeOf<string[]>();
  // @ts-expect-error: no such value
  session.get('other');
  // @ts-expect-error: of another type
  session.set('count', '1');
});
