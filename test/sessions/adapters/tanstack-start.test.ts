/** TanStack Start's middleware without TanStack Start: what its own test in test/frameworks cannot show. */
import { cookieStore, defineSession, generateKey } from 'sealring';
import { sessions } from 'sealring/tanstack-start';
import { expect, it } from 'vitest';

const store = cookieStore({ keys: [generateKey()], cookie: { secure: false } });
const login = defineSession<{ count: number }>({ store, name: 'login' });
const request = () => new Request('https://example.org/');

it('saves what is changed inside, and takes the response out of what next() gives', async () => {
  const { server } = sessions().options;
  const response = await server({
    request: request(),
    next: async () => {
      const session = await login.get();
      session.set('count', 1);
      return { response: new Response('hello') };
    },
  });
  expect(await response.text()).toBe('hello');
  expect(response.headers.getSetCookie()).toEqual([expect.stringMatching(/^login=/)]);
});

it('a failed save goes to onError, or on', async () => {
  const large = async () => {
    const session = await login.get();
    session.addFlash('x'.repeat(10_000));
    return { response: new Response('done') };
  };
  const failing = sessions().options.server({ request: request(), next: large });
  await expect(failing).rejects.toThrow(expect.objectContaining({ code: 'ERR_SESSION_TOO_LARGE' }));
  const { server } = sessions({ onError: () => new Response('sorry', { status: 500 }) }).options;
  expect(await (await server({ request: request(), next: large })).text()).toBe('sorry');
});

it('says what is wrong with an option', () => {
  // @ts-expect-error: no such option
  expect(() => sessions({ onFailure: () => {} })).toThrow('sessions() has no option "onFailure"; it takes onError');
});
