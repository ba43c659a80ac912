/** What tests of applications use: a clock, a cookie of a session, and the session of a response. */
import { describe, expect, it } from 'vitest';
import { withSessions } from '../../../packages/sessions/src/response/save.ts';
import { cookieStore } from '../../../packages/sessions/src/store/cookie-store.ts';
import { defineSession } from '../../../packages/sessions/src/store/define.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import {
  cookieHeaderFrom,
  createClock,
  mintCookie,
  readSession,
} from '../../../packages/sessions/src/testing/testing.ts';
import { present } from '../support/visit.ts';
import { Watched } from '../support/watched.ts';
import { kinds, secret } from '../support.ts';

describe('createClock()', () => {
  it('stands still until it is told to move, from the start of 2030 or from where it is told to', () => {
    const clock = createClock();
    expect([clock.now(), clock.now()]).toStrictEqual([1_893_456_000, 1_893_456_000]);
    clock.advance(0.5);
    expect([clock.now(), createClock(7).now()]).toStrictEqual([1_893_456_000.5, 7]);
  });

  it.each([-1, Number.NaN, '1', undefined])('does not go back, nor by %s', (seconds) => {
    // @ts-expect-error: what a program without types may pass
    expect(() => createClock().advance(seconds)).toThrow(/^"seconds" expected 0 or more, got/);
  });
});

describe.each(kinds)('with %s store', (kind) => {
  it('mintCookie() gives what a visitor with this session would send', async () => {
    const store = kind.create();
    const cookie = await mintCookie(store, 'a', async (session) => {
      await session.login('ada');
      session.set('n', 1);
    });
    const session = await present(store, cookie);
    expect([session.subject, session.get('n'), session.isNew]).toStrictEqual(['ada', 1, false]);
  });

  it('mintCookie() and readSession() take a definition, with its types', async () => {
    const login = defineSession<{ n: number }, string>({ store: kind.create(), name: 'login' });
    const cookie = await mintCookie(login, (session) => session.set('n', 1));
    const handle = withSessions(async (request) => {
      const session = await login.get(request);
      session.update('n', (n = 0) => n + 1);
      session.addFlash('hello');
      return new Response();
    });
    const response = await handle(new Request('https://example.org/', { headers: { cookie } }));
    const carried =
      cookieHeaderFrom(response) === '' ? await login.get({ headers: { cookie } }) : await readSession(login, response);
    const messages: string[] = carried.flashes();
    expect([carried.get('n'), messages]).toStrictEqual([2, ['hello']]);
  });

  it('mintCookie() inside a handler is a visitor of its own', async () => {
    const store = kind.create();
    const handle = withSessions(async (request) => {
      const cookie = await mintCookie(store, 'a', (session) => session.set('who', 'minted'));
      const session = await store.get(request, 'a');
      expect(session.has('who')).toBe(false);
      return new Response((await present(store, cookie)).get('who') === 'minted' ? 'ok' : 'no');
    });
    for (const headers of [{}, { cookie: 'theme=dark' }]) {
      expect(await (await handle(new Request('https://example.org/', { headers }))).text()).toBe('ok');
    }
  });

  it('readSession() of a response without a cookie is a session without values', async () => {
    expect(await readSession(kind.create(), 'a', new Response())).toMatchObject({ isNew: true, size: 0 });
  });
});

describe('mintCookie()', () => {
  it('gives every chunk of a session that is split', async () => {
    const store = cookieStore({ keys: [secret(1)], chunks: 4 });
    const cookie = await mintCookie(store, 'a', (session) => session.set('text', 'x'.repeat(9000)));
    expect(cookie.split('; ')).toHaveLength(3);
    expect((await present(store, cookie)).get('text')).toHaveLength(9000);
  });

  it('throws what the save throws', async () => {
    const store = cookieStore({ keys: [secret(1)] });
    const minting = mintCookie(store, 'a', (session) => session.set('text', 'x'.repeat(9000)));
    await expect(minting).rejects.toHaveProperty('code', 'ERR_SESSION_TOO_LARGE');
  });

  it('throws what the backend throws, in place of a cookie that leads nowhere', async () => {
    const watched = new Watched();
    watched.fault = () => {
      throw new Error('connection lost');
    };
    const store = serverStore({ keys: [secret(1)], backend: watched.backend });
    const minting = mintCookie(store, 'a', (session) => session.set('n', 1));
    await expect(minting).rejects.toHaveProperty('code', 'ERR_SESSION_BACKEND');
  });

  it.each([[undefined], [{}], [7]])('throws for %j in place of a store', async (source) => {
    const minting = Reflect.apply(mintCookie, undefined, [source, 'a', () => {}]);
    await expect(minting).rejects.toThrow(/expected a store and a name, or a session of defineSession\(\)/);
  });
});

describe('cookieHeaderFrom()', () => {
  it('is what a browser would send: the pairs without attributes, and no cookie that was deleted', () => {
    const lines = ['a=1; Path=/; Secure', 'b=; Max-Age=0; Path=/', 'c="x y"; HttpOnly', 'd=2; max-age=00'];
    const headers = new Headers(lines.map((line): [string, string] => ['set-cookie', line]));
    expect(cookieHeaderFrom(new Response(null, { headers }))).toBe('a=1; c="x y"; d=2');
    expect(cookieHeaderFrom(new Response())).toBe('');
  });
});
