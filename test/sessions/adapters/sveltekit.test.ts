/** SvelteKit's hook without SvelteKit: what its own test in test/frameworks cannot show. */
import { cookieStore, defineSession, generateKey, serverStore } from 'sealring';
import { memory } from 'sealring/memory';
import { type KitEvent, sessions } from 'sealring/sveltekit';
import { describe, expect, it } from 'vitest';

const store = cookieStore({ keys: [generateKey()], cookie: { secure: false } });
const login = defineSession<{ count: number }>({ store, name: 'login' });

const backend = memory();
const broken = serverStore({
  keys: [generateKey()],
  cookie: { secure: false },
  backend: {
    cas: backend.cas,
    get: (id) => backend.get(id),
    set: () => Promise.reject(new Error('the database is away')),
    delete: (id) => backend.delete(id),
  },
});
const lost = defineSession<{ count: number }>({ store: broken, name: 'lost' });

/** As SvelteKit's `redirect()` throws it. */
const redirect = () => Object.assign(new Error('Redirect'), { status: 303, location: '/' });

function eventOf(request: Request, isSubRequest = false): KitEvent & { readonly set: string[] } {
  const set: string[] = [];
  const all = () =>
    (request.headers.get('cookie') ?? '').split('; ').map((pair) => {
      const [name = '', value = ''] = pair.split('=');
      return { name, value };
    });
  const get = (name: string) => all().find((one) => one.name === name)?.value;
  const cookies = { get, set: (name: string) => void set.push(name), getAll: all };
  return { request, isSubRequest, set, cookies };
}

const add = async (event: KitEvent, session = login) => {
  (await session.get(event)).update('count', (n = 0) => n + 1);
};

describe('sessions()', () => {
  it('refuses what is no option', () => {
    // @ts-expect-error: no such option
    expect(() => sessions({ onEror: () => {} })).toThrow(/sessions\(\).*onEror/);
    // @ts-expect-error: no function
    expect(() => sessions({ onError: 'log' })).toThrow(/onError/);
  });

  it('puts the cookies on the response', async () => {
    const event = eventOf(new Request('https://example.org/'));
    const response = await sessions()({ event, resolve: (one) => add(one).then(() => new Response('hello')) });
    expect(response.headers.getSetCookie()).toHaveLength(1);
    expect(event.set).toEqual([]);
  });

  it('a redirect that a later hook throws goes on, with the cookies in the jar', async () => {
    const event = eventOf(new Request('https://example.org/'));
    const thrown = redirect();
    const resolve = async (one: KitEvent): Promise<Response> => {
      await add(one);
      throw thrown;
    };
    await expect(sessions()({ event, resolve })).rejects.toBe(thrown);
    expect(event.set).toEqual(['login']);
  });

  it('a Response that a later hook throws is thrown with the cookies on it', async () => {
    const event = eventOf(new Request('https://example.org/'));
    const resolve = async (one: KitEvent): Promise<Response> => {
      await add(one);
      throw new Response(null, { status: 303, headers: { Location: '/' } });
    };
    const thrown = await sessions()({ event, resolve }).catch((error: unknown) => error);
    expect(thrown instanceof Response && thrown.headers.getSetCookie()).toHaveLength(1);
    expect(event.set).toEqual([]);
  });

  it('an error that a later hook throws goes on, and nothing is saved', async () => {
    const event = eventOf(new Request('https://example.org/'));
    const resolve = async (one: KitEvent): Promise<Response> => {
      await add(one);
      throw new Error('boom');
    };
    await expect(sessions()({ event, resolve })).rejects.toThrow('boom');
    expect(event.set).toEqual([]);
  });

  it('onError answers when a save fails, also in place of a redirect; without it the error goes to SvelteKit', async () => {
    const resolve = async (one: KitEvent): Promise<Response> => {
      await add(one, lost);
      throw redirect();
    };
    const event = () => eventOf(new Request('https://example.org/'));
    const handle = sessions({ onError: () => new Response('later', { status: 503 }) });
    expect((await handle({ event: event(), resolve })).status).toBe(503);
    await expect(sessions()({ event: event(), resolve })).rejects.toMatchObject({ code: 'ERR_SESSION_BACKEND' });
  });

  it('a request that the app sends to itself: nobody but the visitor gets a cookie of it', async () => {
    const handle = sessions();
    const outer = eventOf(new Request('https://example.org/', { headers: { cookie: 'theme=dark' } }));
    const inner = async (cookie: string) => {
      const event = eventOf(new Request('https://example.org/api', { headers: { cookie } }), true);
      const response = await handle({ event, resolve: (one) => add(one).then(() => new Response('inner')) });
      return response.headers.getSetCookie();
    };
    const response = await handle({
      event: outer,
      resolve: async (event) => {
        await add(event);
        expect(await inner('theme=dark')).toEqual([]);
        expect(await inner('theme=light')).toEqual([]);
        expect((await login.get(event)).get('count')).toBe(2);
        await add(event);
        return new Response('hello');
      },
    });
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    expect((await login.get({ headers: { cookie } })).get('count')).toBe(3);
  });
});
