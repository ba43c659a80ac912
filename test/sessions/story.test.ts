/** The session layer as its users meet it: one story a feature, written as requests and responses. */
import { generateKey } from '@sealring/codec';
import { describe, expect, it } from 'vitest';
import { cookieStore } from '../../packages/sessions/src/cookie-store.ts';
import { memory } from '../../packages/sessions/src/memory.ts';
import { save, withSessions } from '../../packages/sessions/src/save.ts';
import { serverStore } from '../../packages/sessions/src/server-store.ts';
import { Browser, clock, kinds, type StoreKind, secret } from './support.ts';

describe.each(kinds)('%s store', (kind: StoreKind) => {
  it('always gives a session, even if empty, and keeps what is put into it', async () => {
    const browser = new Browser();
    const store = kind.create();
    await browser.visit(async (request) => {
      const session = await store.get(request, 'session-name');
      expect(session.isNew).toBe(true);
      expect(session.size).toBe(0);
      session.set('foo', 'bar').set(42, 43);
      return save(request, new Response('ok'));
    });
    expect([...browser.cookies.keys()]).toStrictEqual(['__Host-session-name']);
    await browser.visit(async (request) => {
      const session = await store.get(request, 'session-name');
      expect(session.isNew).toBe(false);
      expect([...session.entries()]).toStrictEqual([
        ['foo', 'bar'],
        [42, 43],
      ]);
      return save(request, new Response('ok'));
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
    await browser.visit(async (request) => {
      (await store.get(request, 'a')).set('x', { deep: [1] });
      return save(request, new Response());
    });
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
    const visit = (handle: (session: Awaited<ReturnType<typeof store.get>>) => unknown) =>
      browser.visit(async (request) => {
        handle(await store.get(request, 'a'));
        return save(request, new Response());
      });
    await visit((session) => {
      session.addFlash('Saved');
      session.addFlash('Card declined', 'errors');
      session.addFlash(new Map([['k', 1]]));
    });
    await visit((session) => {
      expect(session.peekFlashes()).toStrictEqual(['Saved', new Map([['k', 1]])]);
      expect(session.flashes('errors')).toStrictEqual(['Card declined']);
      expect(session.flashes('none')).toStrictEqual([]);
    });
    await visit((session) => {
      expect(session.flashes('errors')).toStrictEqual([]);
      expect(session.flashes()).toHaveLength(2);
      session.keepFlashes();
    });
    await visit((session) => expect(session.flashes()).toHaveLength(2));
    await visit((session) => expect(session.flashes()).toHaveLength(0));
  });

  it('refuses a second get with other options, which would be ignored', async () => {
    const store = kind.create();
    const request = new Browser().request();
    const session = await store.get(request, 'login', { maxAge: 60 });
    expect(await store.get(request, 'login')).toBe(session);
    expect(await store.get(request, 'login', { maxAge: 60 })).toBe(session);
    for (const options of [{ maxAge: 61 }, { idleTimeout: 5 }, { maxAge: undefined }]) {
      await expect(store.get(request, 'login', options)).rejects.toThrow(/"(maxAge|idleTimeout)" for every call/);
    }
    await expect(store.get(request, 'other', { idleTimeout: 5 })).resolves.toMatchObject({ name: 'other' });
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

  it('takes changes back to nobody after the save: they throw', async () => {
    const store = kind.create();
    const request = new Request('https://example.org/');
    const session = await store.get(request, 'a');
    session.set('a', 1);
    await save(request, new Response());
    const committed = expect.objectContaining({ code: 'ERR_SESSION_COMMITTED' });
    expect(() => session.set('a', 2)).toThrow(committed);
    expect(() => session.addFlash('x')).toThrow(committed);
    expect(() => session.destroy()).toThrow(committed);
  });

  it('regenerates the id and keeps the values; the old cookie is worth nothing on a server', async () => {
    const browser = new Browser();
    const store = kind.create();
    const visit = (handle: (session: Awaited<ReturnType<typeof store.get>>) => unknown, from = browser) =>
      from.visit(async (request) => {
        await handle(await store.get(request, 'a'));
        return save(request, new Response());
      });
    let first = '';
    await visit((session) => {
      session.set('a', 1);
      first = session.id;
    });
    const thief = browser.copy();
    await visit(async (session) => {
      expect(session.id).toBe(first);
      await session.regenerate();
      expect(session.id).not.toBe(first);
    });
    await visit((session) => {
      expect(session.id).not.toBe(first);
      expect(session.get('a')).toBe(1);
    });
    if (kind.isServer) await visit((session) => expect(session).toMatchObject({ isNew: true, size: 0 }), thief);
  });

  it('destroys: the deletion cookie holds no data, and later changes throw', async () => {
    const browser = new Browser();
    const store = kind.create();
    await browser.visit(async (request) => {
      (await store.get(request, 'a')).set('a', 'secret');
      return save(request, new Response());
    });
    const thief = browser.copy();
    const response = await browser.visit(async (request) => {
      const session = await store.get(request, 'a');
      session.destroy();
      expect(() => session.set('a', 1)).toThrow(expect.objectContaining({ code: 'ERR_SESSION_DESTROYED' }));
      return save(request, new Response());
    });
    expect(response.headers.getSetCookie()).toHaveLength(1);
    expect(response.headers.getSetCookie()[0]).toMatch(/^__Host-a=; .*Max-Age=0/);
    expect(browser.cookies.size).toBe(0);
    if (kind.isServer) {
      await thief.visit(async (request) => {
        expect(await store.get(request, 'a')).toMatchObject({ isNew: true, rejected: 'gone' });
        return save(request, new Response());
      });
    }
  });

  it('says why a cookie was refused, and never throws', async () => {
    const rejected: string[] = [];
    const store = kind.create({ onReject: (reason) => rejected.push(reason), maxAge: 100 });
    const browser = new Browser();
    await browser.visit(async (request) => {
      (await store.get(request, 'a')).set('a', 1);
      return save(request, new Response());
    });
    const value = browser.cookies.get('__Host-a') ?? '';
    const reasonOf = async (cookie: string) => {
      const request = new Request('https://example.org/', { headers: { cookie: `__Host-a=${cookie}` } });
      const session = await store.get(request, 'a');
      expect(session.isNew).toBe(session.rejected !== undefined);
      return session.rejected;
    };
    expect(await reasonOf(value)).toBeUndefined();
    expect(await reasonOf('junk!')).toBe('malformed');
    expect(await reasonOf(`I${value.slice(1)}`)).toBe('version');
    expect(await reasonOf(`${value.slice(0, 60)}${value[60] === 'A' ? 'B' : 'A'}${value.slice(61)}`)).toBe('tampered');
    const stranger = cookieStore({ keys: [generateKey()] });
    const request = new Request('https://example.org/');
    (await stranger.get(request, 'a')).set('a', 1);
    const foreign = (await save(request, new Response())).headers.getSetCookie()[0]?.split(/[=;]/)[1] ?? '';
    expect(await reasonOf(foreign)).toBe('unknown-key');
    clock.advance(101);
    expect(['expired', 'gone']).toContain(await reasonOf(value));
    expect(rejected).toHaveLength(5);
  });

  it('takes the authentic one of several cookies with one name', async () => {
    const store = kind.create();
    const browser = new Browser();
    await browser.visit(async (request) => {
      (await store.get(request, 'a')).set('who', 'me');
      return save(request, new Response());
    });
    const value = browser.cookies.get('__Host-a') ?? '';
    const cookie = `__Host-a=junk; x=1; __Host-a=EQAAAA; __Host-a=${value}`;
    const session = await store.get(new Request('https://example.org/', { headers: { cookie } }), 'a');
    expect(session.get('who')).toBe('me');
    expect(session.rejected).toBeUndefined();
  });

  it('ends after its lifetime, and after idling; use within renews it', async () => {
    const store = kind.create({ maxAge: 1000, idleTimeout: 100 });
    const browser = new Browser();
    const visit = withSessions(async (request) => {
      const session = await store.get(request, 'a');
      if (session.isNew) session.set('since', clock.now());
      return new Response(session.rejected ?? 'ok');
    });
    await browser.visit(visit);
    for (let seconds = 0; seconds < 900; seconds += 60) {
      clock.advance(60);
      expect(await (await browser.visit(visit)).text()).toBe('ok');
    }
    clock.advance(101);
    expect(await (await browser.visit(visit)).text()).not.toBe('ok');
    const session = await store.get(browser.request(), 'a');
    expect(session.get('since')).toBe(clock.now());
  });

  it('remembers a lifetime of its own, and gives it to the cookie', async () => {
    const store = kind.create({ maxAge: undefined });
    const browser = new Browser();
    const first = await browser.visit(async (request) => {
      (await store.get(request, 'a')).set('a', 1);
      return save(request, new Response());
    });
    expect(first.headers.getSetCookie()[0]).not.toMatch(/Max-Age|Expires/i);
    const second = await browser.visit(async (request) => {
      (await store.get(request, 'a')).options.maxAge = 86_400 * 30;
      return save(request, new Response());
    });
    expect(second.headers.getSetCookie()[0]).toMatch(/Max-Age=2592000/);
    clock.advance(86_400 * 29);
    const session = await store.get(browser.request(), 'a');
    expect(session.options.maxAge).toBe(86_400 * 30);
    expect(session.get('a')).toBe(1);
  });

  it('re-seals under the newest key at the next save', async () => {
    const browser = new Browser();
    const older = kind.create();
    await browser.visit(async (request) => {
      (await older.get(request, 'a')).set('a', 1);
      return save(request, new Response());
    });
    const newer = kind.create({ keys: [secret(5), secret(1)] });
    const response = await browser.visit(async (request) => {
      expect((await newer.get(request, 'a')).get('a')).toBe(1);
      return save(request, new Response());
    });
    expect(response.headers.getSetCookie()).toHaveLength(1);
    const newest = kind.create({ keys: [secret(5)] });
    const session = await newest.get(browser.request(), 'a');
    expect(session.get('a')).toBe(1);
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

describe('a cookie store', () => {
  it('says exactly by how much a session is too large, or splits it over several cookies', async () => {
    const value = 'x'.repeat(6000);
    const strict = cookieStore({ keys: [secret(1)] });
    const request = new Request('https://example.org/');
    (await strict.get(request, 'a')).set('essay', value).set('id', 1);
    await expect(save(request, new Response())).rejects.toThrow(
      /^Cannot save session "a": its cookie has 8\d{3} bytes, there is room for 4096; largest keys: essay \(6003 bytes\), id/,
    );
    const browser = new Browser();
    const generous = cookieStore({ keys: [secret(1)], chunks: 3 });
    const visit = (handle: (session: Awaited<ReturnType<typeof generous.get>>) => unknown) =>
      browser.visit(async (incoming) => {
        handle(await generous.get(incoming, 'a'));
        return save(incoming, new Response());
      });
    await visit((session) => session.set('essay', value));
    expect([...browser.cookies.keys()]).toStrictEqual(['__Host-a', '__Host-a.1']);
    for (const [name, part] of browser.cookies) expect(name.length + part.length).toBeLessThanOrEqual(4096);
    await visit((session) => expect(session.get('essay')).toBe(value));
    await visit((session) => session.set('essay', 'short'));
    expect([...browser.cookies.keys()]).toStrictEqual(['__Host-a']);
    await visit((session) => expect(session.get('essay')).toBe('short'));
  });

  it('spills what is too large into a backend, where it loses no update, and ends it there too', async () => {
    const backend = memory();
    const store = cookieStore({ keys: [secret(1)], overflow: backend });
    const browser = new Browser();
    const visit = (handle: (session: Awaited<ReturnType<typeof store.get>>) => unknown) =>
      browser.visit(async (request) => {
        await handle(await store.get(request, 'a'));
        return save(request, new Response());
      });
    await visit((session) => session.set('n', 1));
    const small = browser.cookies.get('__Host-a')?.length ?? 0;
    await visit((session) => session.set('essay', 'x'.repeat(200_000)));
    expect(browser.cookies.get('__Host-a')?.length).toBeLessThan(small + 100);
    await visit((session) => expect(session.get('essay')).toHaveLength(200_000));
    const [first, second] = [browser.request(), browser.request()];
    const [one, other] = await Promise.all([store.get(first, 'a'), store.get(second, 'a')]);
    for (const session of [one, other]) session.update('n', (n = 0) => n + 1);
    await Promise.all([save(first, new Response()), save(second, new Response())]);
    await visit((session) => expect(session.get('n')).toBe(3));
    const thief = browser.copy();
    await visit((session) => session.destroy());
    expect(await store.get(thief.request(), 'a')).toMatchObject({ isNew: true, rejected: 'gone' });
    expect(await cookieStore({ keys: [secret(1)] }).get(thief.request(), 'a')).toMatchObject({
      isNew: true,
      rejected: 'gone',
    });
  });

  it('opens no value under another name', async () => {
    const store = cookieStore({ keys: [secret(1)] });
    const browser = new Browser();
    await browser.visit(async (request) => {
      (await store.get(request, 'a')).set('admin', true);
      return save(request, new Response());
    });
    const cookie = `__Host-b=${browser.cookies.get('__Host-a')}`;
    const session = await store.get(new Request('https://example.org/', { headers: { cookie } }), 'b');
    expect(session).toMatchObject({ isNew: true, rejected: 'tampered', size: 0 });
  });
});

describe('a server store', () => {
  const start = async () => {
    const store = serverStore({ keys: [secret(1)], backend: memory() });
    const browser = new Browser();
    await browser.visit(async (request) => {
      (await store.get(request, 'a')).set('n', 0).set('list', []);
      return save(request, new Response());
    });
    return { store, browser };
  };

  it('loses no change of two requests that overlap', async () => {
    const { store, browser } = await start();
    const [first, second] = [browser.request(), browser.request()];
    const [one, other] = await Promise.all([store.get(first, 'a'), store.get(second, 'a')]);
    one.set('x', 1);
    other.set('y', 2);
    one.update('n', (n = 0) => n + 1);
    other.update('n', (n = 0) => n + 1);
    one.addFlash('one');
    other.addFlash('other');
    await Promise.all([save(first, new Response()), save(second, new Response())]);
    const session = await store.get(browser.request(), 'a');
    expect(Object.fromEntries(session.entries())).toMatchObject({ n: 2, x: 1, y: 2 });
    expect(session.peekFlashes()).toHaveLength(2);
  });

  it('lets a logout win over every request in flight', async () => {
    const { store, browser } = await start();
    const [slow, logout, renewing] = [browser.request(), browser.request(), browser.request()];
    const [session, ended, moved] = await Promise.all([
      store.get(slow, 'a'),
      store.get(logout, 'a'),
      store.get(renewing, 'a'),
    ]);
    ended.destroy();
    await save(logout, new Response());
    session.set('late', true);
    await moved.regenerate();
    for (const request of [slow, renewing]) {
      expect((await save(request, new Response())).headers.getSetCookie()).toStrictEqual([]);
    }
    expect(await store.get(browser.request(), 'a')).toMatchObject({ isNew: true, rejected: 'gone' });
  });

  it('moves what others wrote meanwhile to the new id, and accepts no write to the old one', async () => {
    const { store, browser } = await start();
    const [login, early, late] = [browser.request(), browser.request(), browser.request()];
    const [session, one, other] = await Promise.all([
      store.get(login, 'a'),
      store.get(early, 'a'),
      store.get(late, 'a'),
    ]);
    one.set('early', true);
    await save(early, new Response());
    session.set('user', 7);
    await session.regenerate();
    const response = await save(login, new Response());
    other.set('late', true);
    expect((await save(late, new Response())).headers.getSetCookie()).toStrictEqual([]);
    browser.take(response);
    const after = await store.get(browser.request(), 'a');
    expect(Object.fromEntries(after.entries())).toStrictEqual({ n: 0, list: [], early: true, user: 7 });
  });
});
