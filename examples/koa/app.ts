import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import Koa from 'koa';
import { sessions } from 'sealring/koa';
import { login } from './sessions.ts';

export const app = new Koa();
const router = new Router();
app.use(sessions());
app.use(bodyParser());
app.use(router.routes());

router.get('/', async (ctx) => {
  const session = await login.get(ctx);
  const messages = session.flashes().map((message) => `<p role="alert">${message}</p>`);
  const form = session.subject === undefined ? logInForm : `<p>Hello ${escapeHtml(session.subject)}</p>${logOutForm}`;
  ctx.body = page(`${messages.join('')}${form}${countForm(session.get('count') ?? 0)}`);
});

router.post('/login', async (ctx) => {
  const session = await login.get(ctx);
  const { user = '', password } = ctx.request.body as Record<string, string>; // as forms send it
  if (password === 'sesame') {
    await session.login(user);
    session.addFlash('Welcome back.');
  } else {
    session.addFlash('Wrong password.');
  }
  ctx.status = 303;
  ctx.redirect('/');
});

router.post('/logout', async (ctx) => {
  const session = await login.get(ctx);
  session.logout();
  ctx.status = 303;
  ctx.redirect('/');
});

router.post('/count', async (ctx) => {
  const session = await login.get(ctx);
  session.update('count', (n = 0) => n + 1);
  ctx.status = 303;
  ctx.redirect('/');
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
