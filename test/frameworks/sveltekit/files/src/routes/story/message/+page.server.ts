/** A form action that leaves a message, and shows it with the page that it answers. */
import { login } from '../../../lib/server/sessions.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const session = await login.get(event);
  return { messages: session.flashes() };
};

export const actions: Actions = {
  async default(event) {
    const session = await login.get(event);
    session.addFlash('Saved.');
  },
};
