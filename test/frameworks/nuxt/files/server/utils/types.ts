/** What editors know in a handler, and in nuxt.config.ts. */

import { expectTypeOf } from 'expect-type';
import type { NuxtModule } from 'nuxt/schema';
import { sessions } from 'sealring/nuxt';

expectTypeOf(sessions).toExtend<NuxtModule>();

defineEventHandler(async (event) => {
  const session = await login.get(event);
  expectTypeOf(session.get('count')).toEqualTypeOf<number | undefined>();
  expectTypeOf(session.flashes()).toEqualTypeOf<string[]>();
  // @ts-expect-error: no such value
  session.get('other');
  // @ts-expect-error: of another type
  session.set('count', '1');
});
