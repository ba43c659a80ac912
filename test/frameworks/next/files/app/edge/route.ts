import { cookieStore, defineSession } from 'sealring';
import { sessions } from 'sealring/next';

export const runtime = 'edge';

/** The edge runtime has no modules of Node.js, so SQLite cannot be imported. */
const store = cookieStore({ keys: () => [process.env.SESSION_KEY], cookie: { secure: false } });
const edge = defineSession<{ count: number }>({ store, name: 'edge' });

export const GET = sessions(async () => {
  const session = await edge.get();
  session.update('count', (n = 0) => n + 1);
  return new Response(`${session.get('count')}`);
});
