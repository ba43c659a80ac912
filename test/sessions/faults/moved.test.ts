/** Requests that left the browser before its session got a new id: a double click, a poll. They change nothing, and for three minutes they set no cookie. */
import { describe, expect, it } from 'vitest';
import { commit } from '../../../packages/sessions/src/response/save.ts';
import type { Session } from '../../../packages/sessions/src/session/session.ts';
import type { Store } from '../../../packages/sessions/src/store/store.ts';
import { browserWith, visit } from '../support/visit.ts';
import { type Browser, clock, revocable } from '../support.ts';

const uses: [string, (session: Session) => unknown][] = [
  ['a poll that counts', (session) => session.update('polls', (n = 0) => n + 1)],
  ['a message', (session) => session.addFlash('x')],
  ['the same login once more', (session) => session.login('ada')],
  ['another new id', (session) => session.regenerate()],
  ['a lifetime', (session) => void (session.options.maxAge = 60)],
];

/** What one request does to the browser's cookies and is told. */
async function act(store: Store, browser: Browser, use: (session: Session) => unknown) {
  const request = browser.request();
  const session = await store.get(request, 'a');
  await use(session);
  const { cookies, sessions } = await commit(request);
  for (const { name, value, maxAge } of cookies) {
    if (maxAge === 0) browser.cookies.delete(name);
    else browser.cookies.set(name, value);
  }
  return { session, lines: cookies.map(({ line }) => line), outcome: sessions[0]?.outcome };
}

describe.each(Object.entries(revocable))('with %s', (_, create) => {
  const start = async () => {
    const store = create();
    const browser = await browserWith(store, { cart: ['apple'] });
    const old = browser.copy();
    await visit(store, browser, (session) => session.set('user', 'ada').login('ada'));
    return { store, browser, old };
  };

  it.each(uses)(
    '%s, with the old id: sets no cookie, says gone, and the new session stays as it is',
    async (_name, use) => {
      const { store, browser, old } = await start();
      const { session, lines, outcome } = await act(store, old.copy(), use);
      expect([session.isNew, session.rejected]).toStrictEqual([true, 'gone']);
      expect([lines, outcome]).toStrictEqual([[], 'gone']);
      const found = await store.get(browser.request(), 'a');
      expect(Object.fromEntries(found.entries())).toStrictEqual({ cart: ['apple'], user: 'ada' });
      expect(found.peekFlashes()).toStrictEqual([]);
    },
  );

  it('a double click on "Log in": both load the session before either saves, and the cart stays', async () => {
    const store = create();
    const browser = await browserWith(store, { cart: ['apple'] });
    const requests = [browser.request(), browser.request()];
    for (const request of requests) await (await store.get(request, 'a')).login('ada');
    const outcomes: unknown[] = [];
    for (const request of requests) {
      const { cookies, sessions } = await commit(request);
      outcomes.push(sessions[0]?.outcome);
      for (const { name, value } of cookies) browser.cookies.set(name, value);
    }
    expect(outcomes).toStrictEqual(['saved', 'gone']);
    const found = await store.get(browser.request(), 'a');
    expect([found.subject, found.get('cart')]).toStrictEqual(['ada', ['apple']]);
  });

  it('only reads with the old id are nothing to tell', async () => {
    const { store, old } = await start();
    expect(await act(store, old, (session) => session.get('user'))).toMatchObject({ lines: [], outcome: 'unchanged' });
  });

  it('a visitor whose answer was lost can log in again, once three minutes are over', async () => {
    const { store, old } = await start();
    clock.advance(179);
    expect((await act(store, old, (session) => session.login('ada'))).outcome).toBe('gone');
    clock.advance(1);
    expect((await act(store, old, (session) => session.login('ada'))).outcome).toBe('created');
    expect((await store.get(old.request(), 'a')).subject).toBe('ada');
  });

  it('a logout with the old id ends the session where it is now, and leaves the newer cookie to its browser', async () => {
    const { store, browser, old } = await start();
    expect(await act(store, old, (session) => session.logout())).toMatchObject({ lines: [], outcome: 'ended' });
    expect((await store.get(browser.request(), 'a')).rejected).toMatch(/^(gone|revoked)$/);
  });
});
