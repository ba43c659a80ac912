/** The session as a handler holds it: a map of values and bags of messages, that says of itself where it comes from. */
import { describe, expect, it } from 'vitest';
import type { Session } from '../../../packages/sessions/src/session/session.ts';
import { browserWith, present, visit } from '../support/visit.ts';
import { Browser, kinds } from '../support.ts';

describe.each(kinds)('a session, with %s store', (kind) => {
  it('is a map in the order of its keys', async () => {
    const session = await present(kind.create(), '');
    session.set('a', 1).set('b', undefined).set('a', 2);
    expect([session.size, session.has('b'), session.get('b'), session.has('c')]).toStrictEqual([
      2,
      true,
      undefined,
      false,
    ]);
    expect([...session]).toStrictEqual([
      ['a', 2],
      ['b', undefined],
    ]);
    expect([[...session.keys()], [...session.values()]]).toStrictEqual([
      ['a', 'b'],
      [2, undefined],
    ]);
    expect([session.pop('a'), session.pop('a'), session.delete('b'), session.delete('b')]).toStrictEqual([
      2,
      undefined,
      true,
      false,
    ]);
    expect(session.size).toBe(0);
  });

  it('keeps the order in which keys come, and knows no inherited ones', async () => {
    const store = kind.create();
    const session = await present(store, '');
    session.set('b', 1).set('10', 2).set('9', 3).set('constructor', 4);
    expect([...session.keys()]).toStrictEqual(['b', '10', '9', 'constructor']);
    expect([session.has('toString'), session.get('toString'), session.has('9')]).toStrictEqual([
      false,
      undefined,
      true,
    ]);
    const browser = await browserWith(store, { a: 1, b: 2 });
    const found = await store.get(browser.request(), 'a');
    expect([found.has('valueOf'), found.get('__proto__')]).toStrictEqual([false, undefined]);
    found.set('__proto__', 5).set('hasOwnProperty', 6).set('a', 7);
    expect([...found]).toStrictEqual([
      ['a', 7],
      ['b', 2],
      ['__proto__', 5],
      ['hasOwnProperty', 6],
    ]);
  });

  it('may be changed while it is looked at, as a map may', async () => {
    const session = await present(kind.create(), '');
    session.set('a', 1).set('b', 2).set('c', 3);
    for (const [key] of session) session.delete(key);
    expect(session.size).toBe(0);
  });

  it('gives its values, messages and ids to no spread, no JSON and no console', async () => {
    const session = await present(kind.create(), '');
    session.set('password', 'secret').addFlash('secret');
    expect(JSON.stringify(session)).toBe('{}');
    expect({ ...session }).toStrictEqual({});
  });

  it('counts up from nothing with update()', async () => {
    const store = kind.create();
    const browser = new Browser();
    for (let n = 1; n <= 3; n++) {
      await visit(store, browser, (session) => {
        session.update('n', (before = 0) => before + 1);
        session.update<string[]>('log', (log = []) => [...log, String(n)]);
        expect(session.get('n')).toBe(n);
      });
    }
    expect((await store.get(browser.request(), 'a')).get('log')).toStrictEqual(['1', '2', '3']);
  });

  it('keeps messages when values are cleared, and values when messages are read', async () => {
    const store = kind.create();
    const browser = await browserWith(store, { n: 1 });
    await visit(store, browser, (session) => session.addFlash('x'));
    await visit(store, browser, (session) => session.clear());
    await visit(store, browser, (session) => {
      expect([session.size, session.flashes()]).toStrictEqual([0, ['x']]);
    });
  });

  it('has an id that opens nothing, is known before the save, and stays', async () => {
    const store = kind.create();
    const browser = new Browser();
    let id = '';
    await visit(store, browser, (session) => {
      ({ id } = session);
      session.set('n', 1);
      expect(session.id).toBe(id);
    });
    expect(id).toMatch(kind.isServer ? /^[\w-]{43}$/ : /^[\w-]{16}$/);
    expect((await store.get(browser.request(), 'a')).id).toBe(id);
    expect((await present(store, `__Host-a=${id}`)).isNew).toBe(true);
  });

  it('keeps its methods when they are taken off it one by one', async () => {
    const session = await present(kind.create(), '');
    const names: (keyof Session)[] = ['get', 'set', 'login'];
    for (const name of names) {
      expect(() => Object.defineProperty(session, name, { value: () => 'mine' })).toThrow(TypeError);
    }
  });

  it.each([undefined, '', 7, null, {}])('is nobody’s with login(%j), which throws', async (subject) => {
    const session = await present(kind.create(), '');
    // @ts-expect-error: what a program without types may pass
    await expect(session.login(subject)).rejects.toThrow(/^"subject" expected a string of at least one character, got/);
    expect([session.subject, session.authenticatedAt]).toStrictEqual([undefined, undefined]);
  });

  it('belongs to the last of two logins in one request', async () => {
    const store = kind.create();
    const browser = new Browser();
    await visit(store, browser, async (session) => {
      await session.login('ada');
      await session.login('bob');
    });
    expect((await store.get(browser.request(), 'a')).subject).toBe('bob');
  });

  it('changes hands: the session of another user who logs in keeps its values', async () => {
    const store = kind.create();
    const browser = await browserWith(store, { cart: ['apple'] });
    await visit(store, browser, (session) => session.login('ada'));
    await visit(store, browser, (session) => session.login('bob'));
    const session = await store.get(browser.request(), 'a');
    expect([session.subject, session.get('cart')]).toStrictEqual(['bob', ['apple']]);
  });
});
