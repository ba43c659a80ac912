import type { ALBEvent, APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';
import { login } from './sessions.ts';

type Event = APIGatewayProxyEventV2 | APIGatewayProxyEvent | ALBEvent;

export async function app(route: string, event: Event) {
  const session = await login.get(event);
  switch (route) {
    case 'GET /':
    case 'HEAD /': {
      const messages = session.flashes().map((message) => `<p role="alert">${message}</p>`);
      const name = session.subject;
      const form = name === undefined ? logInForm : `<p>Hello ${escapeHtml(name)}</p>${logOutForm}`;
      return page(`${messages.join('')}${form}${countForm(session.get('count') ?? 0)}`);
    }
    case 'POST /login': {
      const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
      const fields = new URLSearchParams(body.toString());
      if (fields.get('password') === 'sesame') {
        await session.login(fields.get('user') ?? '');
        session.addFlash('Welcome back.');
      } else {
        session.addFlash('Wrong password.');
      }
      return home;
    }
    case 'POST /logout':
      session.logout();
      return home;
    case 'POST /count':
      session.update('count', (n = 0) => n + 1);
      return home;
    default:
      return { statusCode: 404, body: 'Not found' };
  }
}

const home = { statusCode: 303, headers: { location: '/' } };
const page = (body: string) => ({
  statusCode: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: `<!doctype html><title>Example</title>${body}`,
});
const logInForm = `<form method="post" action="/login">
  <label>User <input name="user" required></label>
  <label>Password <input name="password" type="password"></label>
  <button>Log in</button>
</form>`;
const logOutForm = '<form method="post" action="/logout"><button>Log out</button></form>';
const countForm = (count: number) =>
  `<form method="post" action="/count"><output>${count}</output> <button>Count</button></form>`;
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
