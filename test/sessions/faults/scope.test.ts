/** Whose session is it? Copies and wrappers of a request have its sessions, another visitor's request has not, and two copies of the package agree. */
import { createServer } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { commit, save, saveBeforeHeaders, withSessions } from '../../../packages/sessions/src/response/save.ts';
import type { SessionRequest } from '../../../packages/sessions/src/store/request.ts';
import type { Store } from '../../../packages/sessions/src/store/store.ts';
import { mintCookie } from '../../../packages/sessions/src/testing/testing.ts';
import { until } from '../../support/eventually.ts';
import { browserWith, visit } from '../support/visit.ts';
import { Browser, kinds, revocable } from '../support.ts';

const copies: [string, (request: Request) => SessionRequest][] = [
  ['request.clone()', (request) => request.clone()],
  ['new Request(request)', (request) => new Request(request)],
  ['a Request with another URL', (request) => new Request('https://example.org/next', { headers: request.headers })],
  ['{ headers }', (request) => ({ headers: request.headers })],
  ['{ headers } as a record', (request) => ({ headers: Object.fromEntries(request.headers) })],
  ['{ request }', (request) => ({ request })],
  ['{ raw }', (request) => ({ raw: request })],
  ['{ req: { raw } }', (request) => ({ req: { raw: request } })],
  ['a Proxy', (request) => new Proxy(request, { get: (target, name) => bound(target, name) })],
  ['a frozen object', (request) => Object.freeze({ headers: request.headers })],
];

function bound(target: object, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name);
  return typeof value === 'function' ? value.bind(target) : value;
}

/** A change by one object of the request, seen by another, and saved. */
async function changeByTwo(store: Store, one: SessionRequest, other: SessionRequest): Promise<void> {
  (await store.get(one, 'a')).set('user', 'ada');
  expect((await store.get(other, 'a')).get('user')).toBe('ada');
}

