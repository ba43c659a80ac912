import { createFileRoute } from '@tanstack/react-router';
import { getCookie, setCookie } from '@tanstack/react-start/server';
import { getIronSession } from 'iron-session';
import { save } from 'sealring';
import { login } from '../sessions';

const jar = {
  get: (name: string) => {
    const value = getCookie(name);
    return value === undefined ? undefined : { name, value };
  },
  set: (name: string, value: string, { expires: _, ...attributes }: { expires?: unknown }) =>
    setCookie(name, value, attributes),
};
const password = 'a password of the benchmark, of 32 characters and more';

export const Route = createFileRoute('/bench/$library')({
  server: {
    handlers: {
      async GET({ request, params: { library } }) {
        if (library === 'usual') {
          const session = await getIronSession<{ count?: number }>(jar, { cookieName: 'usual', password });
          session.count = (session.count ?? 0) + 1;
          await session.save();
          return new Response('hello');
        }
        const session = await login.get(request);
        session.update('count', (n = 0) => n + 1);
        const response = new Response('hello');
        return library === 'core' ? save(request, response) : response;
      },
    },
  },
});
