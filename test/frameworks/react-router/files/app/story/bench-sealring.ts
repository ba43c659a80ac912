import { login } from '../sessions';
import type { Route } from './+types/bench-sealring';

export async function loader(args: Route.LoaderArgs) {
  const session = await login.get(args);
  session.update('count', (n = 0) => n + 1);
  return new Response('hello');
}
