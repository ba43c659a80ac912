/** What handlers do in the wrong order or with the wrong values: each has its code, and nothing is written. */
import { createServer } from 'node:http';
import { SealError } from '@sealring/codec';
import { describe, expect, it } from 'vitest';
import { save, saveBeforeHeaders } from '../../../packages/sessions/src/response/save.ts';
import type { Session } from '../../../packages/sessions/src/session/session.ts';
import { cookieStore } from '../../../packages/sessions/src/store/cookie-store.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import type { Store } from '../../../packages/sessions/src/store/store.ts';
import { browserWith } from '../support/visit.ts';
import { Watched } from '../support/watched.ts';
import { type Browser, secret } from '../support.ts';

const createStores: [string, (watched: Watched) => Store][] = [
  ['a cookie store', () => cookieStore({ keys: [secret(1)] })],
  ['a cookie store with chunks', () => cookieStore({ keys: [secret(1)], chunks: 8 })],
  ['a server store', ({ backend }) => serverStore({ keys: [secret(1)], backend })],
];

describe('a handler that', () => {
  it.each(createStores)('saves twice with %s, writes once and puts the same cookie there', async (_kind, create) => {
    const watched = new Watched();
    const store = create(watched);
    const request = new Request('https://example.org/');
    (await store.get(request, 'a')).set('n', 1);
    const [one, other] = await Promise.all([save(request, new Response()), save(request, new Response())]);
    const again = await save(request, one);
    expect(one.headers.getSetCookie()).toHaveLength(1);
    expect(other.headers.getSetCookie()).toStrictEqual(one.headers.getSetCookie());
    expect(again.headers.getSetCookie()).toStrictEqual(one.headers.getSetCookie());
    expect(watched.calls.filter((verb) => verb === 'set').length).toBeLessThanOrEqual(1);
  });

  it.each(createStores)('changes a session of %s after save, gets ERR_SESSION_COMMITTED', async (_kind, create) => {
    const request = new Request('https://example.org/');
    const session = await create(new Watched()).get(request, 'a');
    session.set('n', 1);
    await save(request, new Response());
    for (const change of changesOf(session)) await expect(change()).rejects.toThrow(withCode('ERR_SESSION_COMMITTED'));
    for (const end of ['logout', 'destroy'] as const) {
      expect(() => session[end]()).toThrow(withCode('ERR_SESSION_COMMITTED'));
    }
    expect(session.get('n')).toBe(1);
  });

  it.each(createStores)('changes a session of %s after logout, gets ERR_SESSION_DESTROYED', async (_kind, create) => {
    const store = create(new Watched());
    const browser = await login(store);
    const request = browser.request();
    const session = await store.get(request, 'a');
    session.logout();
    session.destroy();
    for (const change of changesOf(session)) await expect(change()).rejects.toThrow(withCode('ERR_SESSION_DESTROYED'));
    expect(session.get('n')).toBeUndefined();
    browser.take(await save(request, new Response()));
    expect(browser.cookies.size).toBe(0);
  });

  it('saves after the headers, gets ERR_SESSION_HEADERS_SENT, and nothing is written', async () => {
    const watched = new Watched();
    const store = serverStore({ keys: [secret(1)], backend: watched.backend });
    const errors: unknown[] = [];
    const server = createServer(async (request, response) => {
      (await store.get(request, 'a')).set('n', 1);
      response.flushHeaders();
      for (const late of [() => save(request, response), () => saveBeforeHeaders(request, response)]) {
        await new Promise((resolve) => resolve(late())).catch((error: unknown) => errors.push(error));
      }
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const response = await fetch(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`);
    server.close();
    expect(response.headers.getSetCookie()).toStrictEqual([]);
    expect(errors).toStrictEqual([withCode('ERR_SESSION_HEADERS_SENT'), withCode('ERR_SESSION_HEADERS_SENT')]);
    expect(watched.calls).toStrictEqual([]);
  });

  it('gives the session a property, gets a TypeError, where it meant set()', async () => {
    const session = await cookieStore({ keys: [secret(1)] }).get(new Request('https://example.org/'), 'a');
    for (const name of ['user', 'subject', 'id', 'maxAge']) {
      expect(() => Object.assign(session, { [name]: 'ada' })).toThrow(TypeError);
    }
    expect(() => Object.assign(session.options, { ttl: 5 })).toThrow(TypeError);
  });
});

describe('a value that cannot be sealed', () => {
  const unsealable: [string, () => unknown][] = [
    ['a function', () => () => 1],
    ['a function inside', () => ({ deep: [{ handler: () => 1 }] })],
    ['a symbol', () => Symbol('x')],
    ['a promise', () => Promise.resolve(1)],
    ['an instance of an unknown class', () => new (class Cart {})()],
    ['a circle', createCircle],
    ['half of a surrogate pair', () => '😀'.slice(0, 1)],
  ];
  it.each(unsealable)('%s: a SealError of save names its key, and nothing is written', async (_name, create) => {
    for (const [, createStore] of createStores) {
      const watched = new Watched();
      const request = new Request('https://example.org/');
      (await createStore(watched).get(request, 'a')).set('cart', create());
      const error = await save(request, new Response()).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(SealError);
      expect(String(error)).toMatch(/\$\.cart|cart/);
      expect(watched.calls).toStrictEqual([]);
    }
  });

  it.each(unsealable)('%s: once it is gone, the same request can be saved', async (_name, create) => {
    for (const [, createStore] of createStores) {
      const store = createStore(new Watched());
      const request = new Request('https://example.org/');
      const session = await store.get(request, 'a');
      session.set('cart', create()).set('n', 1);
      await expect(save(request, new Response())).rejects.toBeInstanceOf(SealError);
      session.delete('cart');
      expect((await save(request, new Response())).headers.getSetCookie()).toHaveLength(1);
    }
  });

  it('with a new id: the session stays as it was', async () => {
    const { store, browser } = await start();
    const request = browser.request();
    const session = await store.get(request, 'a');
    session.set('cart', () => 1);
    await session.regenerate();
    await expect(save(request, new Response())).rejects.toBeInstanceOf(SealError);
    expect((await store.get(browser.request(), 'a')).get('n')).toBe(1);
  });

  it('is read back as it is until the save', async () => {
    const { store, browser } = await start();
    const request = browser.request();
    const session = await store.get(request, 'a');
    const value = { handler: () => 1 };
    session.set('cart', value);
    expect(session.get('cart')).toBe(value);
    await expect(save(request, new Response())).rejects.toBeInstanceOf(SealError);
  });

  it('hidden in a value that was handed out: what was saved stays', async () => {
    const { watched, store, browser } = await start();
    const request = browser.request();
    const list = (await store.get(request, 'a')).get('list');
    if (Array.isArray(list)) list.push(() => 1);
    watched.calls.length = 0;
    await expect(save(request, new Response())).rejects.toBeInstanceOf(SealError);
    expect(watched.calls).toStrictEqual([]);
    expect((await store.get(browser.request(), 'a')).get('list')).toStrictEqual([]);
  });
});

async function start(): Promise<{ watched: Watched; store: Store; browser: Browser }> {
  const watched = new Watched();
  const store = serverStore({ keys: [secret(1)], backend: watched.backend });
  return { watched, store, browser: await login(store) };
}

function login(store: Store): Promise<Browser> {
  return browserWith(store, { n: 1, list: [] });
}

function changesOf(session: Session): (() => Promise<unknown>)[] {
  return [
    async () => session.set('n', 2),
    async () => session.update('n', () => 2),
    async () => session.delete('n'),
    async () => session.pop('n'),
    async () => session.clear(),
    async () => session.addFlash('x'),
    async () => session.keepFlashes(),
    async () => await session.regenerate(),
    async () => await session.login('alice'),
    async () => (session.options.maxAge = 60),
    async () => (session.options.sameSite = 'strict'),
  ];
}

function withCode(code: string): unknown {
  return expect.objectContaining({ name: 'SessionError', code });
}

function createCircle(): unknown {
  const circle: unknown[] = [];
  circle.push(circle);
  return circle;
}
