import { Form, redirect } from 'react-router';
import { login } from '../sessions';
import type { Route } from './+types/home';

export async function loader(args: Route.LoaderArgs) {
  const session = await login.get(args);
  return { user: session.subject, count: session.get('count') ?? 0, messages: session.flashes() };
}

export async function action(args: Route.ActionArgs) {
  const session = await login.get(args);
  const form = await args.request.formData();
  const intent = form.get('intent');
  if (intent === 'count') session.update('count', (n = 0) => n + 1);
  else if (intent === 'logout') session.logout();
  else if (form.get('password') === 'sesame') {
    await session.login(String(form.get('user')));
    session.addFlash('Welcome back.');
  } else session.addFlash('Wrong password.');
  return redirect('/');
}

export default function Home({ loaderData: { user, count, messages } }: Route.ComponentProps) {
  return (
    <main>
      {messages.map((message) => (
        <p key={message} role="alert">
          {message}
        </p>
      ))}
      <Form method="post">{user === undefined ? <LogIn /> : <LogOut user={user} />}</Form>
      <Form method="post">
        <output>{count}</output> <Submit intent="count" label="Count" />
      </Form>
    </main>
  );
}

const LogIn = () => (
  <>
    <input name="user" aria-label="User" required />
    <input name="password" aria-label="Password" type="password" />
    <Submit intent="login" label="Log in" />
  </>
);

const LogOut = ({ user }: { user: string }) => (
  <>
    <p>Hello {user}</p>
    <Submit intent="logout" label="Log out" />
  </>
);

const Submit = ({ intent, label }: { intent: string; label: string }) => (
  <button type="submit" name="intent" value={intent}>
    {label}
  </button>
);
