/** A read says nothing: no write, no header beside Vary, and no Set-Cookie line of anybody else is touched, not even one of its own name. */
import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { memory } from '../../../packages/sessions/src/backends/memory.ts';
import { commit, save, saveBeforeHeaders, withSessions } from '../../../packages/sessions/src/response/save.ts';
import type { Session } from '../../../packages/sessions/src/session/session.ts';
import { cookieStore } from '../../../packages/sessions/src/store/cookie-store.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import { browserWith, visit } from '../support/visit.ts';
import { Watched } from '../support/watched.ts';
import { Browser, kinds, secret } from '../support.ts';

const reads: [string, (session: Session) => unknown][] = [
  ['asks for it', () => undefined],
  ['gets a value', (session) => session.get('user')],
  ['gets an object', (session) => session.get('cart')],
  ['looks at everything', (session) => [...session, ...session.keys(), ...session.values(), session.size]],
  ['looks at messages', (session) => [session.peekFlashes(), session.flashes('none'), session.keepFlashes()]],
  ['looks at what it says of itself', (session) => [session.id, session.expiresAt, { ...session.options }]],
  ['deletes what is not there', (session) => [session.delete('nothing'), session.pop('nothing')]],
];

const THEIRS = '__Host-a=theirs; Path=/; Secure';

describe.each(kinds)('with %s store', (kind) => {
  describe.each([true, false])('a handler that has a session: %s', (hasSession) => {
    it.each(reads)('and only %s, writes nothing and leaves every Set-Cookie line', async (_name, read) => {
      const store = kind.create();
      const browser = hasSession ? await browserWith(store, { user: 'ada', cart: ['apple'] }) : new Browser();
      const before = kind.writes();
      const lines = [THEIRS, 'b=c', '__Host-a=; Max-Age=0; Path=/; Secure'];
      const handle = withSessions(async (request) => {
        await read(await store.get(request, 'a'));
        const headers = new Headers(lines.map((line): [string, string] => ['set-cookie', line]));
        return new Response('x', { headers });
      });
      const response = await handle(browser.request());
      expect(response.headers.getSetCookie()).toStrictEqual(lines);
      expect([response.headers.get('cache-control'), response.headers.get('vary')]).toStrictEqual([null, 'Cookie']);
      expect(kind.writes()).toBe(before);
      expect((await commit(browser.request())).cookies).toStrictEqual([]);
    });
  });

  it('a layer in front that reads lets the login of a layer behind through: Fetch', async () => {
    const store = kind.create();
    const app = withSessions(async (request) => {
      (await store.get(request, 'a')).set('user', 'ada');
      return new Response('in');
    });
    const proxy = withSessions(async (request) => {
      (await store.get(request, 'a')).get('user');
      return app(new Request(request));
    });
    const response = await proxy(new Request('https://example.org/'));
    expect(response.headers.getSetCookie()).toHaveLength(1);
    const browser = new Browser();
    browser.take(response);
    expect((await store.get(browser.request(), 'a')).get('user')).toBe('ada');
  });

  it('a layer in front that reads lets the login of a layer behind through: a proxy of node:http', async () => {
    const store = kind.create();
    const app = createServer(async (request, response) => {
      (await store.get(request, 'a')).set('user', 'ada');
      await save(request, response);
      response.end('in');
    });
    const appAt = await listen(app);
    const proxy = createServer(async (request, response) => {
      saveBeforeHeaders(request, response);
      (await store.get(request, 'a')).get('user');
      const answer = await fetch(appAt);
      response.writeHead(answer.status, { 'Set-Cookie': answer.headers.getSetCookie() });
      response.end(await answer.text());
    });
    const response = await fetch(await listen(proxy));
    for (const server of [app, proxy]) server.close();
    expect(response.headers.getSetCookie()).toHaveLength(1);
  });

  it('a Response that a handler returns to everyone takes no visitor’s cookie to another', async () => {
    const store = kind.create();
    const shared = new Response(null, { status: 303, headers: { location: '/' } });
    const handle = withSessions(async (request) => {
      if (request.headers.has('cookie')) (await store.get(request, 'a')).set('user', 'ada');
      return shared;
    });
    const ada = await handle(new Request('https://example.org/', { headers: { cookie: 'theme=dark' } }));
    expect(ada.headers.getSetCookie()).toHaveLength(1);
    expect((await handle(new Request('https://example.org/'))).headers.getSetCookie()).toStrictEqual([]);
    expect(shared.headers.getSetCookie()).toStrictEqual([]);
  });

  it('a new session that stays empty writes nothing and sends nothing', async () => {
    const empty: ((session: Session) => unknown)[] = [
      (session) => session.clear(),
      (session) => session.set('n', 1).delete('n'),
      (session) => session.set('n', 1).clear(),
      (session) => session.set('n', 1).pop('n'),
      (session) => [session.addFlash('x'), session.flashes()],
      (session) => session.logout(),
      (session) => session.regenerate(),
      (session) => void (session.options.maxAge = 60),
    ];
    const before = kind.writes();
    for (const use of empty) expect(await visit(kind.create(), new Browser(), use)).toStrictEqual([]);
    expect(kind.writes()).toBe(before);
  });

  it('an empty session of somebody who was there stays a session', async () => {
    const store = kind.create();
    const browser = await browserWith(store, { n: 1 });
    await visit(store, browser, (session) => session.clear());
    expect(await store.get(browser.request(), 'a')).toMatchObject({ isNew: false, size: 0 });
  });
});

describe('a synchronous backend', () => {
  it('makes no reader wait: the commit of a read session gives no promise to the backend', async () => {
    const store = serverStore({ keys: [secret(1)], backend: memory() });
    const browser = await browserWith(store, { n: 1 });
    const server = createServer(async (request, response) => {
      saveBeforeHeaders(request, response);
      await store.get(request, 'a');
      response.writeHead(200);
      expect(response.headersSent).toBe(true); // at once
      response.end('x');
    });
    const response = await fetch(await listen(server), { headers: browser.request().headers });
    server.close();
    expect(response.status).toBe(200);
  });

  it('is asked for nothing by who has no cookie', async () => {
    const watched = new Watched();
    const store = serverStore({ keys: [secret(1)], backend: watched.backend });
    await visit(store, new Browser(), (session) => session.get('n'));
    expect(watched.calls).toStrictEqual([]);
  });
});

describe('chunk cookies of an older store', () => {
  it.each<[string, (session: Session) => unknown, string[]]>([
    ['a change', (session) => session.set('n', 1), ['__Host-a']],
    ['a logout', (session) => session.logout(), []],
  ])('are deleted with %s, where the sessions have moved to a server', async (_name, use, left) => {
    const chunked = cookieStore({ keys: [secret(1)], chunks: 4 });
    const browser = await browserWith(chunked, { text: 'x'.repeat(9000) });
    expect(browser.cookies.size).toBe(3);
    await visit(serverStore({ keys: [secret(1)], backend: memory() }), browser, use);
    expect([...browser.cookies.keys()]).toStrictEqual(left);
  });
});

async function listen(server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}
