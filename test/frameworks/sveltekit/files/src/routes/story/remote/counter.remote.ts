import { form, getRequestEvent, query } from '$app/server';
import { login } from '../../../lib/server/sessions.ts';

export const current = query(async () => {
  const session = await login.get(getRequestEvent());
  return session.get('count') ?? 0;
});

export const add = form(async () => {
  const session = await login.get();
  session.update('count', (n = 0) => n + 1);
});
