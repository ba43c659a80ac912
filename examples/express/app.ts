import express from 'express';
import { sessions } from 'sealring/express';
import { login } from './sessions.ts';

export const app = express();
app.use(sessions());
app.use(express.urlencoded());

app.get('/', async (req, res) => {
  const session = await login.get(req);
  const messages = session.flashes().map((message) => `<p role="alert">${message}</p>`);
  const form = session.subject === undefined ? logInForm : `<p>Hello ${escapeHtml(session.subject)}</p>${logOutForm}`;
  res.send(page(`${messages.join('')}${form}${countForm(session.get('count') ?? 0)}`));
});

app.post('/login', async (req, res) => {
  const session = await login.get(req);
  const { user, password } = req.body;
  if (password === 'sesame') {
    await session.login(user);
    session.addFlash('Welcome back.');
  } else {
    session.addFlash('Wrong password.');
  }
  res.redirect(303, '/');
});

app.post('/logout', async (req, res) => {
  const session = await login.get(req);
  session.logout();
  res.redirect(303, '/');
});

app.post('/count', async (req, res) => {
  const session = await login.get(req);
  session.update('count', (n = 0) => n + 1);
  res.redirect(303, '/');
});

const page = (body: string) => `<!doctype html><title>Example</title>${body}`;
const logInForm = `<form method="post" action="/login">
  <label>User <input name="user" required></label>
  <label>Password <input name="password" type="password"></label>
  <button>Log in</button>
</form>`;
const logOutForm = '<form method="post" action="/logout"><button>Log out</button></form>';
const countForm = (count: number) =>
  `<form method="post" action="/count"><output>${count}</output> <button>Count</button></form>`;
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
