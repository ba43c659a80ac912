/** What editors know in a handler. */

import type { RequestEvent } from '@sveltejs/kit';
import type { sequence } from '@sveltejs/kit/hooks';
import { expectTypeOf } from 'expect-type';
import { sessions } from 'sealring/sveltekit';
import { login } from './lib/server/sessions.ts';

expectTypeOf(sessions()).toExtend<Parameters<typeof sequence>[0]>();

export async function load(event: RequestEvent): Promise<void> {
  const session = await login.get(event);
  expectTypeOf(session.get('count')).toEqualTypeOf<number | undefined>();
  expectTypeOf(session.flashes()).toEqualTypeOf<string[]>();
  // @ts-expect-error: no such value
  session.get('other');
  // @ts-expect-error: of another type
  session.set('count', '1');
  await login.get(event.cookies);
}
