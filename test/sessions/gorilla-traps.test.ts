/** Traps of gorilla/sessions v1.4.0 and securecookie v1.1.2, §1.1 to §1.6, that nobody falls into here: seal, keys, flashes, registry. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { save, withSessions } from '../../packages/sessions/src/response/save.ts';
import { cookieStore } from '../../packages/sessions/src/store/cookie-store.ts';
import type { SessionEvent } from '../../packages/sessions/src/store/events.ts';
import { FIXTURES } from '../bench/fixtures.ts';
import { secret as bytes } from '../codec/support.ts';
import { until } from '../support/eventually.ts';
import { browserWith, present, visit } from './support/visit.ts';
import { Browser, clock, kinds, secret } from './support.ts';

const nameOf = (line: string): string => line.split('=')[0] ?? '';
const valueIn = (browser: Browser): string => browser.cookies.get('__Host-a') ?? '';
const withCode = (code: string): unknown => expect.objectContaining({ code });

afterEach(() => vi.restoreAllMocks());

describe.each(kinds)('§1.2 and §1.3 what a visitor sends, %s store', (kind) => {
  it.each<[string, (value: string) => string]>([
    ['a line break inside', (value) => `${value.slice(0, 20)}\n${value.slice(20)}`],
    ['a line break at the end', (value) => `${value}\r\n`],
    ['padding', (value) => `${value}${'='.repeat(4 - (value.length % 4))}`],
    ['a plus', (value) => `${value.slice(0, 40)}+${value.slice(41)}`],
    ['nothing but dots', () => '.....'],
    ['100,000 characters', () => 'E'.repeat(100_000)],
  ])('base64 is strict: %s is rejected', async (_name, spoil) => {
    const store = kind.create();
    const value = valueIn(await browserWith(store, { n: 1 }));
    expect((await present(store, `__Host-a=${spoil(value)}`)).rejected).toBe('malformed');
  });

  it('base64 is canonical: no second text opens as the same value', async () => {
    const store = kind.create();
    const value = valueIn(await browserWith(store, { n: 1 }));
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const others = [...alphabet].map((last) => value.slice(0, -1) + last).filter((other) => other !== value);
    for (const other of others) expect((await present(store, `__Host-a=${other}`)).rejected).toBeDefined();
  });

  it('a session of a server whose clock is ahead is rejected by none of the others, unless they are told to', async () => {
    const ahead = await browserWith(kind.create({ now: () => clock.now() + 3600 }), { n: 1 });
    expect((await kind.create().get(ahead.request(), 'a')).get('n')).toBe(1);
    expect((await kind.create({ limits: { clockSkew: 60 } }).get(ahead.request(), 'a')).rejected).toBe('future');
  });

  it('expired, forged and foreign are told apart, and none of them throws', async () => {
    const events: SessionEvent[] = [];
    const store = kind.create({ maxAge: 100, onEvent: (event) => events.push(event) });
    const value = valueIn(await browserWith(store, { n: 1 }));
    const forged = `${value.slice(0, 60)}${value[60] === 'A' ? 'B' : 'A'}${value.slice(61)}`;
    const foreign = valueIn(await browserWith(kind.create({ keys: [secret(9)] }), { n: 1 }));
    clock.advance(101);
    for (const one of [value, forged, foreign]) expect((await present(store, `__Host-a=${one}`)).size).toBe(0);
    const reasons = events.flatMap((event) => (event.type === 'rejected' ? [event.reason] : []));
    expect(reasons).toEqual(['expired', 'tampered', 'unknown-key']);
  });

  it('decoding merges into nothing: what a request does not save is in no other', async () => {
    const store = kind.create();
    const browser = await browserWith(store, { list: [1] });
    const session = await store.get(browser.request(), 'a');
    session.set('mine', 1);
    expect([...(await store.get(browser.request(), 'a')).entries()]).toEqual([['list', [1]]]);
  });
});

describe.each(kinds)('§1.4 keys and payload, %s store', (kind) => {
  const good = bytes(1);
  it.each<[string, readonly unknown[], RegExp]>([
    ['no key at all', [], /^"keys"/],
    ['one byte', [new Uint8Array(1)], /^"keys\[0\][".]/],
    ['31 bytes', [good.slice(1)], /^"keys\[0\][".]/],
    ['zeros', [new Uint8Array(32)], /^"keys\[0\][".]/],
    ['a password', ['correct horse battery staple'], /^"keys\[0\][".]/],
    ['null', [null], /^"keys\[0\][".]/],
    ['a bad first key before a good one', [new Uint8Array(0), good], /^"keys\[0\][".]/],
    ['a bad second key', [good, new Uint8Array(5)], /^"keys\[1\][".]/],
    ['one key twice', [good, good], /^"keys\[1\][".]/],
  ])('a bad key throws at construction, by its place: %s', (_name, keys, place) => {
    // @ts-expect-error: what a program without types may pass
    const create = () => kind.create({ keys });
    expect(create).toThrow(place);
  });

  it.each([
    ['the first', [undefined]],
    ['the second', [good, undefined]],
    ['an empty one', ['']],
  ])('a key that is missing throws at first use, so that a build without secrets works: %s', async (_name, keys) => {
    // trust boundary: an empty string is a key to the type, and what a variable without a value becomes
    const store = kind.create({ keys: keys as readonly (string | undefined)[] });
    const place = keys.findIndex((key) => key === undefined || key === '');
    const message = `"keys[${place}]" expected a key, got undefined: is SESSION_KEY set? Make one with: npx @sealring/cli keygen`;
    for (const cookie of ['', '__Host-a=junk!']) await expect(present(store, cookie)).rejects.toThrow(message);
  });

  it('sealing leaves what was put in as it was', async () => {
    const given = Uint8Array.from([1, 2, 3, 4]);
    await browserWith(kind.create(), { given });
    expect([...given]).toEqual([1, 2, 3, 4]);
  });

  it('a value that would not come back throws with its place, and is not dropped', async () => {
    class Point {
      x = 1;
    }
    const saving = browserWith(kind.create(), { at: { p: new Point() } });
    await expect(saving).rejects.toThrow(withCode('ERR_SEAL_TYPE_UNKNOWN'));
    await expect(saving).rejects.toThrow(/\bp: class Point is not registered/);
  });

  it('signed and readable works with keys and values of every type', async () => {
    const store = kind.create({ keys: [{ secret: secret(1), encrypt: false }] });
    const browser = new Browser();
    await visit(store, browser, (session) => session.set(42, new Date(0)).set('42', 1n));
    expect([...(await store.get(browser.request(), 'a')).entries()]).toEqual([
      [42, new Date(0)],
      ['42', 1n],
    ]);
  });
});

describe('§1.1 size', () => {
  const large = FIXTURES.find(({ name }) => name === 'L');

  it('a session of 2,471 bytes of JSON fits one cookie, where the format of gorilla takes 4,480 characters', async () => {
    const gorilla = 4 * Math.ceil((10 + 1 + 4 * Math.ceil(((large?.jsonBytes ?? 0) + 16) / 3) + 1 + 32) / 3);
    expect(gorilla).toBe(4480);
    const browser = await browserWith(cookieStore({ keys: [secret(1)] }), large?.value ?? {});
    expect([...browser.cookies.keys()]).toEqual(['__Host-a']);
    expect('__Host-a'.length + valueIn(browser).length).toBeLessThanOrEqual(4096);
  });

  it.each([5_000, 20_000, 200_000])('too large, by %i characters, is one error with one code', async (length) => {
    const saving = browserWith(cookieStore({ keys: [secret(1)] }), { text: 'x'.repeat(length) });
    await expect(saving).rejects.toThrow(withCode('ERR_SESSION_TOO_LARGE'));
  });
});

describe.each(kinds)('§1.5 flash messages, %s store', (kind) => {
  it.each(['_flash', 'default'])('a value of another shape under %s is not theirs', async (key) => {
    const store = kind.create();
    const browser = await browserWith(store, { [key]: 'a text' });
    await visit(store, browser, (session) => {
      expect(session.flashes()).toEqual([]);
      session.addFlash('x');
    });
    await visit(store, browser, (session) => {
      expect(session.flashes()).toEqual(['x']);
      expect(session.get(key)).toBe('a text');
    });
  });

  it('reading sticks with the save alone: a handler that fails loses no message', async () => {
    const store = kind.create();
    const browser = new Browser();
    await visit(store, browser, (session) => session.addFlash('x'));
    const failing = withSessions(async (request) => {
      expect((await store.get(request, 'a')).flashes()).toEqual(['x']);
      throw new Error('template');
    });
    await expect(browser.visit(failing)).rejects.toThrow('template');
    await visit(store, browser, (session) => expect(session.flashes()).toEqual(['x']));
  });
});

describe.each(kinds)('§1.6 registry, %s store', (kind) => {
  it('two stores with one name stay two: each reads and saves its own session', async () => {
    const [one, other] = [kind.create(), kind.create({ keys: [secret(2)], cookie: { prefix: 'none' } })];
    const request = new Request('https://example.org/');
    const [first, second] = [await one.get(request, 'a'), await other.get(request, 'a')];
    first.set('n', 1);
    second.set('n', 2);
    const browser = new Browser();
    browser.take(await save(request, new Response()));
    expect([...browser.cookies.keys()]).toEqual(['__Host-a', 'a']);
    expect((await one.get(browser.request(), 'a')).get('n')).toBe(1);
    expect((await other.get(browser.request(), 'a')).get('n')).toBe(2);
  });

  it('two stores that write one cookie: an error that names it, and nothing is done', async () => {
    const request = new Request('https://example.org/');
    const before = kind.writes();
    for (const store of [kind.create(), kind.create({ keys: [secret(2)] })])
      (await store.get(request, 'a')).set('n', 1);
    await expect(save(request, new Response())).rejects.toThrow(/^Two stores write the cookie "__Host-a"/);
    expect(kind.writes()).toBe(before);
  });

  it('a hundred concurrent gets are one session, loaded once', async () => {
    const onReject = vi.fn();
    const store = kind.create({ onReject });
    const request = new Request('https://example.org/', { headers: { cookie: '__Host-a=junk!' } });
    const sessions = await Promise.all(Array.from({ length: 100 }, () => store.get(request, 'a')));
    expect(new Set(sessions).size).toBe(1);
    expect(onReject).toHaveBeenCalledTimes(1);
  });

  it('Set-Cookie lines come in the order of the first get, every time', async () => {
    const store = kind.create();
    const names = ['m', 'z', 'b', 'y', 'a', 'x'];
    for (let times = 0; times < 10; times++) {
      const request = new Request('https://example.org/');
      for (const name of names) (await store.get(request, name)).set('n', 1);
      for (const name of [...names].reverse()) await store.get(request, name);
      const lines = (await save(request, new Response())).headers.getSetCookie();
      expect(lines.map(nameOf)).toEqual(names.map((name) => `__Host-${name}`));
    }
  });

  it('save writes the changed session alone', async () => {
    const store = kind.create();
    const browser = await browserWith(store, { n: 1 });
    await visit(store, browser, (session) => session.set('n', 1), 'b');
    const before = kind.writes();
    const response = await browser.visit(async (request) => {
      const [read, changed] = [await store.get(request, 'a'), await store.get(request, 'b')];
      changed.set('n', Number(read.get('n')) + 1);
      return save(request, new Response());
    });
    expect(response.headers.getSetCookie().map(nameOf)).toEqual(kind.isServer ? [] : ['__Host-b']);
    expect(kind.writes() - before).toBe(kind.isServer ? 1 : 0);
  });

  it('a copy of a request has the same sessions under withSessions, whether made before the first get or after', async () => {
    const store = kind.create();
    const handle = withSessions(async (request) => {
      const before = new Request(request);
      const session = await store.get(request, 'a');
      const copies = [before, new Request(request), request.clone(), { headers: { cookie: '' } }];
      const found = await Promise.all(copies.map((copy) => store.get(copy, 'a')));
      return Response.json(found.map((other) => other === session));
    });
    const request = new Request('https://example.org/', { headers: { cookie: '' } });
    expect(await (await handle(request)).json()).toEqual([true, true, true, true]);
    const session = await store.get(request, 'a');
    expect(await store.get(new Request(request), 'a')).not.toBe(session); // nobody has said that the two are one
  });

  it('nothing keeps a request or its session alive', async () => {
    setFlagsFromString('--expose-gc');
    const collect: unknown = runInNewContext('gc');
    const store = kind.create();
    const refs = await (async () => {
      const request = new Request('https://example.org/');
      return [new WeakRef<object>(request), new WeakRef<object>(await store.get(request, 'a'))];
    })();
    await until('request and session are collected', () => {
      if (typeof collect === 'function') collect();
      return refs.every((ref) => ref.deref() === undefined);
    });
  });
});
