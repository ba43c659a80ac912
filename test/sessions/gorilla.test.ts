/** Parity with gorilla/sessions v1.4.0 and securecookie v1.1.2: what they offer, and how it is done here. Titles name their part. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKey, parseToken, typeRegistry } from '@sealring/codec';
import { afterAll, describe, expect, it } from 'vitest';
import { file } from '../../packages/sessions/src/backends/file.ts';
import { save } from '../../packages/sessions/src/response/save.ts';
import { cookieStore } from '../../packages/sessions/src/store/cookie-store.ts';
import { serverStore } from '../../packages/sessions/src/store/server-store.ts';
import type { StoreOptions } from '../../packages/sessions/src/store/setup.ts';
import { browserWith, present, visit } from './support/visit.ts';
import { Browser, clock, kinds, secret } from './support.ts';

const root = mkdtempSync(join(tmpdir(), 'sealring-gorilla-'));
afterAll(() => rmSync(root, { recursive: true }));

describe.each(kinds)('§1.4 codecs and keys, %s store', (kind) => {
  it('CodecsFromPairs: the first key seals, all of them open', async () => {
    const browser = await browserWith(kind.create({ keys: [secret(2)] }), { n: 1 });
    const both = kind.create({ keys: [secret(1), secret(2)] });
    expect((await both.get(browser.request(), 'a')).get('n')).toBe(1);
    const fresh = await browserWith(both, { n: 2 });
    const first = await kind.create({ keys: [secret(1)] }).get(fresh.request(), 'a');
    expect(first.get('n')).toBe(2);
    const second = await kind.create({ keys: [secret(2)] }).get(fresh.request(), 'a');
    expect(second.rejected).toBe('unknown-key');
  });

  it('DecodeMulti: what an older key sealed is sealed again by the next save, once', async () => {
    const browser = await browserWith(kind.create({ keys: [secret(2)] }), { n: 1 });
    const both = kind.create({ keys: [secret(1), secret(2)] });
    expect(await visit(both, browser, () => {})).toHaveLength(1);
    expect(await visit(both, browser, () => {})).toHaveLength(0);
    expect((await kind.create({ keys: [secret(1)] }).get(browser.request(), 'a')).get('n')).toBe(1);
  });

  it('a pair without block key: signed, to be read by everyone and changed by no one', async () => {
    const store = kind.create({ keys: [{ secret: secret(3), encrypt: false }] });
    const browser = await browserWith(store, { n: 1 });
    const value = browser.cookies.get('__Host-a') ?? '';
    expect(parseToken(value).mode).toBe('signed');
    const forged = `${value.slice(0, 30)}${value[30] === 'A' ? 'B' : 'A'}${value.slice(31)}`;
    expect((await present(store, `__Host-a=${forged}`)).rejected).toBe('tampered');
    expect((await present(store, `__Host-a=${value}`)).get('n')).toBe(1);
  });

  it('GenerateRandomKey: generateKey makes what "keys" takes, a new one each time', async () => {
    const [one, other] = [generateKey(), generateKey()];
    expect(one).not.toBe(other);
    const browser = await browserWith(kind.create({ keys: [one] }), { n: 1 });
    expect((await kind.create({ keys: [other, one] }).get(browser.request(), 'a')).get('n')).toBe(1);
  });

  it('MaxLength: limits.bytes holds at sealing', async () => {
    const store = kind.create({ limits: { bytes: 100 } });
    const browser = await browserWith(store, { text: 'x'.repeat(50) });
    expect((await store.get(browser.request(), 'a')).size).toBe(1);
    await expect(browserWith(store, { text: 'x'.repeat(100) })).rejects.toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^ERR_SE\w+_TOO_LARGE$/) }),
    );
  });
});

describe.each(kinds)('§1.5 session, %s store', (kind) => {
  it('ID, Values, Options, IsNew, Name(): all there, the id too', async () => {
    const browser = new Browser();
    const store = kind.create({ maxAge: 100 });
    let id = '';
    await visit(store, browser, (session) => {
      expect(session).toMatchObject({ name: 'a', isNew: true, size: 0, options: { maxAge: 100 } });
      session.set('n', 1);
      id = session.id;
    });
    expect(id).toMatch(/^[\w-]{16,}$/);
    await visit(store, browser, (session) => {
      expect(session).toMatchObject({ name: 'a', isNew: false, size: 1, options: { maxAge: 100 }, id });
    });
  });

  it('Values of any key and any value: each comes back with its type', async () => {
    class Person {
      name = 'Ada';
    }
    const store = kind.create({ types: typeRegistry().register('P', Person, { fields: ['name'] }) });
    const browser = new Browser();
    const values: [unknown, unknown][] = [
      ['text', 'ü'],
      [42, 43],
      ['42', 'a text as key'],
      [true, [1n, undefined, null]],
      ['when', new Date(1_767_225_600_123)],
      ['map', new Map<unknown, unknown>([[1, new Set(['x'])]])],
      ['bytes', new Uint8Array([0, 255])],
      ['person', new Person()],
    ];
    await visit(store, browser, (session) => {
      for (const [key, value] of values) session.set(key, value);
    });
    await visit(store, browser, (session) => {
      expect([...session.entries()]).toStrictEqual(values);
      expect(session.get('person')).toBeInstanceOf(Person);
    });
  });

  it('delete(session.Values, key): delete says whether it was there, clear removes all', async () => {
    const store = kind.create();
    const browser = await browserWith(store, { a: 1, b: 2, c: 3 });
    await visit(store, browser, (session) => expect([session.delete('a'), session.delete('z')]).toEqual([true, false]));
    await visit(store, browser, (session) => {
      expect([...session.entries()].map(([key]) => key)).toEqual(['b', 'c']);
      session.clear();
    });
    await visit(store, browser, (session) => expect(session).toMatchObject({ isNew: false, size: 0 }));
  });

  it('AddFlash and Flashes: a bag by name or the default one, gone when read and saved, others untouched', async () => {
    const store = kind.create();
    const browser = new Browser();
    await visit(store, browser, (session) => {
      session.addFlash('one');
      session.addFlash({ text: 'two' });
      session.addFlash('no', 'errors');
    });
    await visit(store, browser, (session) => expect(session.flashes()).toEqual(['one', { text: 'two' }]));
    await visit(store, browser, (session) => {
      expect(session.flashes()).toEqual([]);
      expect(session.flashes('errors')).toEqual(['no']);
    });
  });
});

describe.each(kinds)('§1.6 registry, %s store', (kind) => {
  it('Registry.Get: the same session for each call with one request', async () => {
    const store = kind.create();
    const request = new Request('https://example.org/');
    const session = await store.get(request, 'a');
    expect(await store.get(request, 'a')).toBe(session);
    expect(await store.get(request, 'b')).not.toBe(session);
    expect(await store.get(new Request('https://example.org/'), 'a')).not.toBe(session);
  });

  it('sessions.Save: one call for every session of the request, from whatever store', async () => {
    const browser = new Browser();
    const [one, other] = [kind.create(), cookieStore({ keys: [secret(2)], now: clock.now })];
    await browser.visit(async (request) => {
      (await one.get(request, 'a')).set('n', 1);
      (await one.get(request, 'b')).set('n', 2);
      (await other.get(request, 'c')).set('n', 3);
      return save(request, new Response());
    });
    const request = browser.request();
    const found = await Promise.all([one.get(request, 'a'), one.get(request, 'b'), other.get(request, 'c')]);
    expect(found.map((session) => session.get('n'))).toEqual([1, 2, 3]);
  });

  it.each(['', 'a b', 'a=b', 'a;b', 'ä', 'a\n'])('Registry.Get: the name %j throws, and names it', async (name) => {
    const refused = kind.create().get(new Request('https://example.org/'), name);
    await expect(refused).rejects.toThrow(/^"name" expected /);
    await expect(refused).rejects.toBeInstanceOf(TypeError);
  });
});

describe.each(kinds)('§1.7 cookie and its options, %s store', (kind) => {
  const attributesOf = async (options: Partial<StoreOptions>) => {
    const [line = ''] = await visit(kind.create(options), new Browser(), (session) => session.set('n', 1));
    return line
      .replace(/=[\w-]+;/, '=…;')
      .split('; ')
      .sort();
  };

  it('defaults: __Host-, Secure, HttpOnly, SameSite=Lax, 30 days as there; the same for both kinds of store', async () => {
    const expected = ['HttpOnly', 'Max-Age=2592000', 'Path=/', 'SameSite=Lax', 'Secure', '__Host-a=…'];
    expect(await attributesOf({})).toEqual(expected);
  });

  it('Options: Path, Domain, MaxAge, Secure, HttpOnly, SameSite, Partitioned', async () => {
    const cookie = { path: '/x', domain: 'example.org', sameSite: 'none', httpOnly: false, partitioned: true } as const;
    const expected = ['Domain=example.org', 'Max-Age=60', 'Partitioned', 'Path=/x', 'SameSite=None', 'Secure'];
    expect(await attributesOf({ cookie, maxAge: 60 })).toEqual([...expected, '__Secure-a=…']);
  });

  it('Secure: plain http for development is one option', async () => {
    expect(await attributesOf({ cookie: { secure: false } })).toEqual([
      'HttpOnly',
      'Max-Age=2592000',
      'Path=/',
      'SameSite=Lax',
      'a=…',
    ]);
  });

  it('MaxAge > 0: Max-Age, counted from creation', async () => {
    const store = kind.create({ maxAge: 100 });
    const browser = await browserWith(store, { n: 1 });
    clock.advance(40);
    const [line] = await visit(store, browser, (session) => void (session.options.maxAge = 200));
    expect(line).toMatch(/; Max-Age=160;/);
  });

  it('MaxAge 0, a session of the browser, is undefined here: no Max-Age, no Expires, and it is kept', async () => {
    const store = kind.create({ maxAge: undefined });
    const browser = new Browser();
    const [line] = await visit(store, browser, (session) => session.set('n', 1));
    expect(line).not.toMatch(/max-age|expires/i);
    expect((await store.get(browser.request(), 'a')).get('n')).toBe(1);
  });

  it('MaxAge < 0 is destroy(): the cookie goes', async () => {
    const store = kind.create();
    const browser = await browserWith(store, { n: 1 });
    const lines = await visit(store, browser, (session) => session.destroy());
    expect(lines).toEqual([expect.stringMatching(/^__Host-a=; Max-Age=0; .*Expires=Thu, 01 Jan 1970/)]);
    expect(browser.cookies.size).toBe(0);
  });

  it('Get with a bad cookie: a session to use, saved over it', async () => {
    const store = kind.create();
    const browser = new Browser();
    browser.cookies.set('__Host-a', 'junk!');
    await visit(store, browser, (session) => {
      expect(session).toMatchObject({ isNew: true, rejected: 'malformed' });
      session.set('n', 1);
    });
    expect(await store.get(browser.request(), 'a')).toMatchObject({ isNew: false, rejected: undefined });
  });
});

describe('§1.8 FilesystemStore', () => {
  let directories = 0;
  const setUp = (options: Partial<StoreOptions> = {}) => {
    const directory = join(root, String(++directories), 'not', 'there', 'yet');
    const backend = file(directory, { now: clock.now });
    const files = () =>
      readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name));
    return { files, backend, store: serverStore({ keys: [secret(1)], now: clock.now, backend, ...options }) };
  };

  it('a file a session, mode 0600, its contents sealed; a missing directory is made', async () => {
    const { store, files } = setUp();
    await browserWith(store, { text: 'who reads the disk' });
    const [path = '', ...others] = files();
    expect(others).toEqual([]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'latin1')).not.toContain('who reads');
  });

  it('the cookie holds a random id alone: of one length, whatever the session holds', async () => {
    const { store } = setUp();
    const [small, large] = [await browserWith(store, { n: 1 }), await browserWith(store, { text: 'x'.repeat(10_000) })];
    const [one = '', other = ''] = [small.cookies.get('__Host-a'), large.cookies.get('__Host-a')];
    expect(one.length).toBe(other.length);
    expect(one.length).toBeLessThan(160); // gorilla's has 160 signed and 188 encrypted
    expect((await store.get(small.request(), 'a')).id).not.toBe((await store.get(large.request(), 'a')).id);
  });

  it('MaxLength(0): far more than a cookie holds, up to limits.bytes', async () => {
    const { store } = setUp({ limits: { bytes: 1_000_000 } });
    const browser = await browserWith(store, { text: 'x'.repeat(900_000) });
    expect((await store.get(browser.request(), 'a')).get('text')).toHaveLength(900_000);
  });

  it('keys: rotation seals the file again as well as the cookie', async () => {
    const { store, backend, files } = setUp({ keys: [secret(2)] });
    const browser = await browserWith(store, { n: 1 });
    const before = files().map((path) => readFileSync(path, 'latin1'));
    const rotated = serverStore({ keys: [secret(3), secret(2)], now: clock.now, backend });
    await visit(rotated, browser, () => {});
    expect(files().map((path) => readFileSync(path, 'latin1'))).not.toEqual(before);
    const newest = serverStore({ keys: [secret(3)], now: clock.now, backend });
    expect((await newest.get(browser.request(), 'a')).get('n')).toBe(1);
  });

  it('MaxAge < 0 is destroy(): nothing of the session is left in the file, and the file goes within a day', async () => {
    const { store, files, backend } = setUp();
    const browser = await browserWith(store, { n: 1 });
    const { id } = await store.get(browser.request(), 'a');
    await visit(store, browser, (session) => session.destroy());
    expect(String.fromCharCode(...((await backend.get(id))?.data ?? []))).toBe('E.');
    clock.advance(86_400);
    expect(await backend.prune()).toBe(1);
    expect(files()).toEqual([]);
  });
});
