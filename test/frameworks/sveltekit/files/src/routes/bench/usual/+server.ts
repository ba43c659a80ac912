import { type RequestHandler, text } from '@sveltejs/kit';

export const GET: RequestHandler = async ({ locals }) => {
  await locals.session.update(({ count = 0 }) => ({ count: count + 1 }));
  return text('hello');
};
