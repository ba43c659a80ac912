import { defineHandler } from 'nitro/h3';
import { login } from '../../sessions.ts';

export default defineHandler(async (event) => {
  const session = await login.get(event);
  session.logout();
  throw new Error('boom');
});
