import { redirect } from '@sveltejs/kit';
import { login } from '../lib/server/sessions.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const session = await login.get(event);
  return { user: session.subject, count: session.get('count') ?? 0, messages: session.flashes() };
};

export const actions: Actions = {
  async login(event) {
    const session = await login.get(event);
    const form = await event.request.formData();
    if (form.get('password') === 'sesame') {
      await session.login(`${form.get('user')}`);
      session.addFlash('Welcome back.');
    } else {
      session.addFlash('Wrong password.');
    }
    redirect(303, '/');
  },

  async logout(event) {
    const session = await login.get(event);
    session.logout();
    redirect(303, '/');
  },

  async count(event) {
    const session = await login.get(event);
    session.update('count', (n = 0) => n + 1);
    redirect(303, '/');
  },
};
