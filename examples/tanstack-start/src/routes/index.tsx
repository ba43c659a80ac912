import { createFileRoute, redirect } from '@tanstack/react-router';
import { createServerFn, useServerFn } from '@tanstack/react-start';
import type { ReactNode } from 'react';
import { login } from '../sessions';

const visit = createServerFn().handler(async () => {
  const session = await login.get();
  return { user: session.subject, count: session.get('count') ?? 0, messages: session.flashes() };
});

const submit = createServerFn({ method: 'POST' })
  .validator((data: FormData) => Object.fromEntries(data))
  .handler(async ({ data: { intent, user, password } }) => {
    const session = await login.get();
    if (intent === 'count') session.update('count', (n = 0) => n + 1);
    else if (intent === 'logout') session.logout();
    else if (password === 'sesame') {
      await session.login(String(user));
      session.addFlash('Welcome back.');
    } else session.addFlash('Wrong password.');
    throw redirect({ to: '/', statusCode: 303 });
  });

export const Route = createFileRoute('/')({ loader: () => visit(), component: Home });

function Home() {
  const { user, count, messages } = Route.useLoaderData();
  return (
    <main>
      {messages.map((message) => (
        <p key={message} role="alert">
          {message}
        </p>
      ))}
      <Form intent={user === undefined ? 'login' : 'logout'} label={user === undefined ? 'Log in' : 'Log out'}>
        {user === undefined ? <Credentials /> : <p>Hello {user}</p>}
      </Form>
      <Form intent="count" label="Count">
        <output>{count}</output>
      </Form>
    </main>
  );
}

const Credentials = () => (
  <>
    <input name="user" aria-label="User" required />
    <input name="password" aria-label="Password" type="password" />
  </>
);

function Form({ intent, label, children }: { intent: string; label: string; children: ReactNode }) {
  const send = useServerFn(submit);
  return (
    <form
      method="post"
      action={submit.url}
      encType="multipart/form-data"
      onSubmit={(event) => {
        event.preventDefault();
        void send({ data: new FormData(event.currentTarget) });
      }}
    >
      {children}
      <input type="hidden" name="intent" value={intent} />
      <button type="submit">{label}</button>
    </form>
  );
}
