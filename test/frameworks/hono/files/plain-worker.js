// A Worker from before nodejs_compat: without AsyncLocalStorage, and without process.env.
import { env } from 'cloudflare:workers';
import { Hono } from 'hono';
import { cookieStore, defineSession } from 'sealring';
import { sessions } from 'sealring/hono';

const store = cookieStore({ keys: [env.SESSION_KEY], cookie: { secure: false } });
const login = defineSession({ store, name: 'login' });
const app = new Hono();
app.use(sessions());
app.get('/context', async (c) => c.text(`${await count(c)}`));
app.get('/request', async (c) => c.text(`${await count(c.req.raw)}`));
app.get('/clone', async (c) => c.text(`${await count(new Request(c.req.raw))}`));
app.get('/nothing', async (c) => c.text(`${await count()}`));
app.onError((error, c) => c.text(error.message, 500));

async function count(given) {
  const session = await login.get(given);
  session.update('count', (n = 0) => n + 1);
  return session.get('count');
}

export default app;
