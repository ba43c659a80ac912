import { H3, html, raw, redirect } from 'h3';
import { sessions } from 'sealring/h3';
import { login } from './sessions.ts';

export const app = new H3();
app.use(sessions());

app.get('/', async (event) => {
  const session = await login.get(event);
  const messages = session.flashes().map((message) => `<p role="alert">${message}</p>`);
  return html`<!doctype html><title>Example</title>
    ${raw(messages.join(''))}
    <p>${session.subject === undefined ? 'Who are you?' : `Hello ${session.subject}`}</p>
    ${raw(session.subject === undefined ? logInForm : logOutForm)}
    <form method="post" action="/count">
      <output>${session.get('count') ?? 0}</output> <button>Count</button>
    </form>`;
});

app.post('/login', async (event) => {
  const session = await login.get(event);
  const form = await event.req.formData();
  if (form.get('password') === 'sesame') {
    await session.login(String(form.get('user')));
    session.addFlash('Welcome back.');
  } else {
    session.addFlash('Wrong password.');
  }
  return redirect('/', 303);
});

app.post('/logout', async (event) => {
  const session = await login.get(event);
  session.logout();
  return redirect('/', 303);
});

app.post('/count', async (event) => {
  const session = await login.get(event);
  session.update('count', (n = 0) => n + 1);
  return redirect('/', 303);
});

const logInForm = `<form method="post" action="/login">
  <label>User <input name="user" required></label>
  <label>Password <input name="password" type="password"></label>
  <button>Log in</button>
</form>`;
const logOutForm = '<form method="post" action="/logout"><button>Log out</button></form>';
