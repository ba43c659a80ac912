/** Logging out: of one session for good, also of copies of its cookie, and of all sessions of a subject. */
import { describe, expect, it } from 'vitest';
import type { Store } from '../../../packages/sessions/src/store/store.ts';
import { cookieStore } from '../../../packages/sessions/src/store/cookie-store.ts';
import { memory } from '../../../packages/sessions/src/backends/memory.ts';
import { save, withSessions } from '../../../packages/sessions/src/response/save.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import type { Session } from '../../../packages/sessions/src/session/session.ts';
import { Browser, clock, secret } from '../support.ts';

const stores = {
  'a cookie store with revocations': () =>
    cookieStore({ keys: [secret(1)], now: clock.now, revocations: memory({ now: clock.now }) }),
  'a server store that can list': () =>
    serverStore({ keys: [secret(1)], now: clock.now, backend: memory({ now: clock.now }) }),
  'a server store with revocations': () => {
    const backend = Object.assign(memory({ now: clock.now }), { list: undefined });
    return serverStore({ keys: [secret(1)], now: clock.now, backend, revocations: memory({ now: clock.now }) });
  },
};

/** One request that does something to the session. */
async function act(store: Store, browser: Browser, action: (session: Session) => unknown): Promise<void> {
  await browser.visit(async (request) => {
    await action(await store.get(request, 'login'));
    return save(request, new Response());
  });
}

async function rejectionOf(store: Store, browser: Browser): Promise<string | undefined> {
  return (await store.get(browser.request(), 'login')).rejected;
}

describe('destroy()', () => {
  it.each(Object.entries(stores))('ends copies of the cookie too, with %s', async (_, create) => {
    const store = create();
    for (const subject of ['ada', undefined]) {
      const browser = new Browser();
      await act(store, browser, (session) => {
        session.set('a', 1);
        await session.login(subject);
      });
      const [copy, renewed] = [browser.copy(), browser.copy()];
      await act(store, renewed, (session) => session.set('a', 2)); // another cookie of the same session
      clock.advance(1);
      await act(store, browser, (session) => session.destroy());
      for (const thief of [copy, renewed]) expect(['revoked', 'gone']).toContain(await rejectionOf(store, thief));
      await act(store, browser, (session) => session.set('a', 3));
      expect(await rejectionOf(store, browser)).toBeUndefined();
    }
  });

  it.each(Object.entries(stores))('counts where the handler throws afterwards, with %s', async (_, create) => {
    const store = create();
    const browser = new Browser();
    await act(store, browser, (session) => session.set('a', 1));
    const failing = (deed: (session: Session) => unknown) =>
      withSessions(async (request) => {
        await deed(await store.get(request, 'login'));
        throw new Error('of the handler');
      });
    await expect(failing((session) => session.set('a', 2))(browser.request())).rejects.toThrow('of the handler');
    expect((await store.get(browser.request(), 'login')).get('a')).toBe(1);
    await expect(failing((session) => session.destroy())(browser.request())).rejects.toThrow('of the handler');
    expect(['revoked', 'gone']).toContain(await rejectionOf(store, browser));
  });

  it('ends the cookies from before a regenerate too', async () => {
    const store = stores['a cookie store with revocations']();
    const browser = new Browser();
    await act(store, browser, (session) => session.set('a', 1));
    const old = browser.copy();
    await act(store, browser, (session) => session.regenerate());
    expect(await rejectionOf(store, old)).toBe('revoked');
    expect(await rejectionOf(store, browser)).toBeUndefined();
  });
});

describe('revokeAll() and a session that was there before', () => {
  it.each(Object.entries(stores))('lets it log in again, with %s', async (_, create) => {
    const store = create();
    const browser = new Browser();
    await act(store, browser, (session) => session.set('cart', ['apple'])); // nobody's yet
    clock.advance(1);
    await store.revokeAll('eve');
    clock.advance(1);
    await act(store, browser, async (session) => {
      await session.regenerate();
      await session.login('eve');
    });
    const session = await store.get(browser.request(), 'login');
    expect([session.rejected, session.get('cart'), session.subject]).toStrictEqual([undefined, ['apple'], 'eve']);
  });

  it.each(Object.entries(stores))('lets the one excepted move on, with %s', async (_, create) => {
    const store = create();
    const browser = new Browser();
    await act(store, browser, (session) => {
      await session.login('fay');
    });
    const stolen = browser.copy();
    clock.advance(1);
    await act(store, browser, (session) => store.revokeAll('fay', { except: session }));
    clock.advance(1);
    await act(store, browser, (session) => session.regenerate());
    clock.advance(1);
    expect(await rejectionOf(store, browser)).toBeUndefined();
    expect(['revoked', 'gone']).toContain(await rejectionOf(store, stolen));
  });

  it.each(Object.entries(stores))('does not let a request in flight carry it over, with %s', async (_, create) => {
    const store = create();
    const browser = new Browser();
    await act(store, browser, (session) => {
      await session.login('gil');
    });
    clock.advance(1);
    await act(store, browser, async (session) => {
      clock.advance(1);
      await store.revokeAll('gil');
      clock.advance(1);
      await session.regenerate();
    });
    expect(['revoked', 'gone']).toContain(await rejectionOf(store, browser));
  });
});

describe('revokeAll()', () => {
  it.each(Object.entries(stores))(
    'ends every session of the subject but the one excepted, with %s',
    async (_, create) => {
      const store = create();
      const login = async (subject: string) => {
        const browser = new Browser();
        await browser.visit(async (request) => {
          const session = await store.get(request, 'login');
          session.set('user', subject);
          await session.login(subject);
          return save(request, new Response());
        });
        return browser;
      };
      const [phone, laptop, stranger] = [await login('ada'), await login('ada'), await login('bob')];
      clock.advance(1);
      await laptop.visit(async (request) => {
        const session = await store.get(request, 'login');
        expect(session.subject).toBe('ada');
        await store.revokeAll('ada', { except: session });
        return save(request, new Response());
      });
      const stateOf = async (browser: Browser) => (await store.get(browser.request(), 'login')).rejected;
      expect(await stateOf(laptop)).toBeUndefined();
      expect(await stateOf(stranger)).toBeUndefined();
      expect(['revoked', 'gone']).toContain(await stateOf(phone));
      clock.advance(1);
      const again = await login('ada');
      expect(await stateOf(again)).toBeUndefined();
      clock.advance(1);
      await store.revokeAll('ada');
      for (const browser of [laptop, again]) expect(['revoked', 'gone']).toContain(await stateOf(browser));
    },
  );

  it('goes with a list of what there is, where the backend can', async () => {
    const store = serverStore({ keys: [secret(1)], now: clock.now, backend: memory({ now: clock.now }) });
    const ids: string[] = [];
    for (const subject of ['ada', 'ada', 'bob']) {
      const request = new Browser().request();
      const session = await store.get(request, 'login');
      await session.login(subject);
      await save(request, new Response());
      if (subject === 'ada') ids.push(session.id);
    }
    const found: string[] = [];
    for await (const { id, expiresAt } of store.list('ada')) {
      found.push(id);
      expect(expiresAt).toBe(clock.now() + 14 * 86_400);
    }
    expect(found.sort()).toStrictEqual(ids.sort());
    expect(() => cookieStore({ keys: [secret(1)] }).list('ada')).toThrow(TypeError);
  });

  it('throws where the store has no way to', async () => {
    await expect(cookieStore({ keys: [secret(1)] }).revokeAll('ada')).rejects.toThrow('the option "revocations"');
  });
});
