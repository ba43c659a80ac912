/** Logging out: of one session for good, also of copies of its cookie, and of all sessions of a subject. */
import { describe, expect, it } from 'vitest';
import { save, withSessions } from '../../../packages/sessions/src/response/save.ts';
import type { Session } from '../../../packages/sessions/src/session/session.ts';
import type { Store } from '../../../packages/sessions/src/store/store.ts';
import { collect } from '../support/collect.ts';
import { visit } from '../support/visit.ts';
import { Browser, clock, revocable } from '../support.ts';

const ENDED = /^(revoked|gone)$/;

async function rejectionOf(store: Store, browser: Browser): Promise<string | undefined> {
  return (await store.get(browser.request(), 'a')).rejected;
}

async function loggedIn(store: Store, subject: string): Promise<Browser> {
  const browser = new Browser();
  await visit(store, browser, (session) => session.set('user', subject).login(subject));
  return browser;
}

describe.each(Object.entries(revocable))('logout(), with %s', (_, create) => {
  it('ends copies of the cookie too', async () => {
    const store = create();
    for (const begin of [(session: Session) => session.login('ada'), (session: Session) => session.set('a', 1)]) {
      const browser = new Browser();
      await visit(store, browser, begin);
      const [copy, renewed] = [browser.copy(), browser.copy()];
      await visit(store, renewed, (session) => session.set('a', 2)); // another cookie of the same session
      await visit(store, browser, (session) => session.logout());
      for (const thief of [copy, renewed]) expect(await rejectionOf(store, thief)).toMatch(ENDED);
      await visit(store, browser, (session) => session.set('a', 3));
      expect(await rejectionOf(store, browser)).toBeUndefined();
    }
  });

  it('counts where the handler throws afterwards', async () => {
    const store = create();
    const browser = new Browser();
    await visit(store, browser, (session) => session.set('a', 1));
    const failing = (deed: (session: Session) => unknown) =>
      withSessions(async (request) => {
        await deed(await store.get(request, 'a'));
        throw new Error('of the handler');
      });
    await expect(failing((session) => session.set('a', 2))(browser.request())).rejects.toThrow('of the handler');
    expect((await store.get(browser.request(), 'a')).get('a')).toBe(1);
    await expect(failing((session) => session.logout())(browser.request())).rejects.toThrow('of the handler');
    expect(await rejectionOf(store, browser)).toMatch(ENDED);
  });

  it.each<[string, (session: Session) => unknown]>([
    ['regenerate()', (session) => session.regenerate()],
    ['login()', (session) => session.login('ada')],
  ])('and %s end the cookies from before', async (_name, move) => {
    const store = create();
    const browser = new Browser();
    await visit(store, browser, (session) => session.set('a', 1));
    const old = browser.copy();
    await visit(store, browser, move);
    expect(await rejectionOf(store, old)).toBe('gone');
    expect(await rejectionOf(store, browser)).toBeUndefined();
  });
});

describe.each(Object.entries(revocable))('revoke(), with %s', (_, create) => {
  it('ends one session by its id, whatever its subject, and no other', async () => {
    const store = create();
    const [one, other] = [await loggedIn(store, 'ada'), await loggedIn(store, 'ada')];
    const { id } = await store.get(one.request(), 'a');
    await store.revoke(id);
    expect(await rejectionOf(store, one)).toMatch(ENDED);
    expect(await rejectionOf(store, other)).toBeUndefined();
    await store.revoke(id); // once more is no error
    await store.revoke('AAAAAAAAAAAAAAAA'); // nor is an id that there never was
  });

  it('of an id from before a move ends the session where it is now', async () => {
    const store = create();
    const browser = await loggedIn(store, 'ada');
    const { id } = await store.get(browser.request(), 'a');
    await visit(store, browser, (session) => session.regenerate());
    await store.revoke(id);
    expect(await rejectionOf(store, browser)).toMatch(ENDED);
  });

  it.each([undefined, '', 7, null])('throws for the id %j', async (id) => {
    // @ts-expect-error: what a program without types may pass
    await expect(create().revoke(id)).rejects.toThrow(/^"id" expected a string of at least one character/);
  });
});