describe.each(kinds)('with %s store', (kind) => {
  it.each(copies)('under withSessions %s has the same session, asked for first or second', async (_name, copyOf) => {
    for (const isFirst of [true, false]) {
      const store = kind.create();
      const handle = withSessions(async (request) => {
        const copy = copyOf(request);
        await (isFirst ? changeByTwo(store, copy, request) : changeByTwo(store, request, copy));
        return new Response('hello');
      });
      const browser = await browserWith(store, { n: 1 });
      await browser.visit(handle);
      expect((await store.get(browser.request(), 'a')).get('user')).toBe('ada');
    }
  });

  it('under saveBeforeHeaders, what a framework makes of the request has the same session', async () => {
    const store = kind.create();
    const server = createServer(async (request, response) => {
      saveBeforeHeaders(request, response);
      const web = new Request('http://x/', { headers: { cookie: request.headers.cookie ?? '' } });
      await changeByTwo(store, web, { req: request });
      response.end('hello');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const browser = await browserWith(store, { n: 1 });
    const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    browser.take(await fetch(url, { headers: browser.request().headers }));
    server.close();
    expect((await store.get(browser.request(), 'a')).get('user')).toBe('ada');
  });

  it.each<[string, (request: Request) => SessionRequest]>([
    ['a Proxy', (request) => new Proxy(request, { get: (target, name) => bound(target, name) })],
    ['a wrapper', (request) => ({ request })],
  ])('without a scope %s of the request has its session', async (_name, copyOf) => {
    const store = kind.create();
    const request = new Request('https://example.org/');
    await changeByTwo(store, request, copyOf(request));
    expect((await commit(copyOf(request))).sessions).toMatchObject([{ outcome: 'created' }]);
  });

  it('inside a scope a request with other cookies is a visitor of its own', async () => {
    const store = kind.create();
    const [ada, bob] = [await browserWith(store, { user: 'ada' }), await browserWith(store, { user: 'bob' })];
    const handle = withSessions(async (request) => {
      (await store.get(request, 'a')).set('seen', true);
      const inner = bob.request(); // a page that asks its own server for bob's account
      const session = await store.get(inner, 'a');
      expect(session.get('user')).toBe('bob');
      session.set('seen', 'by ada');
      bob.take(await save(inner, new Response()));
      const minted = await mintCookie(store, 'a', (own) => own.set('user', 'eve'));
      expect((await store.get({ headers: { cookie: minted } }, 'a')).get('user')).toBe('eve');
      return new Response('hello');
    });
    expect((await ada.visit(handle)).status).toBe(200);
    const [his, hers] = [await store.get(bob.request(), 'a'), await store.get(ada.request(), 'a')];
    expect([his.get('user'), his.get('seen')]).toStrictEqual(['bob', 'by ada']);
    expect([hers.get('user'), hers.get('seen')]).toStrictEqual(['ada', true]);
  });

  it('visitors without cookies at the same time are not one', async () => {
    const store = kind.create();
    let arrived = 0;
    const handle = withSessions(async (request) => {
      const session = await store.get(request, 'a');
      session.set('n', arrived++);
      await until('all five have arrived', () => arrived === 5);
      return new Response(String((await store.get(request.clone(), 'a')).get('n')));
    });
    const responses = await Promise.all([1, 2, 3, 4, 5].map(() => handle(new Request('https://example.org/'))));
    expect((await Promise.all(responses.map((response) => response.text()))).sort()).toStrictEqual([
      '0',
      '1',
      '2',
      '3',
      '4',
    ]);
  });

  it('a handler inside a handler saves once, and its cookie is there once', async () => {
    const store = kind.create();
    const inner = withSessions(async (request) => {
      (await store.get(request, 'a')).set('inner', true);
      return new Response('in');
    });
    const outer = withSessions(async (request) => {
      const response = await inner(new Request(request));
      expect((await store.get(request, 'a')).get('inner')).toBe(true);
      return response;
    });
    const response = await outer(new Request('https://example.org/'));
    expect(response.headers.getSetCookie()).toHaveLength(1);
  });

  it('a socket looks at its session as it is by now, as its request lives for hours', async () => {
    const store = kind.create();
    const browser = new Browser();
    await visit(store, browser, (session) => session.login('ada'));
    const upgrade = browser.request();
    expect((await store.peek(upgrade, 'a')).subject).toBe('ada');
    await visit(store, browser, (session) => session.logout());
    const found = await store.peek(upgrade, 'a');
    expect([found.subject, found.rejected]).toStrictEqual(kind.isServer ? [undefined, 'gone'] : ['ada', undefined]);
  });
});

describe('two copies of the package', () => {
  afterEach(() => vi.resetModules());

  it.each(kinds)(
    'find the same sessions of one request, and one saves what the other has changed: %s store',
    async (kind) => {
      const store = kind.create();
      vi.resetModules();
      const other = await import('../../../packages/sessions/src/response/save.ts');
      expect(other.save).not.toBe(save);
      const request = new Request('https://example.org/');
      (await store.get(request, 'a')).set('n', 1);
      const response = await other.save(request, new Response());
      expect(response.headers.getSetCookie()).toHaveLength(1);
      const handle = other.withSessions(async (incoming: Request) => {
        (await store.get(incoming.clone(), 'a')).set('n', 2);
        return new Response();
      });
      expect((await handle(new Request('https://example.org/'))).headers.getSetCookie()).toHaveLength(1);
    },
  );

  it.each(kinds)('accept each other’s stores: a definition applies its schema to %s store', async (kind) => {
    const browser = await browserWith(kind.create(), { n: 'many' }, 'login');
    vi.resetModules();
    const { defineSession } = await import('../../../packages/sessions/src/store/define.ts');
    const validate = () => ({ issues: [{ message: 'no', path: ['n'] }] });
    const login = defineSession({
      store: kind.create(),
      name: 'login',
      schema: { '~standard': { version: 1, validate } },
    });
    expect(await login.get(browser.request())).toMatchObject({ rejected: 'invalid', size: 0 });
  });

  it.each(Object.entries(revocable))('accept each other’s sessions: except spares one, with %s', async (_, create) => {
    const store = create();
    vi.resetModules();
    const other = await import('../../../packages/sessions/src/store/define.ts');
    const login = other.defineSession({ store, name: 'login' });
    const browser = new Browser();
    const handle = withSessions(async (request) => {
      const session = await login.get(request);
      await session.login('ada');
      await store.revokeAll('ada', { except: session });
      return new Response();
    });
    await browser.visit(handle);
    expect((await login.get(browser.request())).subject).toBe('ada');
  });
});
