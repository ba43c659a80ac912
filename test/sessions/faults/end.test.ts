/** An end is an end: at whatever moment of another request it comes, neither the old nor the new id opens afterwards. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it, vi } from 'vitest';
import type { Backend } from '../../../packages/sessions/src/backends/backend.ts';
import { commit, saveBeforeHeaders, withSessions } from '../../../packages/sessions/src/response/save.ts';
import type { Session } from '../../../packages/sessions/src/session/session.ts';
import { cookieStore } from '../../../packages/sessions/src/store/cookie-store.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import type { Store } from '../../../packages/sessions/src/store/store.ts';
import { visit } from '../support/visit.ts';
import { Watched } from '../support/watched.ts';
import { Browser, clock, secret, withoutList } from '../support.ts';

const shared = { keys: [secret(1)], now: clock.now };
const stores: Readonly<Record<string, (backend: Backend) => Store>> = {
  'a server store': (backend) => serverStore({ ...shared, backend }),
  'a server store whose backend cannot list': (backend) => serverStore({ ...shared, backend: withoutList(backend) }),
  'a cookie store with revocations': (revocations) => cookieStore({ ...shared, revocations }),
  'a cookie store with revocations and overflow': (backend) =>
    cookieStore({ ...shared, revocations: backend, overflow: backend }),
};

type Deed = (session: Session, store: Store) => unknown;

const moves: Readonly<Record<string, Deed>> = {
  'regenerate()': (session) => session.regenerate(),
  'login() of the same user': (session) => session.login('ada'),
  'a change': (session) => session.set('x', 1),
  'a change that outgrows the cookie': (session) => void session.set('notes', 'x'.repeat(4000)),
};

const ends: Readonly<Record<string, Deed>> = {
  'logout()': (session) => session.logout(),
  'revokeAll()': (_session, store) => store.revokeAll('ada'),
  'revoke()': (session, store) => store.revoke(session.id),
};

/** Every pair of a move and an end, with every store in which both are possible. */
const pairs = Object.entries(stores)
  .flatMap(([storeName, create]) =>
    Object.entries(moves).flatMap(([moveName, move]) =>
      Object.entries(ends).map(([endName, end]) => ({ storeName, create, moveName, move, endName, end })),
    ),
  )
  .filter(
    ({ storeName, moveName }) =>
      moveName !== 'a change that outgrows the cookie' || storeName !== 'a cookie store with revocations',
  );

describe.each(pairs)('$endName and $moveName, with $storeName', ({ create, moveName, move, endName, end }) => {
  it('at every moment of the other request, ends the session', async () => {
    // A login reads the user's number first. If every session was revoked before that, it is a new login.
    const first = moveName === 'login() of the same user' && endName === 'revokeAll()' ? 1 : 0;
    expect(await interleaved(create, move, end, first)).toBeGreaterThan(first);
  });

  it('with the other request at every moment of its own, ends the session', async () => {
    expect(await interleaved(create, end, move)).toBeGreaterThan(0);
  });
});

/**
 * Lets `inner` happen as a whole before each call that `outer` makes to the backend, in a session of its own for each moment; both requests
 * have loaded the session before. @returns how many moments there were.
 */
