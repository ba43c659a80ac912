/** The API as the design shows it, block by block, through the published names. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSealer, SealError } from '@sealring/codec';
import {
  commit,
  cookieStore,
  defineSession,
  generateKey,
  memory,
  type Rejection,
  save,
  saveBeforeHeaders,
  serverStore,
  typeRegistry,
  withSessions,
} from 'sealring';
import { file } from 'sealring/file';
import { cookieHeaderFrom, createClock, mintCookie, readSession } from 'sealring/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';

const key = generateKey();
const requestWith = (cookie: string) => new Request('https://example.org/', { headers: { cookie } });

afterEach(() => vi.unstubAllEnvs());

describe('the design', () => {
  it('sessions.ts: a missing key throws at first use, and says how to make one', async () => {
    vi.stubEnv('SESSION_KEY', undefined);
    const module = () => {
      const store = cookieStore({ keys: [process.env['SESSION_KEY']] });
      return defineSession<{ userId: string; cart: Map<string, number> }>({
        store,
        name: 'login',
        idleTimeout: 60 * 30,
      });
    };
    const broken = module();
    const request = new Request('https://example.org/');
    await expect(broken.get(request)).rejects.toThrow(
      /^"keys\[0\]" expected a key, got undefined: is SESSION_KEY set\? Make one with: npx @sealring\/cli keygen$/,
    );
    vi.stubEnv('SESSION_KEY', generateKey());
    const login = module();
    const session = await login.get(request);
    session.set('cart', new Map([['apple', 3]]));
    const cart: Map<string, number> | undefined = session.get('cart');
    expect(cart?.get('apple')).toBe(3);
  });

  it('Fetch: withSessions', async () => {
    const store = cookieStore({ keys: [key] });
    const worker = {
      fetch: withSessions(async (request) => {
        const session = await store.get(request, 'session-name');
        session.set(42, 43); // keys and values keep their types
        return new Response('ok');
      }),
    };
    const response = await worker.fetch(new Request('https://example.org/'));
    const session = await readSession(store, 'session-name', response);
    expect([...session]).toStrictEqual([[42, 43]]);
  });

  it('Fetch: save(request, response) returns the response', async () => {
    const store = cookieStore({ keys: [key] });
    const request = new Request('https://example.org/');
    (await store.get(request, 'session-name')).set('foo', 'bar');
    const response: Response = await save(request, new Response('ok'));
    expect((await readSession(store, 'session-name', response)).get('foo')).toBe('bar');
  });

  it.each([
    ['save(req, res)', false],
    ['saveBeforeHeaders(req, res)', true],
  ])('Node without a framework: %s', async (_name, isAutomatic) => {
    const store = cookieStore({ keys: [key] });
    const server = http.createServer(async (req, res) => {
      if (isAutomatic) saveBeforeHeaders(req, res);
      const session = await store.get(req, 'session-name');
      session.update('visits', (n = 0) => n + 1);
      if (!isAutomatic) await save(req, res);
      res.end('hello');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo; // trust boundary: a TCP server's address is never a string
      const response = await fetch(`http://127.0.0.1:${port}/`);
      expect(await response.text()).toBe('hello');
      expect((await readSession(store, 'session-name', response)).get('visits')).toBe(1);
    } finally {
      server.close();
    }
  });

  it('a cookie jar is a request and a response in one', async () => {
    const store = cookieStore({ keys: [key] });
    const login = defineSession<{ userId: string }>({ store, name: 'login' });
    const jarOf = (cookies: Map<string, string>) => {
      const set = vi.fn((name: string, value: string) => void cookies.set(name, value));
      return { get: (name: string) => ({ name, value: cookies.get(name) ?? '' }), set };
    };
    const cookies = new Map<string, string>();
    const jar = jarOf(cookies);
    const session = await login.get(jar);
    session.set('userId', 'u7');
    await save(jar);
    expect(jar.set).toHaveBeenCalledExactlyOnceWith(
      '__Host-login',
      expect.stringMatching(/^E/),
      expect.objectContaining({ httpOnly: true, secure: true, sameSite: 'lax', path: '/', maxAge: 86_400 * 30 }),
    );
    const next = jarOf(cookies); // another request of the same visitor
    expect((await login.get(next)).get('userId')).toBe('u7');
    await save(next);
    expect(next.set).not.toHaveBeenCalled();
  });

  it('the primitive: commit(request)', async () => {
    const store = serverStore({ keys: [key], backend: memory() });
    const request = { headers: { cookie: '' } };
    (await store.get(request, 'job')).set('n', 1);
    await store.get(request, 'read');
    const { cookies, sessions } = await commit(request);
    expect(sessions.map(({ name, outcome }) => ({ name, outcome }))).toStrictEqual([
      { name: 'job', outcome: 'created' },
      { name: 'read', outcome: 'unchanged' },
    ]);
    const [cookie] = cookies;
    expect(cookies).toHaveLength(1);
    expect(cookie).toMatchObject({ name: '__Host-job', attributes: { secure: true, sameSite: 'lax' } });
    expect(cookie?.line.startsWith(`__Host-job=${cookie.value}; Max-Age=2592000; `)).toBe(true);
    expect((await store.get({ headers: { cookie: `${cookie?.name}=${cookie?.value}` } }, 'job')).get('n')).toBe(1);
  });

  it('the life of a login in two words', async () => {
    const clock = createClock();
    const store = serverStore({ keys: [key], now: clock.now, backend: memory({ now: clock.now }) });
    const cookie = await mintCookie(store, 'login', (session) => session.set('cart', ['apple']));
    clock.advance(60);
    const request = requestWith(cookie);
    const session = await store.get(request, 'login');
    const { id } = session;
    await session.login('u7');
    expect([session.subject, session.authenticatedAt, session.createdAt]).toStrictEqual([
      'u7',
      clock.now(),
      clock.now(),
    ]);
    expect(session.id).not.toBe(id);
    const other = await mintCookie(store, 'login', (one) => one.login('u7'));
    await store.revokeAll('u7', { except: session });
    const next = requestWith(cookieHeaderFrom(await save(request, new Response())));
    expect((await store.get(requestWith(other), 'login')).rejected).toBe('gone');
    const again = await store.get(next, 'login');
    expect([again.subject, again.get('cart')]).toStrictEqual(['u7', ['apple']]);
    again.logout();
    const copy = requestWith(next.headers.get('cookie') ?? '');
    await save(next, new Response());
    expect((await store.get(copy, 'login')).rejected).toBe('gone');
  });

  it('flash messages, in any number of named bags', async () => {
    const store = cookieStore({ keys: [key] });
    const cookie = await mintCookie(store, 'a', (session) => {
      session.addFlash('Saved');
      session.addFlash('Card declined', 'errors');
    });
    const session = await store.get(requestWith(cookie), 'a');
    expect([session.flashes(), session.flashes('errors'), session.flashes()]).toStrictEqual([
      ['Saved'],
      ['Card declined'],
      [],
    ]);
  });

  it('options of this session only, remembered in the seal; a lifetime that is over already throws', async () => {
    const clock = createClock();
    const store = cookieStore({ keys: [key], maxAge: 3600, now: clock.now });
    const cookie = await mintCookie(store, 'a', (session) => {
      session.set('n', 1);
      session.options.maxAge = 86_400 * 30;
    });
    clock.advance(86_400 * 29);
    const session = await store.get(requestWith(cookie), 'a');
    expect(session.get('n')).toBe(1);
    expect(() => (session.options.maxAge = 86_400)).toThrow(RangeError);
  });

  it('key rotation: the first key seals, all open; encrypt false: signed, readable; keys may be a function', async () => {
    const [newKey, oldKey, legacyKey] = [generateKey(), generateKey(), generateKey()];
    const keys = [newKey, oldKey, { secret: legacyKey, encrypt: false }];
    for (const store of [cookieStore({ keys }), cookieStore({ keys: () => keys })]) {
      for (const older of [oldKey, { secret: legacyKey, encrypt: false }]) {
        const cookie = await mintCookie(cookieStore({ keys: [older] }), 'a', (session) => session.set('n', 1));
        expect(cookie).toMatch(typeof older === 'string' ? /^__Host-a=E/ : /^__Host-a=S/);
        const request = requestWith(cookie);
        expect((await store.get(request, 'a')).get('n')).toBe(1);
        const resealed = cookieHeaderFrom(await save(request, new Response()));
        expect((await cookieStore({ keys: [newKey] }).get(requestWith(resealed), 'a')).get('n')).toBe(1);
      }
    }
  });

  it('your own classes come back as themselves', async () => {
    class Money {
      readonly cents: number;
      readonly currency: string;
      constructor(cents: number, currency: string) {
        this.cents = cents;
        this.currency = currency;
      }
    }
    const types = typeRegistry().register('Money', Money, {
      encode: (m) => [m.cents, m.currency],
      decode: ([c, cur]) => new Money(c, cur),
    });
    const store = cookieStore({ keys: [key], types });
    const cookie = await mintCookie(store, 'a', (session) => session.set('owes', new Money(5, 'EUR')));
    expect((await store.get(requestWith(cookie), 'a')).get('owes')).toStrictEqual(new Money(5, 'EUR'));
  });

  it('what a session says of itself', async () => {
    const clock = createClock();
    const store = cookieStore({ keys: [key], now: clock.now });
    const session = await store.get(requestWith('__Host-a=junk!'), 'a');
    const rejected: Rejection | undefined = session.rejected;
    expect([session.isNew, session.name, rejected]).toStrictEqual([true, 'a', 'malformed']);
    expect([session.createdAt, session.expiresAt]).toStrictEqual([clock.now(), clock.now() + 86_400 * 30]);
    expect(session.id).toMatch(/^[\w-]{16}$/);
  });

  it('"get" takes no options, and a session of a definition goes wherever a session does', async () => {
    const store = serverStore({ keys: [key], backend: memory() });
    const login = defineSession<{ userId: string }>({ store, name: 'login' });
    expect(store.get).toHaveLength(2);
    const session = await login.get(new Request('https://example.org/'));
    await session.login('u7');
    await store.revokeAll('u7', { except: session });
    expect(session.subject).toBe('u7');
  });

  it('the codec alone, e.g. for a magic link', () => {
    const sealer = createSealer({ keys: [generateKey()], purpose: 'magic-link' });
    const token = sealer.seal({ team: 7 });
    const { value, issuedAt, keyId, stale } = sealer.open(token, { maxAge: 900 }); // throws SealError with a code
    expect({ value, stale }).toStrictEqual({ value: { team: 7 }, stale: false });
    expect([typeof issuedAt, keyId.length]).toStrictEqual(['number', 6]);
    expect(() => sealer.open('nonsense!')).toThrow(SealError);
    expect(sealer.safeOpen('nonsense!')).toMatchObject({ ok: false, code: 'ERR_SEAL_MALFORMED' });
  });

  it('backends have subpaths of their own', () => {
    expect(serverStore({ keys: [key], backend: file('/nonexistent/until/used') }).get).toBeTypeOf('function');
  });
});
