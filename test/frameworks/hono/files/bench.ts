/** “hello”, and a session that is read and written: with the adapter, with the core alone, with the library that people usually take. */
import { Hono } from 'hono';
import { CookieStore, type Session, sessionMiddleware } from 'hono-sessions';
import { save } from 'sealring';
import { sessions } from 'sealring/hono';
import { login } from './sessions.ts';

export const bench = new Hono<{ Variables: { session: Session<{ count: number }> } }>();

bench.get('/bench/sealring', sessions(), async (c) => {
  const session = await login.get(c);
  session.update('count', (n = 0) => n + 1);
  return c.text('hello');
});

// Behind a middleware that does nothing, as what the framework takes for one is not ours.
bench.get(
  '/bench/core',
  (_, next) => next(),
  async (c) => {
    const session = await login.get(c);
    session.update('count', (n = 0) => n + 1);
    return await save(c, c.text('hello'));
  },
);

const usual = sessionMiddleware({
  store: new CookieStore(),
  encryptionKey: 'a key of the benchmark, 32 characters or more',
  cookieOptions: { secure: false, path: '/' },
});
bench.get('/bench/usual', usual, (c) => {
  const session = c.get('session');
  session.set('count', (session.get('count') ?? 0) + 1);
  return c.text('hello');
});