async function interleaved(create: (backend: Backend) => Store, outer: Deed, inner: Deed, first = 0): Promise<number> {
  for (let moment = first; ; moment++) {
    const watched = new Watched({ now: clock.now });
    const store = create(watched.backend);
    const browser = new Browser();
    await visit(store, browser, (session) => session.set('user', 'ada').login('ada'));
    const cookies = [new Map(browser.cookies)];
    const start = async (deed: Deed) => {
      const server = create(watched.backend); // each request on a server of its own
      const request = browser.request();
      const session = await server.get(request, 'a');
      return async () => {
        await deed(session, server);
        const committed = await commit(request);
        const set = committed.cookies
          .map(({ name, value }) => [name, value] as const)
          .filter(([, value]) => value !== '');
        if (set.length > 0) cookies.push(new Map(set));
        const [result] = committed.sessions;
        if (result?.outcome === 'failed') throw result.error;
      };
    };
    const [runOuter, runInner] = [await start(outer), await start(inner)];
    let calls = 0;
    let isDone = false;
    watched.fault = async () => {
      if (calls++ !== moment) return undefined;
      isDone = true;
      watched.fault = undefined;
      await runInner();
      return undefined;
    };
    await runOuter();
    watched.fault = undefined;
    if (!isDone) return moment;
    for (const [at, jar] of cookies.entries()) {
      const cookie = Array.from(jar, ([name, value]) => `${name}=${value}`).join('; ');
      const session = await store.get({ headers: { cookie } }, 'a');
      expect({ moment, cookie: at, user: session.get('user') }).toStrictEqual({ moment, cookie: at, user: undefined });
    }
  }
}

describe('a logout', () => {
  it('ends what has been copied from before a session outgrew its cookie', async () => {
    const backend = new Watched({ now: clock.now }).backend;
    const store = cookieStore({ ...shared, revocations: backend, overflow: backend });
    const browser = new Browser();
    await visit(store, browser, (session) => session.set('user', 'ada').login('ada'));
    const small = browser.copy();
    await visit(store, browser, (session) => session.set('notes', 'x'.repeat(5000)));
    await visit(store, browser, (session) => session.logout());
    expect(await store.get(small.request(), 'a')).toMatchObject({
      isNew: true,
      rejected: expect.stringMatching(/^(gone|revoked)$/),
    });
  });

  it('ends every genuine cookie of the name that the browser sends', async () => {
    const store = serverStore({ ...shared, backend: new Watched({ now: clock.now }).backend });
    const [one, other] = [new Browser(), new Browser()];
    for (const browser of [one, other]) await visit(store, browser, (session) => session.login('ada'));
    const both = [one, other].map((browser) => `__Host-a=${browser.cookies.get('__Host-a')}`).join('; ');
    const request = { headers: { cookie: both } };
    (await store.get(request, 'a')).logout();
    await commit(request);
    for (const browser of [one, other]) expect((await store.get(browser.request(), 'a')).rejected).toBe('gone');
  });

  it.each([
    ['end()', (response: ServerResponse) => response.end('bye')],
    [
      'pipeline() of a stream',
      (response: ServerResponse) => pipeline(Readable.from(['bye']), response).catch(() => {}),
    ],
    ['nothing', () => {}],
  ])('counts although the visitor has left before the answer, which is %s', async (_name, answer) => {
    const store = serverStore({ ...shared, backend: new Watched({ now: clock.now }).backend });
    const browser = new Browser();
    await visit(store, browser, (session) => session.login('ada'));
    const copy = browser.copy();
    const leave = new AbortController();
    const server = createServer(async (request, response) => {
      saveBeforeHeaders(request, response);
      (await store.get(request, 'a')).logout();
      const closed = once(response, 'close');
      leave.abort();
      await closed;
      await answer(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    const { headers } = browser.request();
    await expect(fetch(url, { headers, signal: leave.signal })).rejects.toThrow(/abort/);
    await expect.poll(async () => (await store.get(copy.request(), 'a')).rejected).toBe('gone');
    server.close();
  });

  it('that fails while the handler throws is told, and the handler’s error goes on', async () => {
    const watched = new Watched({ now: clock.now });
    const store = serverStore({ ...shared, backend: watched.backend });
    const browser = new Browser();
    await visit(store, browser, (session) => session.login('ada'));
    const broken = new Error('connection lost');
    watched.fault = (verb) => {
      if (verb === 'set') throw broken;
      return undefined;
    };
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const handle = withSessions(async (request) => {
      (await store.get(request, 'a')).logout();
      throw new Error('of the handler');
    });
    await expect(handle(browser.request())).rejects.toThrow('of the handler');
    expect(console.error).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ cause: broken }));
    vi.restoreAllMocks();
  });
});
