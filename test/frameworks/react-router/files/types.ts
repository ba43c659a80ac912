/** What editors know in a loader. */

import { expectTypeOf } from 'expect-type';
import type { LoaderFunctionArgs, MiddlewareFunction, SessionStorage } from 'react-router';
import { sessions } from 'sealring/react-router';
import { login } from './app/sessions';

expectTypeOf(sessions()).toExtend<MiddlewareFunction<Response>>();
expectTypeOf(sessions.storage(login)).toExtend<SessionStorage<{ count: number }>>();
expectTypeOf(sessions.storage<{ count: number }, { error: string }>(login)).toExtend<
  SessionStorage<{ count: number }, { error: string }>
>();

export async function loader(args: LoaderFunctionArgs): Promise<void> {
  await login.get(args.request);
  await login.get(args.context);
  const session = await login.get(args);
  expectTypeOf(session.get('count')).toEqualTypeOf<number | undefined>();
  expectTypeOf(session.flashes()).toEqualTypeOf<string[]>();
  // @ts-expect-error: no such value
  session.get('other');
  // @ts-expect-error: of another type
  session.set('count', '1');
  // @ts-expect-error: no request
  await login.get(new Map<object, string>());

  const storage = sessions.storage<{ count: number }, { error: string }>(login);
  const old = await storage.getSession(args.request.headers.get('Cookie'));
  expectTypeOf(old.get('count')).toEqualTypeOf<number | undefined>();
  expectTypeOf(old.get('error')).toEqualTypeOf<string | undefined>();
  // @ts-expect-error: no such value
  old.get('other');
  // @ts-expect-error: belongs to the store
  await storage.commitSession(old, { domain: 'example.org' });
}
