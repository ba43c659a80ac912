import { save } from 'sealring';
import { login } from '../sessions';
import type { Route } from './+types/bench-core';

// One that does nothing, as what the framework takes for it is not ours.
export const middleware: Route.MiddlewareFunction[] = [(_, next) => next()];

export async function loader({ request }: Route.LoaderArgs) {
  const session = await login.get(request);
  session.update('count', (n = 0) => n + 1);
  return save(request, new Response('hello'));
}
