/** `session.options`: what may be chosen for one session, what of it is remembered, and what belongs to the store. */
import { describe, expect, it } from 'vitest';
import { MAX_COOKIE_AGE } from '../../../packages/sessions/src/session/lifetime.ts';
import type { Session, SessionOptions } from '../../../packages/sessions/src/session/session.ts';
import { browserWith, present, visit } from '../support/visit.ts';
import { Browser, clock, kinds } from '../support.ts';

describe.each(kinds)('the options of a session, with %s store', (kind) => {
  it('are those of the store to begin with', async () => {
    const store = kind.create({ maxAge: 60, cookie: { httpOnly: false, sameSite: 'none', partitioned: true } });
    expect({ ...pick(await present(store, '')) }).toStrictEqual({
      maxAge: 60,
      httpOnly: false,
      sameSite: 'none',
      partitioned: true,
      priority: undefined,
    });
  });

  it.each<[keyof SessionOptions, unknown, RegExp]>([
    ['httpOnly', false, /^__Host-a=[\w-]+; Max-Age=2592000; Path=\/; Secure; SameSite=Lax$/],
    ['sameSite', 'strict', /; SameSite=Strict$/],
    ['sameSite', 'none', /; SameSite=None$/],
    ['partitioned', true, /; Partitioned; SameSite=Lax$/],
    ['priority', 'high', /; Priority=High; SameSite=Lax$/],
    ['maxAge', 100, /; Max-Age=100;/],
    ['maxAge', undefined, /^__Host-a=[\w-]+; Path=/],
  ])('may be chosen for the cookie of one response: %s %s', async (name, value, line) => {
    const store = kind.create();
    for (const browser of [new Browser(), await browserWith(store, { n: 1 })]) {
      const [first] = await visit(store, browser, (session) => {
        session.set('n', 1);
        Reflect.set(session.options, name, value);
        expect(session.options[name]).toBe(value);
      });
      expect(first).toMatch(line);
    }
  });

  it('are the cookie’s even where nothing else changes, and attributes are not remembered', async () => {
    const store = kind.create();
    const browser = await browserWith(store, { n: 1 });
    const [line] = await visit(store, browser, (session) => void (session.options.sameSite = 'strict'));
    expect(line).toMatch(/SameSite=Strict$/);
    const session = await store.get(browser.request(), 'a');
    expect(session.options.sameSite).toBe('lax');
  });

  it('hold for the deletion of the cookie too, which browsers find by them', async () => {
    const store = kind.create();
    const browser = await browserWith(store, { n: 1 });
    const [line] = await visit(store, browser, (session) => {
      session.options.partitioned = true;
      session.logout();
    });
    expect(line).toMatch(/^__Host-a=; Max-Age=0; .*; Partitioned;/);
  });

  it('remember a lifetime, also "until the browser closes", until it is the store’s again', async () => {
    const store = kind.create({ maxAge: 1000 });
    const browser = await browserWith(store, { n: 1 });
    await visit(store, browser, (session) => void (session.options.maxAge = undefined));
    expect((await store.get(browser.request(), 'a')).options.maxAge).toBeUndefined();
    clock.advance(2000);
    expect(await visit(store, browser, (session) => session.regenerate())).toEqual([
      expect.not.stringMatching(/Max-Age/),
    ]);
    await visit(store, browser, (session) => void (session.options.maxAge = 5000));
    expect((await store.get(browser.request(), 'a')).expiresAt).toBe(clock.now() + 3000);
    await visit(kind.create({ maxAge: 5000 }), browser, (session) => session.set('m', 1));
    expect((await kind.create({ maxAge: 9000 }).get(browser.request(), 'a')).options.maxAge).toBe(5000);
  });

  it.each<[string, unknown, RegExp]>([
    ['maxAge', 0, /^"options.maxAge" expected seconds over 0 and up to 34560000, or undefined, got 0$/],
    ['maxAge', MAX_COOKIE_AGE + 1, /^"options.maxAge" expected seconds/],
    ['maxAge', '60', /^"options.maxAge" expected seconds/],
    ['httpOnly', 1, /^"options.httpOnly" expected true or false, got 1$/],
    ['sameSite', 'Lax', /^"options.sameSite" expected "strict", "lax" or "none"/],
    ['partitioned', 'yes', /^"options.partitioned" expected true or false/],
    ['priority', 'highest', /^"options.priority" expected "low", "medium", "high" or undefined/],
    [
      'domain',
      'example.org',
      /^"options.domain" cannot be changed for one session, .* in the option "cookie" of the store/,
    ],
    ['path', '/x', /^"options.path" cannot be changed for one session/],
    ['secure', false, /^"options.secure" cannot be changed for one session/],
    ['prefix', 'none', /^"options.prefix" cannot be changed for one session/],
  ])('throw for %s %s, and stay what they were', async (name, value, message) => {
    const session = await present(kind.create(), '');
    const before = pick(session);
    expect(() => Reflect.set(session.options, name, value)).toThrow(message);
    expect(pick(session)).toStrictEqual(before);
  });

  it('throw for what browsers take from no cookie without Secure', async () => {
    const session = await present(kind.create({ cookie: { secure: false } }), '');
    expect(() => (session.options.sameSite = 'none')).toThrow(
      /a cookie with "secure", which browsers require for "none"$/,
    );
    expect(() => (session.options.partitioned = true)).toThrow(/which browsers require for true$/);
    session.options.sameSite = 'strict';
    session.options.partitioned = false;
  });
});

function pick({ options }: Session): SessionOptions {
  const { maxAge, httpOnly, sameSite, partitioned, priority } = options;
  return { maxAge, httpOnly, sameSite, partitioned, priority };
}
