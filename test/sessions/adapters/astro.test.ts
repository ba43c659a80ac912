/** Astro's middleware without Astro: what its own test in test/frameworks cannot show. */
import { cookieStore, defineSession, generateKey } from 'sealring';
import { type AstroContext, sessions } from 'sealring/astro';
import { describe, expect, it } from 'vitest';

const store = cookieStore({ keys: [generateKey()], cookie: { secure: false } });
const login = defineSession<{ count: number }>({ store, name: 'login' });
const contextOf = (isPrerendered = false): AstroContext => ({
  request: new Request('https://example.org/'),
  isPrerendered,
});

describe('sessions()', () => {
  it('refuses what is no option', () => {
    // @ts-expect-error: no such option
    expect(() => sessions({ onEror: () => {} })).toThrow(/sessions\(\).*onEror/);
    // @ts-expect-error: no function
    expect(() => sessions({ onError: 'log' })).toThrow(/onError/);
  });

  it('does not touch the request of a page that is built ahead: Astro warns of that', async () => {
    const touched = new Proxy(new Request('https://example.org/'), {
      get: (_, name) => expect.fail(`reads ${String(name)}`),
    });
    const response = await sessions()({ request: touched, isPrerendered: true }, async () => new Response('ahead'));
    expect(await response.text()).toBe('ahead');
  });

  it('within itself it saves nothing: the outer one does', async () => {
    const onRequest = sessions();
    const context = contextOf();
    const response = await onRequest(context, async () => {
      const rewritten = { request: new Request('https://example.org/other'), isPrerendered: false };
      const inner = await onRequest(rewritten, async () => {
        (await login.get(rewritten)).set('count', 1);
        return new Response('inner');
      });
      expect(inner.headers.getSetCookie()).toEqual([]);
      (await login.get(context)).update('count', (n = 0) => n + 1);
      return inner;
    });
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    expect((await login.get({ headers: { cookie } })).get('count')).toBe(2);
  });

  it('what answers with the same request for a page that failed starts anew', async () => {
    const onRequest = sessions();
    const context = contextOf();
    const fail = onRequest(context, async () => {
      (await login.get(context)).set('count', 1);
      throw new Error('boom');
    });
    await expect(fail).rejects.toThrow('boom');
    const response = await onRequest(context, async () => {
      const session = await login.get(context);
      return new Response(`${session.get('count')}`);
    });
    expect([await response.text(), response.headers.getSetCookie()]).toEqual(['undefined', []]);
  });
});
