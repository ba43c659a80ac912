/** How long a session lives: a login begins anew, the end is exact, and a lifetime that is over already is an error of the caller. */
import { describe, expect, it } from 'vitest';
import { memory } from '../../../packages/sessions/src/backends/memory.ts';
import { save } from '../../../packages/sessions/src/response/save.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import { browserWith, visit } from '../support/visit.ts';
import { Browser, clock, kinds, secret } from '../support.ts';

const HOUR = 3600;
const DAY = 86_400;

describe.each(kinds)('a login, with %s store', (kind) => {
  it.each([DAY, 29 * DAY, 30 * DAY - 1])('of a visitor of %i seconds lasts as long as any other', async (age) => {
    const store = kind.create();
    const browser = await browserWith(store, { theme: 'dark' });
    clock.advance(age);
    const [line] = await visit(store, browser, (session) => session.login('ada'));
    expect(line).toMatch(/; Max-Age=2592000;/);
    clock.advance(30 * DAY - 1);
    expect(await store.get(browser.request(), 'a')).toMatchObject({ subject: 'ada', rejected: undefined });
    clock.advance(1);
    expect((await store.get(browser.request(), 'a')).rejected).toBe('expired');
  });

  it('may have a lifetime of its own, counted from the login', async () => {
    const store = kind.create();
    const browser = await browserWith(store, { theme: 'dark' });
    clock.advance(DAY);
    await visit(store, browser, async (session) => {
      await session.login('ada');
      session.options.maxAge = 8 * HOUR;
      expect(session.expiresAt).toBe(session.createdAt + 8 * HOUR);
    });
    clock.advance(8 * HOUR - 1);
    expect((await store.get(browser.request(), 'a')).subject).toBe('ada');
    clock.advance(1);
    expect((await store.get(browser.request(), 'a')).rejected).toBe('expired');
  });

  it('takes over no lifetime that the session before it had', async () => {
    const store = kind.create();
    const browser = await browserWith(store, {});
    await visit(store, browser, (session) => void (session.set('n', 1).options.maxAge = HOUR));
    await visit(store, browser, (session) => session.login('ada'));
    const session = await store.get(browser.request(), 'a');
    expect([session.options.maxAge, session.expiresAt - session.createdAt]).toStrictEqual([30 * DAY, 30 * DAY]);
  });

  it('keeps the time of creation and of the login through a new id', async () => {
    const store = kind.create();
    const browser = new Browser();
    await visit(store, browser, (session) => session.login('ada'));
    const before = await store.get(browser.request(), 'a');
    clock.advance(DAY);
    await visit(store, browser, (session) => session.regenerate());
    const { createdAt, authenticatedAt } = await store.get(browser.request(), 'a');
    expect([createdAt, authenticatedAt]).toStrictEqual([before.createdAt, before.authenticatedAt]);
  });
});

describe.each(kinds)('a lifetime, with %s store', (kind) => {
  it.each([
    ['the store', 100, (maxAge: number) => ({ maxAge })],
    ['the idle timeout', 100, (idleTimeout: number) => ({ idleTimeout })],
  ])('of %s is over at the very second', async (_name, seconds, options) => {
    const store = kind.create(options(seconds));
    const browser = await browserWith(store, { n: 1 });
    clock.advance(seconds - 1);
    expect((await store.get(browser.request(), 'a')).rejected).toBeUndefined();
    clock.advance(1);
    expect((await store.get(browser.request(), 'a')).rejected).toBe('expired');
  });

  it('is in whole seconds, whatever the clock says', async () => {
    const store = kind.create({ now: () => clock.now() + 0.75 });
    const browser = new Browser();
    await visit(store, browser, (session) => session.login('ada'));
    const { createdAt, authenticatedAt } = await store.get(browser.request(), 'a');
    expect([createdAt, authenticatedAt]).toStrictEqual([clock.now(), clock.now()]);
  });

  it.each<[string, number]>([
    ['shorter than the session is old', HOUR],
    ['exactly as long as it is old', DAY],
  ])('that is over already throws where it is set, and the session goes on: %s', async (_name, maxAge) => {
    const store = kind.create();
    const browser = await browserWith(store, { n: 1 });
    clock.advance(DAY);
    await visit(store, browser, (session) => {
      expect(() => (session.options.maxAge = maxAge)).toThrow(
        /^"options.maxAge" expected more than the 86400 seconds that have passed, got \d+: it counts from the creation/,
      );
      expect(session.options.maxAge).toBe(30 * DAY);
    });
    expect((await store.get(browser.request(), 'a')).get('n')).toBe(1);
  });

  it('that is changed shows in expiresAt and in the cookie at once', async () => {
    const store = kind.create({ maxAge: 100 });
    const browser = await browserWith(store, { n: 1 });
    clock.advance(10);
    const [line] = await visit(store, browser, (session) => {
      session.options.maxAge = 500;
      expect(session.expiresAt).toBe(session.createdAt + 500);
      session.options.maxAge = 600;
      expect(session.expiresAt).toBe(session.createdAt + 600);
    });
    expect(line).toMatch(/; Max-Age=590;/);
    clock.advance(580);
    expect((await store.get(browser.request(), 'a')).get('n')).toBe(1);
  });

  it('of the store that is changed counts for sessions from before, unless they have one of their own', async () => {
    const [plain, own] = [await browserWith(kind.create(), { n: 1 }), new Browser()];
    await visit(kind.create(), own, (session) => void (session.set('n', 1).options.maxAge = 10 * DAY));
    clock.advance(5 * DAY);
    const shorter = kind.create({ maxAge: DAY });
    expect((await shorter.get(plain.request(), 'a')).rejected).toBe('expired');
    expect((await shorter.get(own.request(), 'a')).get('n')).toBe(1);
  });
});

describe('a session whose time is over', () => {
  it('is expired for an hour in a server store, and then gone', async () => {
    const store = serverStore({ keys: [secret(1)], now: clock.now, backend: memory({ now: clock.now }), maxAge: 100 });
    const browser = await browserWith(store, { n: 1 });
    clock.advance(100 + HOUR - 1);
    expect((await store.get(browser.request(), 'a')).rejected).toBe('expired');
    clock.advance(1);
    expect((await store.get(browser.request(), 'a')).rejected).toBe('gone');
  });

  it.each(kinds)('starts afresh under a new id, with %s store', async (kind) => {
    const store = kind.create({ maxAge: 100 });
    const browser = await browserWith(store, { n: 1 });
    const { id } = await store.get(browser.request(), 'a');
    clock.advance(100);
    const old = browser.request();
    await visit(store, browser, (session) => {
      expect(session).toMatchObject({ isNew: true, size: 0, createdAt: clock.now() });
      session.set('m', 1);
      expect(session.id).not.toBe(id);
    });
    expect([...(await store.get(browser.request(), 'a'))]).toStrictEqual([['m', 1]]);
    expect((await store.get(old, 'a')).rejected).toBe('expired');
    await save(old, new Response());
  });
});
