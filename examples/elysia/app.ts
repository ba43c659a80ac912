import { Elysia, t } from 'elysia';
import { sessions } from 'sealring/elysia';
import { login } from './sessions.ts';

export const app = new Elysia()
  .use(sessions())

  .get('/', async ({ request, set }) => {
    const session = await login.get(request);
    const messages = session.flashes().map((message) => `<p role="alert">${message}</p>`);
    set.headers['content-type'] = 'text/html; charset=utf-8';
    return `<!doctype html><title>Example</title>
      ${messages.join('')}
      ${session.subject === undefined ? logInForm : logOutForm(session.subject)}
      <form method="post" action="/count">
        <output>${session.get('count') ?? 0}</output> <button>Count</button>
      </form>`;
  })

  .post(
    '/login',
    async ({ request, body: { user, password }, redirect }) => {
      const session = await login.get(request);
      if (password === 'sesame') {
        await session.login(user);
        session.addFlash('Welcome back.');
      } else {
        session.addFlash('Wrong password.');
      }
      return redirect('/', 303);
    },
    { body: t.Object({ user: t.String(), password: t.String() }) },
  )

  .post('/logout', async ({ request, redirect }) => {
    const session = await login.get(request);
    session.logout();
    return redirect('/', 303);
  })

  .post('/count', async ({ request, redirect }) => {
    const session = await login.get(request);
    session.update('count', (n = 0) => n + 1);
    return redirect('/', 303);
  });

const logInForm = `<form method="post" action="/login">
  <label>User <input name="user" required></label>
  <label>Password <input name="password" type="password"></label>
  <button>Log in</button>
</form>`;
const logOutForm = (user: string) => `<p>Hello ${Bun.escapeHTML(user)}</p>
  <form method="post" action="/logout"><button>Log out</button></form>`;
