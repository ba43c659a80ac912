import { createCookieSessionStorage } from 'react-router';
import type { Route } from './+types/bench-usual';

const { getSession, commitSession } = createCookieSessionStorage<{ count: number }>({
  cookie: { name: 'usual', httpOnly: true, path: '/', sameSite: 'lax', secrets: ['a secret of the benchmark'] },
});

export async function loader({ request }: Route.LoaderArgs) {
  const session = await getSession(request.headers.get('Cookie'));
  session.set('count', (session.get('count') ?? 0) + 1);
  return new Response('hello', { headers: { 'Set-Cookie': await commitSession(session) } });
}
