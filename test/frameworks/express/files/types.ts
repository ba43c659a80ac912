/** What editors know in a handler. */

import { expectTypeOf } from 'expect-type';
import { type RequestHandler, Router } from 'express';
import { sessions } from 'sealring/express';
import { login } from './sessions.ts';

expectTypeOf(sessions()).toExtend<RequestHandler>();

Router().get('/', async (req) => {
  const session = await login.get(req);
  expectTypeOf(session.get('count')).toEqualTypeOf<number | undefined>();
  expectTypeOf(session.flashes()).toEqualTypeOf<string[]>();
  // @ts-expect-error: no such value
  session.get('other');
  // @ts-expect-error: of another type
  session.set('count', '1');
});
