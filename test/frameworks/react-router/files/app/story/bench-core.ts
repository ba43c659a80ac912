import { save } from 'sealring';
import { login } from '../sessions';
import type { Route } from './+types/bench-core';

export async function loader({ request }: Route.LoaderArgs) {
  const session = await login.get(request);
  session.update('count', (n = 0) => n + 1);
  return save(request, new Response('hello'));
}
