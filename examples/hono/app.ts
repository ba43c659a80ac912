import { Hono } from 'hono';
import { html } from 'hono/html';
import { sessions } from 'sealring/hono';
import { login } from './sessions.ts';

export const app = new Hono();
app.use(sessions());

app.get('/', async (c) => {
  const session = await login.get(c);
  return c.html(html`<!doctype html><title>Example</title>
    ${session.flashes().map((message) => html`<p role="alert">${message}</p>`)}
    ${session.subject === undefined ? logInForm : logOutForm(session.subject)}
    <form method="post" action="/count">
      <output>${session.get('count') ?? 0}</output> <button>Count</button>
    </form>`);
});

app.post('/login', async (c) => {
  const session = await login.get(c);
  const { user, password } = await c.req.parseBody();
  if (typeof user === 'string' && password === 'sesame') {
    await session.login(user);
    session.addFlash('Welcome back.');
  } else {
    session.addFlash('Wrong password.');
  }
  return c.redirect('/', 303);
});

app.post('/logout', async (c) => {
  const session = await login.get(c);
  session.logout();
  return c.redirect('/', 303);
});

app.post('/count', async (c) => {
  const session = await login.get(c);
  session.update('count', (n = 0) => n + 1);
  return c.redirect('/', 303);
});

const logInForm = html`<form method="post" action="/login">
  <label>User <input name="user" required></label>
  <label>Password <input name="password" type="password"></label>
  <button>Log in</button>
</form>`;
const logOutForm = (user: string) => html`<p>Hello ${user}</p>
  <form method="post" action="/logout"><button>Log out</button></form>`;
