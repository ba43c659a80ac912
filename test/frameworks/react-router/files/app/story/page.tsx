/** A page whose loader and action both change the session, and whose action does not redirect. */
import { login } from '../sessions';
import type { Route } from './+types/page';

export async function action(args: Route.ActionArgs) {
  const session = await login.get(args);
  session.update('count', (n = 0) => n + 1);
  session.addFlash('From the action.');
  return null;
}

export async function loader(args: Route.LoaderArgs) {
  const session = await login.get(args);
  session.update('count', (n = 0) => n + 1);
  return { count: session.get('count'), messages: session.flashes() };
}

export default function Page({ loaderData: { count, messages } }: Route.ComponentProps) {
  return (
    <>
      <output>{count}</output>
      {messages.map((message) => (
        <p key={message} role="alert">
          {message}
        </p>
      ))}
    </>
  );
}
