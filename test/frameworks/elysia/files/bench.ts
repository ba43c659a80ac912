/** “hello”, and a session that is read and written: with the adapter, with the core alone, with the framework's own signed cookie. */
import { Elysia, t } from 'elysia';
import { withSessions } from 'sealring';
import { sessions } from 'sealring/elysia';
import { login } from './sessions.ts';

const withAdapter = new Elysia().use(sessions()).get('/bench/sealring', async ({ request }) => {
  const session = await login.get(request);
  session.update('count', (n = 0) => n + 1);
  return 'hello';
});

const withCore = new Elysia().get('/bench/core', async ({ request }) => {
  const session = await login.get(request);
  session.update('count', (n = 0) => n + 1);
  return 'hello';
});

// No session library is usual here: Elysia has a signed cookie.
const withUsual = new Elysia({ cookie: { secrets: 'a key of the benchmark', sign: ['usual'] } }).get(
  '/bench/usual',
  ({ cookie: { usual } }) => {
    usual.value = { count: (usual.value?.count ?? 0) + 1 };
    return 'hello';
  },
  { cookie: t.Cookie({ usual: t.Optional(t.Object({ count: t.Number() })) }) },
);

/** Each is an app of its own: a plugin that stands around the app stands around all of its routes. */
export const routes = {
  '/bench/sealring': (request: Request) => withAdapter.fetch(request),
  '/bench/core': withSessions((request: Request) => withCore.fetch(request)),
  '/bench/usual': (request: Request) => withUsual.fetch(request),
};
