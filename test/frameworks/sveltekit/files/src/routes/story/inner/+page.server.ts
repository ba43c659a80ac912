/** A load function that asks an endpoint of its own app, which changes the session as well. */
import { login } from '../../../lib/server/sessions.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  event.cookies.set('theme', 'dark', { path: '/', secure: false });
  const add = (init: RequestInit = {}) => event.fetch('/story/count', { method: 'POST', ...init });
  const own = await (await add()).text();
  const session = await login.get(event);
  session.update('count', (n = 0) => n + 1);
  const again = await (await add()).text();
  const stranger = await (await add({ headers: { cookie: 'login=another' } })).text();
  const nobody = await (await add({ credentials: 'omit' })).text();
  return { counts: [own, again, stranger, nobody].join(' ') };
};
