import { Body, Controller, Get, Post, Redirect } from '@nestjs/common';
import type { InferSession } from 'sealring';
import { sessions } from 'sealring/nest';
import { login } from './sessions.js';

type Login = InferSession<typeof login>;

@Controller()
export class AppController {
  @Get()
  home(@sessions(login) session: Login) {
    const messages = session.flashes().map((message) => `<p role="alert">${message}</p>`);
    const form = session.subject === undefined ? logInForm : `<p>Hello ${escapeHtml(session.subject)}</p>${logOutForm}`;
    return page(`${messages.join('')}${form}${countForm(session.get('count') ?? 0)}`);
  }

  @Post('login')
  @Redirect('/', 303)
  async logIn(@sessions(login) session: Login, @Body() { user, password }: { user: string; password: string }) {
    if (password === 'sesame') {
      await session.login(user);
      session.addFlash('Welcome back.');
    } else {
      session.addFlash('Wrong password.');
    }
  }

  @Post('logout')
  @Redirect('/', 303)
  logOut(@sessions(login) session: Login) {
    session.logout();
  }

  @Post('count')
  @Redirect('/', 303)
  count(@sessions(login) session: Login) {
    session.update('count', (n = 0) => n + 1);
  }
}

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
