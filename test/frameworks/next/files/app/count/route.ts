import { sessions } from 'sealring/next';
import { login } from '../../sessions';

export const POST = sessions(async () => {
  const session = await login.get();
  session.update('count', (n = 0) => n + 1);
  return new Response(`${session.get('count')}`);
});
