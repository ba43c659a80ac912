/** “hello”, and a session that is read and written: with the adapter, with the core alone, with the framework's own session. */
import { H3, toResponse, useSession } from 'h3';
import { save } from 'sealring';
import { sessions } from 'sealring/h3';
import { login } from './sessions.ts';

const withAdapter = sessions();

export const bench = new H3()
  .get(
    '/bench/sealring',
    async (event) => {
      const session = await login.get(event);
      session.update('count', (n = 0) => n + 1);
      return 'hello';
    },
    { middleware: [withAdapter] },
  )

  .get('/bench/core', async (event) => {
    const session = await login.get(event);
    session.update('count', (n = 0) => n + 1);
    return await save(event, await toResponse('hello', event));
  })

  .get('/bench/usual', async (event) => {
    const session = await useSession<{ count?: number }>(event, {
      name: 'usual',
      password: 'a password of the benchmark, 32 or more',
      cookie: { secure: false },
    });
    await session.update({ count: (session.data.count ?? 0) + 1 });
    return 'hello';
  });
