/** The session layer as its users meet it: one story a feature, written as requests and responses, in both kinds of store. */
import { generateKey } from '@sealring/codec';
import { describe, expect, it } from 'vitest';
import { save, withSessions } from '../../packages/sessions/src/response/save.ts';
import type { Session } from '../../packages/sessions/src/session/session.ts';
import { cookieStore } from '../../packages/sessions/src/store/cookie-store.ts';
import { browserWith, present, visit } from './support/visit.ts';
import { Browser, clock, kinds, type StoreKind, secret } from './support.ts';

describe.each(kinds)('%s store', (kind: StoreKind) => {
  it('always gives a session, even if empty, and keeps what is put into it', async () => {
    const browser = new Browser();
    const store = kind.create();
    await visit(store, browser, (session) => {
      expect(session).toMatchObject({ isNew: true, size: 0, rejected: undefined });
      session.set('foo', 'bar').set(42, 43);
    });
    expect([...browser.cookies.keys()]).toStrictEqual(['__Host-a']);
    await visit(store, browser, (session) => {
      expect(session.isNew).toBe(false);
      expect([...session]).toStrictEqual([
        ['foo', 'bar'],
        [42, 43],
      ]);
      expect([...session.keys()]).toStrictEqual(['foo', 42]);
      expect([...session.values()]).toStrictEqual(['bar', 43]);
    });
  });

  it('writes nothing for who only reads', async () => {
    const browser = new Browser();
    const store = kind.create();
    const before = kind.writes();
    const read = withSessions(async (request) => {
      const session = await store.get(request, 'a');
      session.get('x');
      return new Response('read');
    });
    expect((await browser.visit(read)).headers.getSetCookie()).toStrictEqual([]);
    expect(kind.writes()).toBe(before);
    await visit(store, browser, (session) => session.set('x', { deep: [1] }));
    const writes = kind.writes();
    expect((await browser.visit(read)).headers.getSetCookie()).toStrictEqual([]);
    expect(kind.writes()).toBe(writes);
  });

  it('notices a value that was changed in place', async () => {
    const browser = new Browser();
    const store = kind.create();
    const push = withSessions(async (request) => {
      const session = await store.get(request, 'a');
      if (!session.has('cart')) session.set('cart', []);
      const cart = session.get('cart');
      if (Array.isArray(cart)) cart.push('apple');
      return new Response(String(Array.isArray(cart) ? cart.length : 0));
    });
    for (const length of ['1', '2', '3']) expect(await (await browser.visit(push)).text()).toBe(length);
  });

  it('keeps flash messages until they are read, in named bags', async () => {
    const browser = new Browser();
    const store = kind.create();
    await visit(store, browser, (session) => {
      session.addFlash('Saved');
      session.addFlash('Card declined', 'errors');
      session.addFlash(new Map([['k', 1]]));
    });
    await visit(store, browser, (session) => {
      expect(session.peekFlashes()).toStrictEqual(['Saved', new Map([['k', 1]])]);
      expect(session.flashes('errors')).toStrictEqual(['Card declined']);
      expect(session.flashes('none')).toStrictEqual([]);
    });
    await visit(store, browser, (session) => {
      expect(session.flashes('errors')).toStrictEqual([]);
      expect(session.flashes()).toHaveLength(2);
      session.keepFlashes();
    });
    await visit(store, browser, (session) => expect(session.flashes()).toHaveLength(2));
    await visit(store, browser, (session) => expect(session.flashes()).toHaveLength(0));
  });

  it('gives the same object for concurrent gets of one request, and saves several sessions at once in order', async () => {
    const store = kind.create();
    const other = cookieStore({ keys: [secret(2)] });
    const request = new Request('https://example.org/');
    const [one, same] = await Promise.all([store.get(request, 'cart'), store.get(request, 'cart')]);
    expect(one).toBe(same);
    const user = await other.get(request, 'user');
    one.set('a', 1);
    user.set('b', 2);
    const response = await save(request, new Response('ok', { headers: { 'set-cookie': 'theirs=1' } }));
    const names = response.headers.getSetCookie().map((line) => line.split('=')[0]);
    expect(names).toStrictEqual(['theirs', '__Host-cart', '__Host-user']);
    const again = await save(request, response);
    expect(again.headers.getSetCookie().map((line) => line.split('=')[0])).toStrictEqual(names);
  });

  it('takes no changes after the save: they throw', async () => {
    const request = new Request('https://example.org/');
    const session = await kind.create().get(request, 'a');
    session.set('a', 1);
    await save(request, new Response());
    const committed = expect.objectContaining({ code: 'ERR_SESSION_COMMITTED' });
    expect(() => session.set('a', 2)).toThrow(committed);
    expect(() => session.addFlash('x')).toThrow(committed);
    expect(() => session.logout()).toThrow(committed);
    await expect(session.login('ada')).rejects.toThrow(committed);
  });

  it('gives a login a new id, a new lifetime and an owner, and keeps the values', async () => {
    const store = kind.create({ maxAge: 1000 });
    const browser = await browserWith(store, { cart: ['apple'] });
    const { id } = await store.get(browser.request(), 'a');
    clock.advance(900);
    const at = Math.floor(clock.now());
    await visit(store, browser, async (session) => {
      expect([session.subject, session.authenticatedAt]).toStrictEqual([undefined, undefined]);
      await session.login('ada');
      expect(session).toMatchObject({ subject: 'ada', authenticatedAt: at, createdAt: at, expiresAt: at + 1000 });
    });
    clock.advance(900);
    await visit(store, browser, (session) => {
      expect(session).toMatchObject({ subject: 'ada', authenticatedAt: at, createdAt: at, isNew: false });
      expect(session.id).not.toBe(id);
      expect(session.get('cart')).toStrictEqual(['apple']);
    });
  });

  it('regenerates the id and keeps values and age; the old cookie is worth nothing on a server', async () => {
    const store = kind.create();
    const browser = await browserWith(store, { a: 1 });
    const thief = browser.copy();
    const { id, createdAt } = await store.get(browser.request(), 'a');
    clock.advance(10);
    await visit(store, browser, async (session) => {
      expect(session.id).toBe(id);
      await session.regenerate();
      expect(session.id).not.toBe(id);
    });
    await visit(store, browser, (session) => {
      expect(session.id).not.toBe(id);
      expect([session.get('a'), session.createdAt]).toStrictEqual([1, createdAt]);
    });
    if (kind.isServer) await visit(store, thief, (session) => expect(session).toMatchObject({ isNew: true, size: 0 }));
  });

  it.each(['logout', 'destroy'] as const)(
    '%s(): the deletion cookie holds no data, and later changes throw',
    async (end) => {
      const store = kind.create();
      const browser = await browserWith(store, { a: 'secret' });
      const thief = browser.copy();
      const lines = await visit(store, browser, (session) => {
        session[end]();
        expect(session.get('a')).toBeUndefined();
        expect(() => session.set('a', 1)).toThrow(expect.objectContaining({ code: 'ERR_SESSION_DESTROYED' }));
      });
      expect(lines).toStrictEqual([expect.stringMatching(/^__Host-a=; .*Max-Age=0/)]);
      expect(browser.cookies.size).toBe(0);
      if (kind.isServer) expect(await store.get(thief.request(), 'a')).toMatchObject({ isNew: true, rejected: 'gone' });
    },
  );

  it('says why a cookie was rejected, and never throws', async () => {
    const rejected: string[] = [];
    const store = kind.create({ onReject: (reason) => rejected.push(reason), maxAge: 100 });
    const browser = await browserWith(store, { a: 1 });
    const value = browser.cookies.get('__Host-a') ?? '';
    const reasonOf = async (cookie: string) => {
      const session = await present(store, `__Host-a=${cookie}`);
      expect(session.isNew).toBe(session.rejected !== undefined);
      return session.rejected;
    };
    expect(await reasonOf(value)).toBeUndefined();
    expect(await reasonOf('junk!')).toBe('malformed');
    expect(await reasonOf(`I${value.slice(1)}`)).toBe('version');
    expect(await reasonOf(`${value.slice(0, 60)}${value[60] === 'A' ? 'B' : 'A'}${value.slice(61)}`)).toBe('tampered');
    const foreign = (await browserWith(cookieStore({ keys: [generateKey()] }), { a: 1 })).cookies.get('__Host-a') ?? '';
    expect(await reasonOf(foreign)).toBe('unknown-key');
    clock.advance(100);
    expect(await reasonOf(value)).toBe('expired');
    expect(rejected).toStrictEqual(['malformed', 'version', 'tampered', 'unknown-key', 'expired']);
  });

  it('takes the genuine one of several cookies with one name', async () => {
    const store = kind.create();
    const value = (await browserWith(store, { who: 'me' })).cookies.get('__Host-a') ?? '';
    const session = await present(store, `__Host-a=junk; x=1; __Host-a=EQAAAA; __Host-a=${value}`);
    expect([session.get('who'), session.rejected]).toStrictEqual(['me', undefined]);
  });

  it('ends after its lifetime, and after idling; use within renews it', async () => {
    const store = kind.create({ maxAge: 1000, idleTimeout: 100 });
    const browser = new Browser();
    const handle = withSessions(async (request) => {
      const session = await store.get(request, 'a');
      if (session.isNew) session.set('since', clock.now());
      return new Response(session.rejected ?? 'ok');
    });
    await browser.visit(handle);
    for (let seconds = 0; seconds < 900; seconds += 60) {
      clock.advance(60);
      expect(await (await browser.visit(handle)).text()).toBe('ok');
    }
    clock.advance(100);
    expect(await (await browser.visit(handle)).text()).toBe('expired');
    expect((await store.get(browser.request(), 'a')).get('since')).toBe(clock.now());
  });

  it('remembers a lifetime of its own, and gives it to the cookie', async () => {
    const store = kind.create({ maxAge: undefined });
    const browser = new Browser();
    const [first] = await visit(store, browser, (session) => session.set('a', 1));
    expect(first).not.toMatch(/Max-Age|Expires/i);
    const [second] = await visit(store, browser, (session) => void (session.options.maxAge = 86_400 * 40));
    expect(second).toMatch(/Max-Age=3456000/);
    clock.advance(86_400 * 39);
    const session = await store.get(browser.request(), 'a');
    expect([session.options.maxAge, session.get('a')]).toStrictEqual([86_400 * 40, 1]);
  });

  it('seals again under the newest key at the next save', async () => {
    const browser = await browserWith(kind.create(), { a: 1 });
    const newer = kind.create({ keys: [secret(5), secret(1)] });
    expect(await visit(newer, browser, (session) => expect(session.get('a')).toBe(1))).toHaveLength(1);
    expect((await kind.create({ keys: [secret(5)] }).get(browser.request(), 'a')).get('a')).toBe(1);
  });

  it('shows a session to a socket as it is at that moment, and takes no changes of it', async () => {
    const store = kind.create();
    const browser = await browserWith(store, { n: 1 });
    const upgrade = browser.request();
    const first = await store.peek(upgrade, 'a');
    expect(first.get('n')).toBe(1);
    expect(() => (first as Session).set('n', 2)).toThrow(expect.objectContaining({ code: 'ERR_SESSION_COMMITTED' }));
    await visit(store, browser, (session) => session.set('n', 2));
    // A server looks into its record again; what is in a cookie is as the socket's handshake brought it.
    expect((await store.peek(upgrade, 'a')).get('n')).toBe(kind.isServer ? 2 : 1);
  });

  it('says that what carries its cookie must not be cached, and that what was read varies', async () => {
    const store = kind.create();
    const handler = withSessions(async (request) => {
      const session = await store.get(request, 'a');
      if (request.url.endsWith('write')) session.set('a', 1);
      return new Response('ok');
    });
    const written = await handler(new Request('https://example.org/write'));
    expect(written.headers.get('cache-control')).toBe('no-store');
    expect(written.headers.get('vary')).toBe('Cookie');
    const read = await handler(new Request('https://example.org/read'));
    expect(read.headers.get('cache-control')).toBeNull();
    expect(read.headers.get('vary')).toBe('Cookie');
  });
});
