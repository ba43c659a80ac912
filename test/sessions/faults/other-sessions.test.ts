/** One session does not cost another: what was done reaches the visitor, what failed can be mended, and nothing is done if anything cannot be sealed. */
import { createServer } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { commit, save, saveBeforeHeaders, withSessions } from '../../../packages/sessions/src/response/save.ts';
import { cookieStore } from '../../../packages/sessions/src/store/cookie-store.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import { browserWith, visit } from '../support/visit.ts';
import { Watched } from '../support/watched.ts';
import { Browser, secret } from '../support.ts';

const broken = new Error('connection lost');

/** Two server stores, one of which can fail, and a browser that is logged in at the one and has a cart at the other. */
async function start() {
  const [good, bad] = [new Watched(), new Watched()];
  const logins = serverStore({ keys: [secret(1)], backend: good.backend });
  const carts = serverStore({ keys: [secret(2)], backend: bad.backend });
  const browser = new Browser();
  await visit(logins, browser, (session) => session.set('user', 'ada'), 'login');
  await visit(carts, browser, (session) => session.set('items', ['apple']), 'cart');
  const fail = () => {
    bad.fault = (verb) => {
      if (verb === 'set') throw broken;
    };
  };
  const mend = () => {
    bad.fault = undefined;
  };
  return { logins, carts, browser, fail, mend, good };
}

afterEach(() => vi.restoreAllMocks());

describe('a session that cannot be written', () => {
  it('costs no login that was made beside it, and can be saved again', async () => {
    const { logins, carts, browser, fail, mend } = await start();
    const request = browser.request();
    await (await logins.get(request, 'login')).login('ada');
    (await carts.get(request, 'cart')).set('items', []);
    fail();
    const { cookies, sessions } = await commit(request);
    expect(sessions.map(({ name, outcome }) => [name, outcome])).toStrictEqual([
      ['login', 'saved'],
      ['cart', 'failed'],
    ]);
    expect(cookies.map(({ name }) => name)).toStrictEqual(['__Host-login']);
    mend();
    const again = await commit(request);
    const outcomes = Object.fromEntries(again.sessions.map(({ name, outcome }) => [name, outcome]));
    expect(outcomes).toStrictEqual({ login: 'saved', cart: 'saved' });
    expect(again.cookies).toContainEqual(cookies[0]);
    for (const { name, value } of again.cookies) browser.cookies.set(name, value);
    expect((await logins.get(browser.request(), 'login')).subject).toBe('ada');
    expect((await carts.get(browser.request(), 'cart')).get('items')).toStrictEqual([]);
  });

  it.each(['login', 'cart'])('whichever is asked for first: here %s', async (first) => {
    const { logins, carts, browser, fail } = await start();
    const handle = withSessions(async (request) => {
      const ask = {
        login: async () => (await logins.get(request, 'login')).login('ada'),
        cart: async () => (await carts.get(request, 'cart')).set('items', []),
      };
      await (first === 'login' ? ask.login() : ask.cart());
      await (first === 'login' ? ask.cart() : ask.login());
      fail();
      return new Response('hello');
    });
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const response = await browser.visit(handle);
    expect([response.status, response.headers.getSetCookie().length]).toStrictEqual([500, 1]);
    expect(console.error).toHaveBeenCalledWith(expect.objectContaining({ cause: broken }));
    expect((await logins.get(browser.request(), 'login')).subject).toBe('ada');
  });

  it('sends a 500 from Node that carries the cookie of the login', async () => {
    const { logins, carts, browser, fail } = await start();
    const errors: unknown[] = [];
    const server = createServer(async (request, response) => {
      saveBeforeHeaders(request, response, (error) => void errors.push(error));
      await (await logins.get(request, 'login')).login('ada');
      (await carts.get(request, 'cart')).set('items', []);
      fail();
      response.end('hello');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const { headers } = browser.request();
    const response = await fetch(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`, {
      headers,
    });
    server.close();
    browser.take(response);
    expect([response.status, errors]).toStrictEqual([500, [expect.objectContaining({ cause: broken })]]);
    expect((await logins.get(browser.request(), 'login')).subject).toBe('ada');
  });

  it('and its store of another kind: a cookie beside a record', async () => {
    const { carts, browser, fail } = await start();
    const cookies = cookieStore({ keys: [secret(3)] });
    const request = browser.request();
    (await cookies.get(request, 'theme')).set('dark', true);
    (await carts.get(request, 'cart')).set('items', []);
    fail();
    const committed = await commit(request);
    expect(committed.cookies.map(({ name }) => name)).toStrictEqual(['__Host-theme']);
  });
});

describe('a session that cannot be sealed', () => {
  it.each<[string, unknown, RegExp]>([
    ['is too large', 'x'.repeat(6000), /^Cannot save session "notes": its cookie has \d+ bytes/],
    ['holds a function', () => 1, /\$\.text/],
  ])(
    'because it %s, is told before anything is written, and everything can be changed and saved',
    async (_name, value, message) => {
      const { logins, browser, good } = await start();
      const notes = cookieStore({ keys: [secret(3)] });
      const request = browser.request();
      const login = await logins.get(request, 'login');
      await login.login('ada');
      const session = await notes.get(request, 'notes');
      session.set('text', value).set('title', 'Mine');
      good.calls.length = 0;
      await expect(save(request, new Response())).rejects.toThrow(message);
      expect(good.calls).toStrictEqual([]);
      session.delete('text');
      login.set('seen', true);
      browser.take(await save(request, new Response()));
      const next = browser.request();
      expect([...(await notes.get(next, 'notes'))]).toStrictEqual([['title', 'Mine']]);
      expect(new Map(await logins.get(next, 'login')).get('seen')).toBe(true);
    },
  );

  it('can still be logged out', async () => {
    const store = cookieStore({ keys: [secret(3)] });
    const browser = await browserWith(store, { n: 1 });
    const request = browser.request();
    const session = await store.get(request, 'a');
    session.set('text', 'x'.repeat(6000));
    await expect(save(request, new Response())).rejects.toHaveProperty('code', 'ERR_SESSION_TOO_LARGE');
    session.logout();
    browser.take(await save(request, new Response()));
    expect(browser.cookies.size).toBe(0);
  });
});
