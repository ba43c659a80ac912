/** What backends break and handlers do in the wrong order or with the wrong values: each has its code, and harms no other request. */
import { createServer } from 'node:http';
import { SealError } from '@sealring/codec';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../packages/sessions/src/carrier.ts';
import { cookieStore } from '../../packages/sessions/src/cookie-store.ts';
import { SessionError } from '../../packages/sessions/src/error.ts';
import { save, saveBeforeHeaders } from '../../packages/sessions/src/save.ts';
import { serverStore } from '../../packages/sessions/src/server-store.ts';
import type { Session } from '../../packages/sessions/src/session.ts';
import { type Verb, Watched } from './support/watched.ts';
import { Browser, secret } from './support.ts';

const createStores: [string, (watched: Watched) => Store][] = [
  ['a cookie store', () => cookieStore({ keys: [secret(1)] })],
  ['a cookie store with chunks', () => cookieStore({ keys: [secret(1)], chunks: 8 })],
  ['a server store', ({ backend }) => serverStore({ keys: [secret(1)], backend })],
];

describe('a backend that fails', () => {
  const broken = new Error('connection lost');
  const failOn = (watched: Watched, failing: Verb) => {
    watched.fault = (verb) => {
      if (verb === failing) throw broken;
    };
  };
  const failure = expect.objectContaining({ name: 'SessionError', code: 'ERR_SESSION_BACKEND', cause: broken });

  it('at get, is an error of get, and the same request may try again', async () => {
    const { watched, store, browser } = await start();
    failOn(watched, 'get');
    const request = browser.request();
    await expect(store.get(request, 'a')).rejects.toThrow(failure);
    await expect(store.get(request, 'a')).rejects.toBeInstanceOf(SessionError);
    watched.fault = undefined;
    expect((await store.get(request, 'a')).get('n')).toBe(1);
  });

  it.each<[Verb, (session: Session) => unknown]>([
    ['set', (session) => session.set('n', 2)],
    ['set', (session) => session.regenerate()],
    ['touch', (session) => session.regenerate()],
    ['delete', (session) => session.destroy()],
  ])('at %s, is an error of save, and the next request works', async (verb, change) => {
    const { watched, store, browser } = await start();
    failOn(watched, verb);
    const request = browser.request();
    await change(await store.get(request, 'a'));
    const response = new Response();
    await expect(save(request, response)).rejects.toThrow(failure);
    expect(response.headers.getSetCookie()).toStrictEqual([]);
    watched.fault = undefined;
    const next = browser.request();
    const session = await store.get(next, 'a');
    session.set('n', 3);
    await save(next, new Response());
  });

  it('at the set of a session that is new, gives no cookie', async () => {
    const { watched, store } = await start();
    failOn(watched, 'set');
    const request = new Request('https://example.org/');
    (await store.get(request, 'a')).set('n', 1);
    const response = new Response();
    await expect(save(request, response)).rejects.toThrow(failure);
    expect(response.headers.getSetCookie()).toStrictEqual([]);
  });

  it('that refuses every set for ever, is ERR_SESSION_CONFLICT after 16 tries, and nothing is written', async () => {
    const { watched, store, browser } = await start();
    watched.fault = (verb) => (verb === 'set' ? false : undefined);
    for (const change of [(session: Session) => session.set('n', 2), (session: Session) => session.regenerate()]) {
      watched.calls.length = 0;
      const request = browser.request();
      await change(await store.get(request, 'a'));
      const conflict = expect.objectContaining({ name: 'SessionError', code: 'ERR_SESSION_CONFLICT' });
      await expect(save(request, new Response())).rejects.toThrow(conflict);
      expect(watched.calls.filter((verb) => verb === 'set')).toHaveLength(16);
    }
    watched.fault = undefined;
    expect((await store.get(browser.request(), 'a')).get('n')).toBe(1);
  });

  it('beside another session that cannot be saved, leaves no rejection without a handler', async () => {
    const { watched, store, browser } = await start();
    const strict = cookieStore({ keys: [secret(1)] });
    const request = browser.request();
    (await store.get(request, 'a')).set('n', 2);
    (await strict.get(request, 'b')).set('essay', 'x'.repeat(6000));
    failOn(watched, 'set');
    const unhandled = await unhandledRejections(async () => {
      await expect(save(request, new Response())).rejects.toBeInstanceOf(SessionError);
    });
    expect(unhandled).toStrictEqual([]);
  });
});

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
    await expect(async () => session.destroy()).rejects.toThrow(withCode('ERR_SESSION_COMMITTED'));
    expect(session.get('n')).toBe(1);
  });

  it.each(createStores)('changes a session of %s after destroy, gets ERR_SESSION_DESTROYED', async (_kind, create) => {
    const store = create(new Watched());
    const browser = await login(store);
    const request = browser.request();
    const session = await store.get(request, 'a');
    session.destroy();
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

  const unsealable: [string, () => unknown][] = [
    ['a function', () => () => 1],
    ['a function inside', () => ({ deep: [{ handler: () => 1 }] })],
    ['a symbol', () => Symbol('x')],
    ['a promise', () => Promise.resolve(1)],
    ['an instance of an unknown class', () => new (class Cart {})()],
    ['a circle', createCircle],
  ];
  it.each(unsealable)(
    'keeps %s in a session, gets a SealError that names the path from save, and nothing is written',
    async (_name, create) => {
      for (const [, createStore] of createStores) {
        const watched = new Watched();
        const store = createStore(watched);
        const request = new Request('https://example.org/');
        (await store.get(request, 'a')).set('cart', create());
        const response = new Response();
        const error = await save(request, response).catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(SealError);
        expect(String(error)).toContain('cart');
        expect(watched.calls).toStrictEqual([]);
        expect(response.headers.getSetCookie()).toStrictEqual([]);
      }
    },
  );

  it('regenerates with a value that cannot be sealed, gets a SealError from save, and the session stays', async () => {
    const { store, browser } = await start();
    const request = browser.request();
    const session = await store.get(request, 'a');
    session.set('cart', () => 1);
    await session.regenerate();
    await expect(save(request, new Response())).rejects.toBeInstanceOf(SealError);
    expect((await store.get(browser.request(), 'a')).get('n')).toBe(1);
  });

  it('reads back what it has set and cannot be sealed, gets it, and the SealError from save', async () => {
    const { store, browser } = await start();
    const request = browser.request();
    const session = await store.get(request, 'a');
    const value = { handler: () => 1 };
    session.set('cart', value);
    expect(session.get('cart')).toBe(value);
    await expect(save(request, new Response())).rejects.toBeInstanceOf(SealError);
  });

  it('hides a function in a value that it was given, gets a SealError from save, and what was saved stays', async () => {
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

/** A server store with a session that is saved. */
async function start(): Promise<{ watched: Watched; store: Store; browser: Browser }> {
  const watched = new Watched();
  const store = serverStore({ keys: [secret(1)], backend: watched.backend });
  return { watched, store, browser: await login(store) };
}

async function login(store: Store): Promise<Browser> {
  const browser = new Browser();
  await browser.visit(async (request) => {
    (await store.get(request, 'a')).set('n', 1).set('list', []);
    return save(request, new Response());
  });
  return browser;
}

function changesOf(session: Session): (() => Promise<unknown>)[] {
  return [
    async () => session.set('n', 2),
    async () => session.update('n', () => 2),
    async () => session.clear(),
    async () => session.addFlash('x'),
    async () => session.keepFlashes(),
    async () => await session.regenerate(),
    async () => (session.subject = 'alice'),
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

/** What nobody has handled while `run` ran, and shortly after: in Node it ends the process. */
async function unhandledRejections(run: () => Promise<void>): Promise<unknown[]> {
  const before = process.listeners('unhandledRejection');
  const reasons: unknown[] = [];
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', (reason) => reasons.push(reason));
  await run();
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  process.removeAllListeners('unhandledRejection');
  for (const listener of before) process.on('unhandledRejection', listener);
  return reasons;
}
