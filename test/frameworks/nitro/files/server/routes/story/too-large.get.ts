import { defineHandler } from 'nitro/h3';
import { login } from '../../sessions.ts';

export default defineHandler(async (event) => {
  const session = await login.get(event);
  session.addFlash('x'.repeat(10_000));
  return 'secret';
});
