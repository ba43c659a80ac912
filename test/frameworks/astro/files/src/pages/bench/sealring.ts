import type { APIRoute } from 'astro';
import { login } from '../../sessions.ts';

export const GET: APIRoute = async (context) => {
  const session = await login.get(context);
  session.update('count', (n = 0) => n + 1);
  return new Response('hello');
};
