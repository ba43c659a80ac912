import { sessions } from 'sealring/next';
import { login } from '../../../sessions';

/** The proxy has added one, and this adds another. */
export const GET = sessions(async () => {
  const session = await login.get();
  session.update('count', (n = 0) => n + 1);
  return new Response(`${session.get('count')}`);
});
