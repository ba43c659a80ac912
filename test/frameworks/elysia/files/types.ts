/** What editors know in a handler. */

import { Elysia } from 'elysia';
import { expectTypeOf } from 'expect-type';
import { sessions } from 'sealring/elysia';
import { login } from './sessions.ts';

const app = new Elysia()
  .decorate('motto', 'hello')
  .use(sessions())
  .get('/:id', async (context) => {
    expectTypeOf(context.motto).toEqualTypeOf<string>();
    expectTypeOf(context.params.id).toEqualTypeOf<string>();
    const session = await login.get(context);
    expectTypeOf(session.get('count')).toEqualTypeOf<number | undefined>();
    expectTypeOf(session.flashes()).toEqualTypeOf<string[]>();
    // @ts-expect-error: no such value
    session.get('other');
    // @ts-expect-error: of another type
    session.set('count', '1');
    return 1;
  });

// What clients know of the routes is still there.
type Id = (typeof app)['~Routes'][':id']['get']['response'][200];
expectTypeOf<Id>().toEqualTypeOf<number>();
