/** What editors know in a handler. */

import type { ActionAPIContext } from 'astro:actions';
import type { APIContext, AstroGlobal, MiddlewareHandler, SessionDriver } from 'astro';
import { expectTypeOf } from 'expect-type';
import { sessions } from 'sealring/astro';
import type { UnstorageDriver } from 'sealring/unstorage';
import { login } from './sessions.ts';

expectTypeOf(sessions()).toExtend<MiddlewareHandler>();
expectTypeOf<UnstorageDriver>().toExtend<SessionDriver>();

export async function use(context: APIContext, astro: AstroGlobal, action: ActionAPIContext): Promise<void> {
  const session = await login.get(context);
  expectTypeOf(session.get('count')).toEqualTypeOf<number | undefined>();
  expectTypeOf(session.flashes()).toEqualTypeOf<string[]>();
  // @ts-expect-error: no such value
  session.get('other');
  // @ts-expect-error: of another type
  session.set('count', '1');
  await Promise.all([login.get(astro), login.get(action), login.get(context.cookies)]);
}
