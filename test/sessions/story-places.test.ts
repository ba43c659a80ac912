/** What only one of the two places does: a cookie has a limit and spills over, a backend loses no change. */
import { describe, expect, it } from 'vitest';
import { memory } from '../../packages/sessions/src/backends/memory.ts';
import { save } from '../../packages/sessions/src/response/save.ts';
import { cookieStore } from '../../packages/sessions/src/store/cookie-store.ts';
import { serverStore } from '../../packages/sessions/src/store/server-store.ts';
import { collect } from './support/collect.ts';
import { browserWith, present, visit } from './support/visit.ts';
import { Browser, secret } from './support.ts';

describe('a cookie store', () => {
  const essay = 'x'.repeat(6000);

  it('says exactly by how much a session is too large', async () => {
    const saving = browserWith(cookieStore({ keys: [secret(1)] }), { essay, id: 1 });
    await expect(saving).rejects.toThrow(
      /^Cannot save session "a": its cookie has 8\d{3} bytes, there is room for 4096; largest keys: essay \(6003 bytes\), id/,
    );
  });

  it('splits a session over several cookies, and takes them back when it shrinks', async () => {
    const store = cookieStore({ keys: [secret(1)], chunks: 3 });
    const browser = await browserWith(store, { essay });
    expect([...browser.cookies.keys()]).toStrictEqual(['__Host-a', '__Host-a.1']);
    for (const [name, part] of browser.cookies) expect(name.length + part.length).toBeLessThanOrEqual(4096);
    await visit(store, browser, (session) => expect(session.get('essay')).toBe(essay));
    await visit(store, browser, (session) => session.set('essay', 'short'));
    expect([...browser.cookies.keys()]).toStrictEqual(['__Host-a']);
    await visit(store, browser, (session) => expect(session.get('essay')).toBe('short'));
  });

  it('spills what is too large into a backend, where it loses no update, and ends it there too', async () => {
    const store = cookieStore({ keys: [secret(1)], overflow: memory() });
    const browser = await browserWith(store, { n: 1 });
    const small = browser.cookies.get('__Host-a')?.length ?? 0;
    await visit(store, browser, (session) => session.set('essay', 'x'.repeat(200_000)));
    expect(browser.cookies.get('__Host-a')?.length).toBeLessThan(small + 100);
    await visit(store, browser, (session) => expect(session.get('essay')).toHaveLength(200_000));
    const requests = [browser.request(), browser.request()];
    for (const request of requests) (await store.get(request, 'a')).update('n', (n = 0) => n + 1);
    await Promise.all(requests.map((request) => save(request, new Response())));
    await visit(store, browser, (session) => expect(session.get('n')).toBe(3));
    const thief = browser.copy();
    await visit(store, browser, (session) => session.logout());
    expect(await store.get(thief.request(), 'a')).toMatchObject({ isNew: true, rejected: 'gone' });
    const without = cookieStore({ keys: [secret(1)] });
    expect(await without.get(thief.request(), 'a')).toMatchObject({ isNew: true, rejected: 'gone' });
  });

  it('opens no value under another name', async () => {
    const store = cookieStore({ keys: [secret(1)] });
    const browser = await browserWith(store, { admin: true });
    const session = await present(store, `__Host-b=${browser.cookies.get('__Host-a')}`, 'b');
    expect(session).toMatchObject({ isNew: true, rejected: 'tampered', size: 0 });
  });

  it('cannot list, and ends nobody else’s session without "revocations"', async () => {
    const store = cookieStore({ keys: [secret(1)] });
    expect(() => store.list('ada')).toThrow(TypeError);
    await expect(store.revokeAll('ada')).rejects.toThrow(/the option "revocations"/);
    await expect(store.revoke('AAAAAAAAAAAAAAAA')).rejects.toThrow(/the option "revocations"/);
  });
});

describe('a server store', () => {
  const start = async () => {
    const store = serverStore({ keys: [secret(1)], backend: memory() });
    return { store, browser: await browserWith(store, { n: 0, list: [] }) };
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
    const requests = [browser.request(), browser.request(), browser.request(), browser.request()];
    const [session, moved, login, ended] = await Promise.all(requests.map((request) => store.get(request, 'a')));
    session?.set('late', true);
    await moved?.regenerate();
    await login?.login('ada');
    ended?.logout();
    const last = requests.pop();
    if (last !== undefined) await save(last, new Response());
    for (const request of requests) {
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
    await session.login('u7');
    const response = await save(login, new Response());
    other.set('late', true);
    expect((await save(late, new Response())).headers.getSetCookie()).toStrictEqual([]);
    browser.take(response);
    const after = await store.get(browser.request(), 'a');
    expect(Object.fromEntries(after.entries())).toStrictEqual({ n: 0, list: [], early: true, user: 7 });
  });

  it('lists the sessions of a subject, one for each login, and ends one by its id', async () => {
    const { store } = await start();
    const [phone, laptop] = [new Browser(), new Browser()];
    for (const browser of [phone, laptop]) await visit(store, browser, (session) => session.login('ada'));
    const ids = await Promise.all([phone, laptop].map(async (one) => (await store.get(one.request(), 'a')).id));
    const listed = await collect(store.list('ada'));
    expect(listed.map(({ id }) => id).sort()).toStrictEqual(ids.toSorted());
    await store.revoke(ids[0] ?? '');
    expect(await store.get(phone.request(), 'a')).toMatchObject({ isNew: true, rejected: 'gone' });
    expect(await store.get(laptop.request(), 'a')).toMatchObject({ isNew: false, subject: 'ada' });
    expect((await collect(store.list('ada'))).map(({ id }) => id)).toStrictEqual([ids[1]]);
  });
});
