/** Who asks for `revokeAll` with `except` stays logged in, in whatever order it meets a login or a new id, and nobody else does. */
import { describe, expect, it } from 'vitest';
import { commit, save, withSessions } from '../../../packages/sessions/src/response/save.ts';
import type { Session } from '../../../packages/sessions/src/session/session.ts';
import type { Store } from '../../../packages/sessions/src/store/store.ts';
import { visit } from '../support/visit.ts';
import { Browser, revocable } from '../support.ts';

type Deed = (session: Session, store: Store) => unknown;

const steps: Readonly<Record<string, Deed>> = {
  'revokeAll except': (session, store) => store.revokeAll('ada', { except: session }),
  regenerate: (session) => session.regenerate(),
  login: (session) => session.login('ada'),
  set: (session) => session.set('password', 'changed'),
};

const orders: readonly string[][] = [
  ['revokeAll except'],
  ['regenerate', 'revokeAll except'],
  ['revokeAll except', 'regenerate'],
  ['login', 'revokeAll except'],
  ['revokeAll except', 'login'],
  ['set', 'revokeAll except'],
  ['revokeAll except', 'set'],
  ['revokeAll except', 'revokeAll except'],
  ['regenerate', 'revokeAll except', 'login', 'set'],
];

async function loggedIn(store: Store): Promise<Browser> {
  const browser = new Browser();
  await visit(store, browser, (session) => session.set('user', 'ada').login('ada'));
  return browser;
}

async function userOf(store: Store, browser: Browser): Promise<unknown> {
  return (await store.get(browser.request(), 'a')).get('user');
}

describe.each(Object.entries(revocable))('with %s', (_, create) => {
  it.each(orders.map((order) => [order.join(', '), order] as const))('in one request: %s', async (_name, order) => {
    const store = create();
    const [mine, thief, phone] = [await loggedIn(store), new Browser(), await loggedIn(store)];
    for (const [name, value] of mine.cookies) thief.cookies.set(name, value);
    await visit(store, mine, async (session) => {
      for (const step of order) await steps[step]?.(session, store);
    });
    expect(await userOf(store, mine)).toBe('ada');
    expect(await userOf(store, phone)).toBeUndefined();
    expect(await userOf(store, thief)).toBeUndefined(); // a copy of the cookie from before
    await visit(store, mine, (session) => session.set('later', 1));
    expect(await userOf(store, mine)).toBe('ada');
  });

  it.each(orders.map((order) => [order.join(', '), order] as const))(
    'each in a request of its own: %s',
    async (_name, order) => {
      const store = create();
      const [mine, phone] = [await loggedIn(store), await loggedIn(store)];
      for (const step of order) await visit(store, mine, (session) => steps[step]?.(session, store));
      expect(await userOf(store, mine)).toBe('ada');
      expect(await userOf(store, phone)).toBeUndefined();
    },
  );

  it('a password reset by mail: everyone out, then a login of whoever had no session', async () => {
    const store = create();
    const [thief, mine] = [await loggedIn(store), new Browser()];
    await visit(store, mine, async (session) => {
      await store.revokeAll('ada');
      await session.login('ada');
      session.set('user', 'ada');
    });
    expect(await userOf(store, mine)).toBe('ada');
    expect(await userOf(store, thief)).toBeUndefined();
  });

  it.each([true, false])(
    'a password reset of somebody who is logged in: everyone out, then a login; in a scope: %s',
    async (hasScope) => {
      const store = create();
      const [thief, mine] = [await loggedIn(store), await loggedIn(store)];
      const reset = async (request: Request) => {
        const session = await store.get(request, 'a');
        await store.revokeAll('ada');
        await session.login('ada');
        return hasScope ? new Response() : save(request, new Response());
      };
      await mine.visit(hasScope ? withSessions(reset) : reset);
      expect((await store.get(mine.request(), 'a')).subject).toBe('ada');
      expect(await userOf(store, thief)).toBeUndefined();
    },
  );

  it('a login in the very second, and the very tick, of a revokeAll: before it ends, after it stays', async () => {
    const store = create();
    const before = await loggedIn(store);
    await store.revokeAll('ada');
    const after = await loggedIn(store);
    expect(await userOf(store, before)).toBeUndefined();
    expect(await userOf(store, after)).toBe('ada');
  });

  it('a login under way when everyone was logged out does not survive', async () => {
    const store = create();
    const browser = new Browser();
    const request = browser.request();
    const session = await store.get(request, 'a');
    session.set('user', 'ada');
    await session.login('ada');
    await store.revokeAll('ada');
    const { cookies, sessions } = await commit(request);
    expect(sessions.map(({ outcome }) => outcome)).toStrictEqual(['gone']);
    expect(cookies).toStrictEqual([]);
  });

  it('a thief who asks for revokeAll after everyone was logged out is not spared', async () => {
    const store = create();
    const stolen = await loggedIn(store);
    const request = stolen.request();
    const session = await store.get(request, 'a'); // in flight
    await store.revokeAll('ada');
    await store.revokeAll('ada', { except: session });
    stolen.take(await save(request, new Response()));
    expect(await userOf(store, stolen)).toBeUndefined();
    const again = await loggedIn(store);
    expect(await userOf(store, again)).toBe('ada');
  });

  it('a double click on "log out my other devices" logs nobody out who clicked', async () => {
    const store = create();
    const [mine, phone] = [await loggedIn(store), await loggedIn(store)];
    const requests = [mine.request(), mine.request()];
    const sessions = await Promise.all(requests.map((request) => store.get(request, 'a')));
    for (const session of sessions) await store.revokeAll('ada', { except: session });
    const outcomes: string[] = [];
    for (const request of requests) {
      const { cookies, sessions: done } = await commit(request);
      outcomes.push(...done.map(({ outcome }) => outcome));
      for (const { name, value } of cookies) mine.cookies.set(name, value);
    }
    expect(outcomes).toStrictEqual(['saved', 'gone']); // the second carries the old id: it changes nothing
    expect(await userOf(store, mine)).toBe('ada');
    expect(await userOf(store, phone)).toBeUndefined();
  });
});
