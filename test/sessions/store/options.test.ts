/** The caller's mistakes: they throw where the option is given, and name it. And the values just within each bound. */
import { describe, expect, it, vi } from 'vitest';
import { memory } from '../../../packages/sessions/src/backends/memory.ts';
import { withSessions } from '../../../packages/sessions/src/response/save.ts';
import { MAX_COOKIE_AGE } from '../../../packages/sessions/src/session/lifetime.ts';
import { cookieStore } from '../../../packages/sessions/src/store/cookie-store.ts';
import { defineSession } from '../../../packages/sessions/src/store/define.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import { browserWith, present } from '../support/visit.ts';
import { kinds, secret } from '../support.ts';

const keys = [secret(1)];
const call = (make: (...given: never[]) => unknown, ...given: unknown[]): unknown =>
  Reflect.apply(make, undefined, given);

describe('cookieStore()', () => {
  it.each<[Record<string, unknown>, string]>([
    [{ chunks: 0 }, '"chunks" expected an integer from 1 to 16, got 0'],
    [{ chunks: 17 }, '"chunks" expected an integer from 1 to 16, got 17'],
    [{ chunks: 1.5 }, '"chunks" expected an integer from 1 to 16, got 1.5'],
    [{ overflow: {} }, '"overflow" expected a backend such as memory(), got an object'],
    [{ overflow: null }, '"overflow" expected a backend such as memory(), got null'],
    [{ revocations: {} }, '"revocations" expected a backend such as memory(), got an object'],
    [{ revocations: null }, '"revocations" expected a backend such as memory(), got null'],
    [{ backend: memory() }, 'cookieStore() has no option "backend"'],
  ])('throws for %j', (options, message) => {
    expect(() => call(cookieStore, { keys, ...options })).toThrow(message);
  });

  it.each([
    { chunks: 1 },
    { chunks: 16 },
    { chunks: undefined },
    { overflow: memory() },
    { overflow: undefined },
    { revocations: memory() },
    { revocations: undefined },
  ])('accepts %j', (options) => {
    expect(() => call(cookieStore, { keys, ...options })).not.toThrow();
  });
});

describe('withSessions()', () => {
  it.each<[Record<string, unknown>, string]>([
    [{ onerror() {} }, 'withSessions() has no option "onerror"; it takes onError'],
    [{ onError: 'log' }, '"onError" expected a function, got a text of 3 characters'],
  ])('throws for %j', (options, message) => {
    expect(() => call(withSessions, () => new Response(), options)).toThrow(message);
  });
});

describe('serverStore()', () => {
  it.each<[Record<string, unknown>, string]>([
    [{}, '"backend" expected a backend such as memory(), got undefined'],
    [{ backend: { get() {} } }, '"backend" expected a backend such as memory(), got an object'],
    [{ backend: memory(), revocations: memory() }, 'serverStore() has no option "revocations"'],
    [{ backend: memory(), chunks: 2 }, 'serverStore() has no option "chunks"'],
  ])('throws for %j', (options, message) => {
    expect(() => call(serverStore, { keys, ...options })).toThrow(message);
  });
});

describe.each(kinds)('a %s store', (kind) => {
  it.each<[Record<string, unknown>, string]>([
    [{ onReject: 1 }, '"onReject" expected a function, got 1'],
    [{ onEvent: {} }, '"onEvent" expected a function, got an object'],
    [{ now: 1 }, '"now" expected a function that returns seconds, got 1'],
    [{ keys: 'secret' }, '"keys" expected an array of keys, or a function that returns one, got'],
    [{ keys: undefined }, '"keys" expected an array of keys, or a function that returns one, got undefined'],
    [{ cookie: { sameSite: 'Lax' } }, '"cookie.sameSite"'],
    [{ ttl: 5 }, 'has no option "ttl"'],
  ])('throws for %j', (options, message) => {
    expect(() => call(kind.create, options)).toThrow(message);
  });

  it('calls a function for its keys once, at first use', async () => {
    const give = vi.fn(() => [secret(1)]);
    const store = kind.create({ keys: give });
    expect(give).not.toHaveBeenCalled();
    const browser = await browserWith(store, { n: 1 });
    expect((await store.get(browser.request(), 'a')).get('n')).toBe(1);
    expect(give).toHaveBeenCalledTimes(1);
  });

  it('lets a function whose keys are missing try again', async () => {
    let key: string | undefined;
    const store = kind.create({ keys: () => [key] });
    await expect(present(store, '')).rejects.toThrow(
      /^"keys\[0\]" expected a key, got undefined: is SESSION_KEY set\?/,
    );
    key = 'sealring_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8K-IS';
    expect(await present(store, '')).toMatchObject({ isNew: true });
  });

  describe.each(['maxAge', 'idleTimeout'] as const)('%s', (name) => {
    // What ends a login is kept for 400 days: a session must not outlive it.
    it.each([0, -1, MAX_COOKIE_AGE + 1, Infinity, Number.NaN])('of %d throws in store and definition', (seconds) => {
      const message = `"${name}" expected seconds over 0 and up to ${MAX_COOKIE_AGE}`;
      expect(() => kind.create({ [name]: seconds })).toThrow(message);
      const store = kind.create();
      expect(() => defineSession({ store, name: 'a', [name]: seconds })).toThrow(message);
    });

    it.each([0.001, MAX_COOKIE_AGE, undefined])('of %s is accepted', async (seconds) => {
      const store = kind.create({ [name]: seconds });
      const request = new Request('https://example.org/');
      expect(await defineSession({ store, name: 'a', [name]: seconds }).get(request)).toHaveProperty('isNew', true);
    });
  });

  it('takes nothing from a polluted prototype', async () => {
    const polluted = { maxAge: 1, idleTimeout: 1, cookie: { secure: false }, chunks: 16, except: {} };
    for (const [name, value] of Object.entries(polluted)) {
      Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true });
    }
    try {
      const store = kind.create();
      const { options, expiresAt, createdAt } = await defineSession({ store, name: 'a' }).get({
        headers: new Headers(),
      });
      expect([options.maxAge, expiresAt - createdAt]).toStrictEqual([2_592_000, 2_592_000]);
      const browser = await browserWith(store, { n: 1 });
      expect([...browser.cookies.keys()]).toStrictEqual(['__Host-a']);
      expect((await store.get(browser.request(), 'a')).get('n')).toBe(1);
    } finally {
      for (const name of Object.keys(polluted)) Reflect.deleteProperty(Object.prototype, name);
    }
  });
});
