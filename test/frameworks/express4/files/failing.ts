/** Handlers that fail. What an async handler throws is not for Express 4, which knows no promises: it goes to `next`. */
import { Router } from 'express';
import { login } from './sessions.ts';

export const failing = Router();

failing.get('/story/throw', async (req, _res, next) => {
  const session = await login.get(req);
  session.update('count', (n = 0) => n + 1);
  next(new Error('boom'));
});

failing.get('/story/throw-after-logout', async (req, _res, next) => {
  const session = await login.get(req);
  session.logout();
  next(new Error('boom'));
});
