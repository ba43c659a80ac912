/** The wrapper for Next where the story of the frameworks does not go: what the proxy tells the page, one case at a time, and wrong use. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { flashes, sessions } from '../../../packages/sessions/src/adapters/next.ts';
import { memory } from '../../../packages/sessions/src/backends/memory.ts';
import { cookieStore } from '../../../packages/sessions/src/store/cookie-store.ts';
import { defineSession } from '../../../packages/sessions/src/store/define.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import { given } from '../support/next-headers.ts';
import { secret } from '../support.ts';

const options = { keys: [secret(1)], cookie: { secure: false } };
const stores = { cookie: cookieStore(options), server: serverStore({ ...options, backend: memory() }) };

const event = { waitUntil: () => {} };
const page = { Accept: 'text/html,*/*;q=0.8' };
const url = 'https://example.org/';

beforeEach(() => {
  given.headers = new Headers();
  given.cookies.clear();
});

/** The request headers that the page gets. */
function passedOn(response: Response): Headers {
  const names = response.headers.get('x-middleware-override-headers')?.split(',') ?? [];
  return new Headers(names.map((name) => [name, response.headers.get(`x-middleware-request-${name}`) ?? '']));
}

describe.each(['cookie', 'server'] as const)('%s store:', (kind) => {
  const login = defineSession<{ count: number }, string>({ store: stores[kind], name: 'login' });
  const proxy = sessions(login);

  /** The Cookie header of a visitor with a message. */
  async function withMessage(message = 'Saved.'): Promise<string> {
    const handle = sessions(async (request: Request) => {
      const session = await login.get(request);
      session.addFlash(message);
      session.addFlash('Too many.', 'errors');
      return new Response();
    });
    const response = await handle(new Request(url));
    return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  }

  it('takes the messages out of the session, and the page gets them as often as it asks', async () => {
    const cookie = `theme=dark; ${await withMessage()}`;
    const response = await proxy(new Request(url, { headers: { ...page, cookie } }), event);
    expect(response.headers.get('x-middleware-next')).toBe('1');
    given.headers = passedOn(response);
    expect(await flashes(login)).toEqual(['Saved.']);
    expect(await flashes(login)).toEqual(['Saved.']);
    expect(await flashes(login, 'errors')).toEqual(['Too many.']);
    expect(given.headers.get('accept')).toBe(page.Accept);
    expect(given.headers.get('cookie')).toMatch(/^theme=dark/);
    expect((await login.peek({ headers: given.headers })).peekFlashes()).toEqual([]);
    expect(response.headers.getSetCookie()).toHaveLength(kind === 'cookie' ? 1 : 0);
  });

  it.each([
    ['data for the router', { Accept: '*/*' }],
    ['a prefetch', { ...page, 'Sec-Purpose': 'prefetch' }],
  ])('leaves the messages in answer to %s', async (_, headers) => {
    const cookie = await withMessage();
    const response = await proxy(new Request(url, { headers: { ...headers, cookie } }), event);
    expect([...response.headers]).toEqual([
      ['vary', 'Cookie'],
      ['x-middleware-next', '1'],
    ]);
    expect(await flashes(login)).toEqual([]);
  });

  it('leaves the messages where the proxy answers by itself', async () => {
    const cookie = await withMessage();
    const redirecting = sessions(async (_: Request) => {
      await login.get();
      return new Response(null, { status: 307, headers: { Location: '/login' } });
    });
    await redirecting(new Request(url, { headers: { ...page, cookie } }));
    expect((await login.peek({ headers: { cookie } })).peekFlashes()).toEqual(['Saved.']);
  });

  it('gives Next no page for the redirect of a server action while there are messages', async () => {
    const headers = { Accept: 'text/x-component', 'x-action-redirect': '/;push' };
    const cookie = await withMessage();
    const response = await proxy(new Request(url, { headers: { ...headers, cookie } }), event);
    expect(response.status).toBe(204);
    expect((await login.peek({ headers: { cookie } })).peekFlashes()).toEqual(['Saved.']);
    expect((await proxy(new Request(url, { headers }), event)).headers.get('x-middleware-next')).toBe('1');
  });

  it('adds to the headers that the proxy has chosen for the page', async () => {
    const cookie = await withMessage();
    const choosing = sessions(async (_: Request) => {
      await login.get();
      const headers = { 'x-middleware-override-headers': 'x-own', 'x-middleware-request-x-own': '1' };
      return new Response(null, { headers: { 'x-middleware-rewrite': '/other', ...headers } });
    });
    const response = await choosing(new Request(url, { headers: { ...page, cookie } }));
    expect(response.headers.get('x-middleware-rewrite')).toBe('/other');
    given.headers = passedOn(response);
    expect(given.headers.get('x-own')).toBe('1');
    expect(given.headers.get('accept')).toBeNull();
    expect(await flashes(login)).toEqual(['Saved.']);
  });

  it('a server action sets the cookie with every change, and its page shows its messages', async () => {
    const act = sessions(async () => {
      const session = await login.get();
      session.update('count', (n = 0) => n + 1);
    });
    await act();
    const first = given.cookies.get('login')?.value;
    await act();
    expect(given.cookies.get('login')?.value).not.toBe(first);
    await sessions(async () => (await login.get()).addFlash('Saved.'))();
    expect(await flashes(login)).toEqual(['Saved.']);
    expect(given.cookies.get('sealring-messages-login')?.expires).toEqual(new Date(0));
  });

  it('a server action that redirects keeps its messages, and one that fails saves nothing', async () => {
    const thrown = Object.assign(new Error('NEXT_REDIRECT'), { digest: 'NEXT_REDIRECT;push;/;307;' });
    const act = sessions(async (error: Error) => {
      const session = await login.get();
      session.addFlash('Saved.');
      throw error;
    });
    await expect(act(new Error('boom'))).rejects.toThrow('boom');
    expect(given.cookies.size).toBe(0);
    await expect(act(thrown)).rejects.toBe(thrown);
    expect([...given.cookies.keys()]).toEqual(['login']);
  });

  it('a server action that a route handler calls is part of its request', async () => {
    const act = sessions(async () => (await login.get()).update('count', (n = 0) => n + 1));
    const handle = sessions(async (_: Request) => {
      await act();
      await act();
      return new Response(`${(await login.get()).get('count')}`);
    });
    const response = await handle(new Request(url));
    expect(await response.text()).toBe('2');
  });
});

