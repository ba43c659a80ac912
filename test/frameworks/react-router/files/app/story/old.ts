/** As it was written for createCookieSessionStorage: /old is inside the middleware, /alone/old is not. */
import { redirect } from 'react-router';
import { sessions } from 'sealring/react-router';
import { login } from '../sessions';
import type { Route } from './+types/old';

const { getSession, commitSession, destroySession } = sessions.storage<{ count: number }, { error: string }>(login);

export async function loader({ request }: Route.LoaderArgs) {
  const session = await getSession(request.headers.get('Cookie'));
  const { id: _, ...shown } = { id: session.id, count: session.get('count'), error: session.get('error') };
  return Response.json(shown, { headers: { 'Set-Cookie': await commitSession(session) } });
}

export async function action({ request }: Route.ActionArgs) {
  const session = await getSession(request.headers.get('Cookie'));
  if (request.method === 'DELETE')
    return new Response(null, { headers: { 'Set-Cookie': await destroySession(session) } });
  session.set('count', (session.get('count') ?? 0) + 1);
  session.flash('error', 'Once.');
  return redirect(request.url, { headers: { 'Set-Cookie': await commitSession(session, { maxAge: 3600 }) } });
}
