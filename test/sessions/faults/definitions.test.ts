/** Definitions: nothing that the schema rejects is handed out or written, nothing that it accepts is lost, and it does not matter who asks first. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { memory } from '../../../packages/sessions/src/backends/memory.ts';
import { save } from '../../../packages/sessions/src/response/save.ts';
import { cookieStore } from '../../../packages/sessions/src/store/cookie-store.ts';
import { defineSession } from '../../../packages/sessions/src/store/define.ts';
import type { Schema } from '../../../packages/sessions/src/store/schema.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import type { Store } from '../../../packages/sessions/src/store/store.ts';
import { browserWith, visit } from '../support/visit.ts';
import { Browser, kinds, secret } from '../support.ts';

describe.each(kinds)('a schema, with %s store', (kind) => {
  const cart = z.object({ userId: z.string(), cart: z.array(z.string()) });

  it('with required keys lets a session fill up over several requests', async () => {
    const login = defineSession({ store: kind.create(), name: 'a', schema: cart });
    const browser = new Browser();
    const changes: ((session: Awaited<ReturnType<typeof login.get>>) => unknown)[] = [
      (session) => session.set('cart', ['apple']),
      (session) => session.update('cart', (items = []) => [...items, 'pear']),
      (session) => session.set('userId', 'ada'),
    ];
    for (const change of changes) {
      await browser.visit(async (request) => {
        change(await login.get(request));
        return save(request, new Response());
      });
    }
    const session = await login.get(browser.request());
    expect([session.get('userId'), session.get('cart'), session.rejected]).toStrictEqual([
      'ada',
      ['apple', 'pear'],
      undefined,
    ]);
  });

  it('with required keys eats no flash message of who is not logged in', async () => {
    const store = kind.create();
    defineSession({ store, name: 'a', schema: cart });
    const browser = new Browser();
    await visit(store, browser, (session) => session.addFlash('Wrong password'));
    await visit(store, browser, (session) => {
      expect([session.flashes(), session.rejected]).toStrictEqual([['Wrong password'], undefined]);
    });
  });

  it('that rejects what is there keeps the flash messages, as they are not its own', async () => {
    const browser = await browserWith(kind.create(), { userId: 7 });
    await visit(kind.create(), browser, (session) => session.addFlash('hello'));
    const store = kind.create();
    defineSession({ store, name: 'a', schema: cart });
    await visit(store, browser, (session) => {
      expect([session.rejected, session.size, session.flashes()]).toStrictEqual(['invalid', 0, ['hello']]);
    });
  });

  it('gives its defaults in the first request as in every other', async () => {
    const schema = z.object({ theme: z.string().default('dark'), n: z.number().default(0) });
    const themed = defineSession({ store: kind.create(), name: 'a', schema });
    const browser = new Browser();
    for (let n = 0; n < 3; n++) {
      await browser.visit(async (request) => {
        const session = await themed.get(request);
        expect([session.get('theme'), session.get('n')]).toStrictEqual(['dark', n]);
        session.update('n', (before = 0) => before + 1);
        return save(request, new Response());
      });
    }
  });

  it('that does not accept its own output is an error that says so, not a session that is wiped', async () => {
    const browser = await browserWith(kind.create(), { n: '5' });
    const schema = z.object({ n: z.string().transform(Number) });
    const broken = defineSession({ store: kind.create(), name: 'a', schema });
    await expect(broken.get(browser.request())).rejects.toThrow(/^"schema" expected one that accepts its own output/);
  });

  it('that throws once is asked again: what it has not validated is never handed out', async () => {
    const browser = await browserWith(kind.create(), { admin: 'yes, please' });
    let times = 0;
    const schema: Schema<{ admin: boolean }> = {
      '~standard': {
        version: 1,
        validate(value) {
          if (times++ === 0) throw new Error('temporarily');
          const isRight = typeof value === 'object' && value !== null && 'admin' in value && value.admin === true;
          return isRight ? { value: { admin: true } } : { issues: [{ message: 'no' }] };
        },
      },
    };
    const login = defineSession({ store: kind.create(), name: 'a', schema });
    const request = browser.request();
    await expect(login.get(request)).rejects.toThrow('temporarily');
    const session = await login.get(request);
    expect([session.rejected, session.get('admin')]).toStrictEqual(['invalid', undefined]);
  });

  it('lets values of which it says nothing be, whoever has set them', async () => {
    const store = kind.create();
    const login = defineSession({ store, name: 'a', schema: z.object({ user: z.string().optional() }) });
    const browser = new Browser();
    await browser.visit(async (request) => {
      (await store.get(request, 'a')).set('csrf', 'token');
      (await login.get(request)).set('user', 'ada');
      return save(request, new Response());
    });
    const session = await store.get(browser.request(), 'a');
    expect([session.get('csrf'), session.get('user')]).toStrictEqual(['token', 'ada']);
  });

  it('holds what is written: a wrong value throws at the save, names its key, and nothing is written', async () => {
    const store = kind.create();
    const login = defineSession({ store, name: 'a', schema: cart });
    const browser = await browserWith(kind.create(), { userId: 'ada', cart: [] });
    for (const get of [(request: Request) => login.get(request), (request: Request) => store.get(request, 'a')]) {
      const request = browser.request();
      const session = await get(request);
      Reflect.apply(session.set, session, ['userId', 7]);
      await expect(save(request, new Response())).rejects.toThrow('"userId" expected what the schema accepts');
      Reflect.apply(session.set, session, ['userId', 'bob']);
      await save(request, new Response()); // the same request, mended
    }
  });

  it('makes a session that it rejects nobody’s, under a new id', async () => {
    const browser = await browserWith(kind.create(), { v: 1 });
    await visit(kind.create(), browser, (session) => session.login('ada'));
    const before = await kind.create().get(browser.request(), 'a');
    const events: unknown[] = [];
    const store = kind.create({ onEvent: (event) => events.push(event) });
    const login = defineSession({ store, name: 'a', schema: z.object({ v: z.literal(2) }) });
    const session = await login.get(browser.request());
    expect(session).toMatchObject({ isNew: true, rejected: 'invalid', subject: undefined, authenticatedAt: undefined });
    expect(session.id).not.toBe(before.id);
    expect(events).toStrictEqual([{ type: 'rejected', name: 'a', reason: 'invalid' }]);
  });

  it('that has rejected a session gives what is saved instead of it another cookie, which the old one does not open', async () => {
    const browser = await browserWith(kind.create(), { v: 1 });
    const old = browser.copy();
    const login = defineSession({ store: kind.create(), name: 'a', schema: z.object({ v: z.literal(2) }) });
    await browser.visit(async (request) => {
      (await login.get(request)).set('v', 2);
      return save(request, new Response());
    });
    expect((await login.get(browser.request())).get('v')).toBe(2);
    expect((await login.get(old.request())).rejected).toBe(kind.isServer ? 'gone' : 'invalid');
  });

  it('works after a plain get of the same session, as in a middleware', async () => {
    const store = kind.create();
    const login = defineSession({ store, name: 'a', schema: cart, maxAge: 3600 });
    const request = new Request('https://example.org/');
    const session = await store.get(request, 'a');
    expect(await login.get(request)).toBe(session);
    expect(session.options.maxAge).toBe(3600);
  });
});

describe('a schema and another request that came between', () => {
  it.each([false, true])('keep the same values, whether there is a conflict (%s) or not', async (isConflict) => {
    const store = serverStore({ keys: [secret(1)], backend: memory() });
    const schema = z.object({ user: z.string().default('nobody'), n: z.number().optional() });
    const login = defineSession({ store, name: 'a', schema });
    const browser = new Browser();
    await visit(store, browser, (session) => session.set('user', 'ada'));
    const request = browser.request();
    (await store.get(request, 'a')).set('csrf', 'token');
    (await login.get(request)).update('n', (n = 0) => n + 1);
    if (isConflict) await visit(store, browser, (session) => session.set('n', 10).set('other', 1));
    await save(request, new Response());
    const session = await store.get(browser.request(), 'a');
    expect(Object.fromEntries(session.entries())).toStrictEqual(
      isConflict ? { user: 'ada', n: 11, other: 1, csrf: 'token' } : { user: 'ada', n: 1, csrf: 'token' },
    );
  });

  it('let a migrated session be migrated again where an old server has written in between', async () => {
    const shared = { keys: [secret(1)], backend: memory() };
    const browser = await browserWith(serverStore(shared), { user: 'ada' });
    const store = serverStore(shared);
    defineSession({
      store,
      name: 'a',
      schema: z.strictObject({ userId: z.string(), n: z.number().optional() }),
      migrate: (old) => ({ userId: old['user'] }),
    });
    const request = browser.request();
    (await store.get(request, 'a')).set('n', 1);
    await visit(serverStore(shared), browser, (session) => session.set('user', 'bob'));
    await save(request, new Response());
    const raw = await serverStore(shared).get(browser.request(), 'a');
    expect(Object.fromEntries(raw.entries())).toStrictEqual({ userId: 'bob', n: 1 });
  });
});

describe.each<[string, () => Store]>([
  ['a cookie store', () => cookieStore({ keys: [secret(1)] })],
  ['a cookie store with chunks', () => cookieStore({ keys: [secret(1)], chunks: 4 })],
  ['a server store', () => serverStore({ keys: [secret(1)], backend: memory() })],
])('a tenant, with %s', (_, create) => {
  it('gets no session of another tenant, of none, nor with one of its name in another place', async () => {
    const store = create();
    const context = (request: Request) => new URL(request.url).host;
    const login = defineSession({ store, name: 'login', context });
    const other = defineSession({ store, name: 'other', context: () => '' });
    const browser = new Browser();
    const request = browser.request('https://mallory.example/');
    const session = await login.get(request);
    session.addFlash('x'.repeat(2000));
    browser.take(await save(request, new Response()));
    for (const host of ['victim.example', 'mallory.example.', 'mallory.example:8443', 'xn--mallory.example']) {
      expect(await login.get(browser.request(`https://${host}/`))).toMatchObject({ isNew: true, rejected: 'tampered' });
    }
    expect((await login.get(browser.request('https://mallory.example/x'))).rejected).toBeUndefined();
    expect((await other.get(browser.request('https://mallory.example/'))).isNew).toBe(true);
  });
});
