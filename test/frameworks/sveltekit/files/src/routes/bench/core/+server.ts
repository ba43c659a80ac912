import { type RequestHandler, text } from '@sveltejs/kit';
import { login } from '../../../lib/server/sessions.ts';

export const GET: RequestHandler = async (event) => {
  const session = await login.get(event);
  session.update('count', (n = 0) => n + 1);
  return text('hello');
};