it.each([
  ['what the proxy of another app has sealed', 'EQrUjGsOGZOlGTv1VGiPQAZAQ6R6V77WyvpMJPHUwh4'],
  ['what a visitor sends', 'Saved.'],
])('shows no messages from %s', async (_, sealed) => {
  const login = defineSession<object, string>({ store: stores.cookie, name: 'login' });
  given.headers = new Headers({ 'sealring-messages-login': sealed });
  expect(await flashes(login)).toEqual([]);
});

it('renews a session in the proxy', async () => {
  let time = 1_800_000_000;
  const store = cookieStore({ ...options, idleTimeout: 600, now: () => time });
  const login = defineSession<object, string>({ store, name: 'login' });
  await sessions(async () => await (await login.get()).login('ada'))();
  const cookie = `login=${given.cookies.get('login')?.value}`;
  time += 500;
  const headers = { Accept: '*/*', cookie };
  const response = await sessions(login)(new Request(url, { headers }), event);
  const renewed = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  expect(renewed).not.toBe(cookie);
  expect(passedOn(response).get('cookie')).toBe(renewed);
  time += 500;
  expect((await login.peek({ headers: { cookie: renewed } })).subject).toBe('ada');
  expect((await login.peek({ headers: { cookie } })).rejected).toBe('expired');
});

it('warns once, during development, of messages that no proxy takes', async () => {
  const login = defineSession<object, string>({ store: stores.cookie, name: 'login' });
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  await sessions(async () => {
    (await login.get()).addFlash('Saved.');
    throw Object.assign(new Error('NEXT_REDIRECT'), { digest: 'NEXT_REDIRECT;push;/;307;' });
  })().catch(() => {});
  given.headers = new Headers(page);
  expect(await flashes(login)).toEqual([]);
  expect(await flashes(login)).toEqual([]);
  expect(warn.mock.calls).toEqual([[expect.stringContaining('export const proxy = sessions(login)')]]);
  warn.mockRestore();
});

it.each([[undefined], [{}], ['login'], [null]])('throws a TypeError for %j', (wrong) => {
  expect(() => Reflect.apply(sessions, undefined, [wrong])).toThrow(/sessions\(\) expected a function, or what/);
});

it('throws a TypeError in a route handler that returns nothing', async () => {
  await expect(sessions(async (_: Request) => undefined)(new Request(url))).rejects.toThrow('is a "return" missing?');
});
