/** Handlers that throw. */
import { Router } from 'express';
import { login } from './sessions.ts';

export const failing = Router();

failing.get('/story/throw', async (req) => {
  const session = await login.get(req);
  session.update('count', (n = 0) => n + 1);
  throw new Error('boom');
});

failing.get('/story/throw-after-logout', async (req) => {
  const session = await login.get(req);
  session.logout();
  throw new Error('boom');
});
