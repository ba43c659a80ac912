/** What editors know in a handler. */

import { expectTypeOf } from 'expect-type';
import { H3, type Middleware } from 'h3';
import { sessions } from 'sealring/h3';
import { login } from './sessions.ts';

expectTypeOf(sessions()).toExtend<Middleware>();

new H3().use(sessions()).get('/', async (event) => {
  const session = await login.get(event);
  expectTypeOf(session.get('count')).toEqualTypeOf<number | undefined>();
  expectTypeOf(session.flashes()).toEqualTypeOf<string[]>();
  // @ts-expect-error: no such value
  session.get('other');
  // @ts-expect-error: of another type
  session.set('count', '1');
});
