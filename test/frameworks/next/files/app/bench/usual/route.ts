import { getIronSession } from 'iron-session';
import { cookies } from 'next/headers';

const options = { cookieName: 'usual', password: '0123456789abcdef0123456789abcdef', cookieOptions: { secure: false } };

export async function GET() {
  const session = await getIronSession<{ count: number }>(await cookies(), options);
  session.count = (session.count ?? 0) + 1;
  await session.save();
  return new Response('hello');
}
