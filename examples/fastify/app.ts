import formbody from '@fastify/formbody';
import Fastify from 'fastify';
import { sessions } from 'sealring/fastify';
import { login } from './sessions.ts';

export const app = Fastify();
app.register(sessions());
app.register(formbody);

app.get('/', async (request, reply) => {
  const session = await login.get(request);
  const messages = session.flashes().map((message) => `<p role="alert">${message}</p>`);
  const form = session.subject === undefined ? logInForm : `<p>Hello ${escapeHtml(session.subject)}</p>${logOutForm}`;
  reply.type('text/html');
  return page(`${messages.join('')}${form}${countForm(session.get('count') ?? 0)}`);
});

app.post<{ Body: { user: string; password: string } }>('/login', async (request, reply) => {
  const session = await login.get(request);
  const { user, password } = request.body;
  if (password === 'sesame') {
    await session.login(user);
    session.addFlash('Welcome back.');
  } else {
    session.addFlash('Wrong password.');
  }
  return reply.redirect('/', 303);
});

app.post('/logout', async (request, reply) => {
  const session = await login.get(request);
  session.logout();
  return reply.redirect('/', 303);
});

app.post('/count', async (request, reply) => {
  const session = await login.get(request);
  session.update('count', (n = 0) => n + 1);
  return reply.redirect('/', 303);
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
