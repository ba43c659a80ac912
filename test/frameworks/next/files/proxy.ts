/** The example's proxy, and one that changes the session. */
import { type NextFetchEvent, type NextRequest, NextResponse } from 'next/server';
import { sessions } from 'sealring/next';
import { login } from './sessions';

const taking = sessions(login);

const counting = sessions(async (request: NextRequest) => {
  const session = await login.get();
  session.update('count', (n = 0) => n + 1);
  if (request.nextUrl.pathname === '/proxied/redirect') return NextResponse.redirect(new URL('/', request.url));
  const response = NextResponse.next();
  response.cookies.set('theme', 'dark');
  return response;
});

const rewriting = sessions(async (request: NextRequest) => {
  await login.get(request);
  return NextResponse.rewrite(new URL('/story/rewritten', request.url), {
    request: { headers: new Headers([...request.headers, ['x-from', 'the proxy']]) },
  });
});

export function proxy(request: NextRequest, event: NextFetchEvent) {
  const { pathname } = request.nextUrl;
  if (pathname.startsWith('/proxied')) return counting(request);
  return pathname === '/story/other-request' ? rewriting(request) : taking(request, event);
}

export const config = { matcher: '/((?!_next/|bench/|.*\\.).*)' };
