import { sessions } from 'sealring/next';
import { login } from '../../../sessions';

export const GET = sessions(async (request) => {
  const session = await login.get(request);
  session.update('count', (n = 0) => n + 1);
  return new Response('hello');
});
