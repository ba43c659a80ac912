/** What editors know. */
import { expectTypeOf } from 'expect-type';
import type { cookies } from 'next/headers';
import type { NextProxy } from 'next/server';
import { flashes, sessions } from 'sealring/next';
import { cart, login } from './sessions';

expectTypeOf(sessions(login)).toExtend<NextProxy>();
expectTypeOf(sessions(login, cart)).toExtend<NextProxy>();

sessions(async (request) => {
  expectTypeOf(request).toEqualTypeOf<Request>();
  return Response.json({});
});
expectTypeOf(sessions(async () => Response.json({}))).toEqualTypeOf<() => Promise<Response>>();
expectTypeOf(sessions(async (form: FormData) => form.get('user'))).toEqualTypeOf<
  (form: FormData) => Promise<FormDataEntryValue | null>
>();
expectTypeOf(
  sessions((before: number, form: FormData) => before + form.toString().length),
).returns.resolves.toBeNumber();

// @ts-expect-error: neither a function nor sessions
sessions();
// @ts-expect-error: neither a function nor sessions
sessions({});

expectTypeOf(flashes(login)).resolves.toEqualTypeOf<string[]>();

/** A component may look, and no more. */
export async function component(jar: Awaited<ReturnType<typeof cookies>>) {
  const session = await login.peek(jar);
  expectTypeOf(session.get('count')).toEqualTypeOf<number | undefined>();
  // @ts-expect-error: no such value
  session.get('other');
  // @ts-expect-error: it takes no changes
  session.set;
  // @ts-expect-error: it takes no changes
  session.login;
  // @ts-expect-error: the messages would come again
  session.flashes;
}
