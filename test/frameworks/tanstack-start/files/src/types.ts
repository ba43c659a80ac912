/** What editors know in a server function and in a server route. */

import { createFileRoute } from '@tanstack/react-router';
import { type AnyRequestMiddleware, createServerFn } from '@tanstack/react-start';
import { expectTypeOf } from 'expect-type';
import { sessions } from 'sealring/tanstack-start';
import { login } from './sessions';

expectTypeOf(sessions()).toExtend<AnyRequestMiddleware>();

export const visit = createServerFn().handler(async () => {
  const session = await login.get();
  expectTypeOf(session.get('count')).toEqualTypeOf<number | undefined>();
  expectTypeOf(session.flashes()).toEqualTypeOf<string[]>();
  // @ts-expect-error: no such value
  session.get('other');
  // @ts-expect-error: of another type
  session.set('count', '1');
  return session.get('count');
});
expectTypeOf(visit()).toEqualTypeOf<Promise<number | undefined>>();

// @ts-expect-error: unknown cannot be sent to a browser
createServerFn().handler(async () =>
  (await login.store.get(new Request('https://example.org/'), 'other')).get('value'),
);

createFileRoute('/about')({
  server: { handlers: { GET: async (context) => Response.json((await login.get(context)).subject) } },
});
