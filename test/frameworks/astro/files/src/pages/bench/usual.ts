import type { APIRoute } from 'astro';

export const GET: APIRoute = async ({ session }) => {
  const count: number = (await session?.get('count')) ?? 0;
  session?.set('count', count + 1);
  return new Response('hello');
};