describe.each(Object.entries(revocable))('revokeAll(), with %s', (_, create) => {
  it('ends every session of the subject but the one excepted', async () => {
    const store = create();
    const [phone, laptop] = [await loggedIn(store, 'ada'), await loggedIn(store, 'ada')];
    const stranger = await loggedIn(store, 'bob');
    await visit(store, laptop, (session) => store.revokeAll('ada', { except: session }));
    expect(await rejectionOf(store, laptop)).toBeUndefined();
    expect(await rejectionOf(store, stranger)).toBeUndefined();
    expect(await rejectionOf(store, phone)).toMatch(ENDED);
    const again = await loggedIn(store, 'ada');
    expect(await rejectionOf(store, again)).toBeUndefined();
    await store.revokeAll('ada');
    for (const browser of [laptop, again]) expect(await rejectionOf(store, browser)).toMatch(ENDED);
    expect(await rejectionOf(store, stranger)).toBeUndefined();
  });

  it('lets a session that was there before log in', async () => {
    const store = create();
    const browser = new Browser();
    await visit(store, browser, (session) => session.set('cart', ['apple'])); // nobody's yet
    await store.revokeAll('eve');
    await visit(store, browser, (session) => session.login('eve'));
    const session = await store.get(browser.request(), 'a');
    expect([session.rejected, session.get('cart'), session.subject]).toStrictEqual([undefined, ['apple'], 'eve']);
  });

  it('lets the one excepted move on, and ends copies of its cookie', async () => {
    const store = create();
    const browser = await loggedIn(store, 'fay');
    const stolen = browser.copy();
    await visit(store, browser, (session) => store.revokeAll('fay', { except: session }));
    await visit(store, browser, (session) => session.regenerate());
    expect(await rejectionOf(store, browser)).toBeUndefined();
    expect(await rejectionOf(store, stolen)).toMatch(ENDED);
  });

  it('lets no request in flight carry a session over', async () => {
    const store = create();
    const browser = await loggedIn(store, 'gil');
    await visit(store, browser, async (session) => {
      await store.revokeAll('gil');
      await session.regenerate();
    });
    expect(await rejectionOf(store, browser)).toMatch(ENDED);
  });

  it('shows the session of its own request as ended, where the code runs in a scope', async () => {
    const store = create();
    const browser = await loggedIn(store, 'ivo');
    const handle = withSessions(async (request) => {
      const session = await store.get(request, 'a');
      await store.revokeAll('ivo');
      session.set('late', true);
      return new Response();
    });
    expect((await browser.visit(handle)).headers.getSetCookie().join()).not.toMatch(/__Host-a=[\w-]{5}/);
    expect(await rejectionOf(store, browser)).toMatch(ENDED);
  });

  it('excepts nobody else’s session', async () => {
    const store = create();
    const [ada, mallory] = [await loggedIn(store, 'ada'), await loggedIn(store, 'mallory')];
    const request = mallory.request();
    await store.revokeAll('ada', { except: await store.get(request, 'a') });
    await save(request, new Response());
    expect(await rejectionOf(store, ada)).toMatch(ENDED);
    expect(await rejectionOf(store, mallory)).toBeUndefined();
  });

  it('throws for a wrong subject, a wrong exception and an option that there is not', async () => {
    const store = create();
    const session = await create().get(new Request('https://example.org/'), 'a');
    const call = (...given: unknown[]) => Reflect.apply(store.revokeAll, store, given);
    await expect(call('')).rejects.toThrow(/^"subject" expected a string of at least one character/);
    await expect(call(7)).rejects.toThrow(/^"subject" expected a string of at least one character, got 7/);
    await expect(call('ada', { except: session })).rejects.toThrow(/^"except" expected a session of the same store/);
    await expect(call('ada', { except: { id: 'x' } })).rejects.toThrow(/^"except" expected a session, got/);
    await expect(call('ada', { expect: session })).rejects.toThrow(/^revokeAll\(\) has no option "expect"/);
  });
});

describe('list()', () => {
  it('gives the ids and ends of a subject’s sessions, and no others', async () => {
    const store = revocable['a server store']?.();
    if (store === undefined) throw new Error('no such store');
    const ids: string[] = [];
    for (const subject of ['ada', 'ada', 'bob']) {
      const browser = await loggedIn(store, subject);
      await visit(store, browser, (session) => session.regenerate()); // the record from before is no session
      if (subject === 'ada') ids.push((await store.get(browser.request(), 'a')).id);
    }
    const found = await collect(store.list('ada'));
    expect(found.map(({ id }) => id).sort()).toStrictEqual(ids.sort());
    expect(new Set(found.map(({ expiresAt }) => expiresAt))).toStrictEqual(new Set([clock.now() + 30 * 86_400]));
    clock.advance(30 * 86_400);
    expect(await collect(store.list('ada'))).toStrictEqual([]);
  });

  it('throws where the backend cannot', () => {
    const store = revocable['a server store whose backend cannot list']?.();
    expect(() => store?.list('ada')).toThrow('list() expected a backend that can list by subject');
    expect(() => revocable['a server store']?.().list('')).toThrow(/^"subject" expected/);
  });
});
