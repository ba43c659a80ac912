/** The API as the design shows it, block by block, through the published names. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSealer, generateKey, SealError, typeRegistry } from '@sealring/codec';
import { cookieStore, defineSession, memory, type Rejection, save, serverStore, withSessions } from 'sealring';
import { file } from 'sealring/file';
import { cookieHeaderFrom, createClock, mintCookie, readSession } from 'sealring/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const key = generateKey();
const requestWith = (cookie: string) => new Request('https://example.org/', { headers: { cookie } });

describe('the design', () => {
  it('in a nutshell: Fetch-standard request and response', async () => {
    const store = cookieStore({ keys: [key] });
    const worker = {
      async fetch(request: Request): Promise<Response> {
        const session = await store.get(request, 'session-name'); // always a session, even if empty
        session.set('foo', 'bar');
        session.set(42, 43); // keys and values keep their types
        return save(request, new Response('ok')); // every session of this request, at once
      },
    };
    const session = await readSession(store, 'session-name', await worker.fetch(new Request('https://example.org/')));
    expect(new Map(session.entries())).toStrictEqual(
      new Map<unknown, unknown>([
        ['foo', 'bar'],
        [42, 43],
      ]),
    );
  });

  it('Node: the same two calls take IncomingMessage and ServerResponse', async () => {
    const store = cookieStore({ keys: [key] });
    const server = http.createServer(async (req, res) => {
      const session = await store.get(req, 'session-name');
      session.update('visits', (n = 0) => n + 1); // replayed on conflict: concurrent requests never lose an increment
      await save(req, res); // before the headers are sent; later it throws ERR_SESSION_HEADERS_SENT
      res.end('hello');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo; // a TCP server's address is never a text
      const response = await fetch(`http://127.0.0.1:${port}/`);
      expect(await response.text()).toBe('hello');
      expect((await readSession(store, 'session-name', response)).get('visits')).toBe(1);
    } finally {
      server.close();
    }
  });

  it('typed, validated, once for the app', async () => {
    const store = cookieStore({ keys: [key] });
    const login = defineSession({
      store,
      name: 'login',
      schema: z.object({ userId: z.string(), cart: z.map(z.string(), z.number()) }).partial(),
      maxAge: 60 * 60 * 24 * 7,
      idleTimeout: 60 * 30,
    });
    const cookie = await mintCookie(store, 'login', (session) => session.set('cart', new Map([['apple', 3]])));
    const session = await login.get(requestWith(cookie));
    const cart: Map<string, number> | undefined = session.get('cart');
    expect(cart?.get('apple')).toBe(3);
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

  it('options per session, remembered inside the seal', async () => {
    const clock = createClock();
    const store = cookieStore({ keys: [key], maxAge: 3600, now: clock.now });
    const cookie = await mintCookie(store, 'a', (session) => {
      session.set('n', 1);
      session.options.maxAge = 86_400 * 30; // seconds; undefined: until the browser closes
    });
    clock.advance(86_400 * 29);
    expect((await store.get(requestWith(cookie), 'a')).get('n')).toBe(1);
  });

  it('key rotation: the first key seals, all open; encrypt false: signed, readable', async () => {
    const [newKey, oldKey, legacyKey] = [generateKey(), generateKey(), generateKey()];
    const store = cookieStore({ keys: [newKey, oldKey, { secret: legacyKey, encrypt: false }] });
    for (const older of [oldKey, { secret: legacyKey, encrypt: false }]) {
      const cookie = await mintCookie(cookieStore({ keys: [older] }), 'a', (session) => session.set('n', 1));
      expect(cookie).toMatch(typeof older === 'string' ? /^__Host-a=E/ : /^__Host-a=S/);
      const request = requestWith(cookie);
      expect((await store.get(request, 'a')).get('n')).toBe(1);
      const resealed = cookieHeaderFrom(await save(request, new Response()));
      expect((await cookieStore({ keys: [newKey] }).get(requestWith(resealed), 'a')).get('n')).toBe(1);
    }
  });

  it('your own classes come back as themselves', async () => {
    class Person {
      firstName = 'Ada';
      age = 36;
    }
    class Money {
      readonly cents: number;
      readonly currency: string;
      constructor(cents: number, currency: string) {
        this.cents = cents;
        this.currency = currency;
      }
    }
    const types = typeRegistry()
      .register('Person', Person, { fields: ['firstName', 'age'] })
      .register('Money', Money, { encode: (m) => [m.cents, m.currency], decode: ([c, cur]) => new Money(c, cur) });
    const store = cookieStore({ keys: [key], types });
    const cookie = await mintCookie(store, 'a', (session) =>
      session.set('who', new Person()).set('owes', new Money(5, 'EUR')),
    );
    const session = await store.get(requestWith(cookie), 'a');
    expect(session.get('who')).toStrictEqual(new Person());
    expect(session.get('owes')).toStrictEqual(new Money(5, 'EUR'));
  });

  it('several sessions in one request, even from different stores; one save', async () => {
    const cookies = cookieStore({ keys: [key] });
    const database = serverStore({ keys: [key], backend: memory() });
    const handler = withSessions(async (request) => {
      const cart = await cookies.get(request, 'cart');
      const user = await database.get(request, 'user');
      cart.update('n', (n = 0) => n + 1);
      user.update('n', (n = 0) => n + 1);
      return new Response(`${cart.get('n')} ${user.get('n')}`);
    });
    const first = await handler(new Request('https://example.org/'));
    expect(await (await handler(requestWith(cookieHeaderFrom(first)))).text()).toBe('2 2');
  });

  it('lifecycle', async () => {
    const store = serverStore({ keys: [key], backend: memory() });
    const request = new Request('https://example.org/');
    const session = await store.get(request, 'login');
    session.set('user', 7);
    await session.regenerate(); // new id, same values: at login
    session.subject = 'u7'; // who it belongs to
    const first = await save(request, new Response());
    const next = requestWith(cookieHeaderFrom(first));
    const again = await store.get(next, 'login');
    await store.revokeAll('u7', { except: again }); // log out everywhere
    expect([again.isNew, again.id, again.name, again.subject]).toStrictEqual([false, session.id, 'login', 'u7']);
    expect(Math.abs(again.createdAt - Date.now() / 1000)).toBeLessThan(60);
    const rejected: Rejection | undefined = again.rejected;
    expect(rejected).toBeUndefined();
    again.destroy(); // logout: wins over every request still in flight
    await save(next, new Response());
    expect((await readSession(store, 'login', first)).rejected).toBe('gone');
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
