/** What editors know in a handler. */

import { expectTypeOf } from 'expect-type';
import { Hono, type MiddlewareHandler } from 'hono';
import { sessions } from 'sealring/hono';
import { login } from './sessions.ts';

expectTypeOf(sessions()).toExtend<MiddlewareHandler>();

interface Env {
  Bindings: { SESSION_KEY: string };
  Variables: { user: string };
}

new Hono<Env>().use(sessions()).get('/:id', sessions(), async (c) => {
  const session = await login.get(c);
  expectTypeOf(c.var.user).toEqualTypeOf<string>();
  expectTypeOf(session.get('count')).toEqualTypeOf<number | undefined>();
  expectTypeOf(session.flashes()).toEqualTypeOf<string[]>();
  await login.get(c.req);
  await login.get(c.req.raw);
  // @ts-expect-error: no such value
  session.get('other');
  // @ts-expect-error: of another type
  session.set('count', '1');
  return c.text('');
});
