import { defineHandler, html, raw } from 'nitro/h3';
import { login } from '../sessions.ts';

export default defineHandler(async (event) => {
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

const logInForm = `<form method="post" action="/login">
  <label>User <input name="user" required></label>
  <label>Password <input name="password" type="password"></label>
  <button>Log in</button>
</form>`;
const logOutForm = '<form method="post" action="/logout"><button>Log out</button></form>';
