/** What a load function promises, and does when the page is on its way. */
import { setTimeout as wait } from 'node:timers/promises';
import { login } from '../../../../lib/server/sessions.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = (event) => {
  const late = async () => {
    await wait(50);
    const session = await login.get(event);
    const messages = session.flashes().join();
    try {
      session.update('count', (n = 0) => n + 1);
      return `${messages} counted`;
    } catch (error) {
      const response = await event.fetch('/story/count', { method: 'POST' });
      return `${messages} ${error instanceof Error && 'code' in error ? error.code : error} ${response.status}`;
    }
  };
  return { late: late() };
};
