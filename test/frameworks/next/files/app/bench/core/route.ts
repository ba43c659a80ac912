import { save } from 'sealring';
import { login } from '../../../sessions';

export async function GET(request: Request) {
  const session = await login.get(request);
  session.update('count', (n = 0) => n + 1);
  return await save(request, new Response('hello'));
}
