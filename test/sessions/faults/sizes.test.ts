/** Sizes: what is too much is one error of this package, at the caller's own path, with the numbers; and what may go to a backend goes there. */
import { describe, expect, it } from 'vitest';
import { memory } from '../../../packages/sessions/src/backends/memory.ts';
import { SessionError } from '../../../packages/sessions/src/error.ts';
import { save } from '../../../packages/sessions/src/response/save.ts';
import { type CookieStoreOptions, cookieStore } from '../../../packages/sessions/src/store/cookie-store.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import { browserWith, visit } from '../support/visit.ts';
import { Browser, secret } from '../support.ts';

const keys = [secret(1)];
const inCookie = (options: Partial<CookieStoreOptions> = {}) => cookieStore({ keys, ...options });
const onServer = (limits = {}) => serverStore({ keys, backend: memory(), limits });

/** A value that is nested so deep. */
function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}

const tooMuch: [string, unknown][] = [
  ['a string', 'x'.repeat(2_000_000)],
  ['too many items', Array.from({ length: 200_000 }, () => 0)],
  ['too deep a value', nested(200)],
];

describe('a session that is too large', () => {
  it.each(tooMuch)('for a backend, by %s, is ERR_SESSION_TOO_LARGE', async (_name, value) => {
    const error = await browserWith(onServer(), { list: value }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SessionError);
    expect(error).toHaveProperty('code', 'ERR_SESSION_TOO_LARGE');
    expect(String(error)).toMatch(/^SessionError: Cannot save session "a": /);
  });

  it.each(tooMuch)('for a cookie, by %s, is ERR_SESSION_TOO_LARGE, with chunks and without', async (_name, value) => {
    for (const store of [inCookie(), inCookie({ chunks: 16 })]) {
      await expect(browserWith(store, { list: value })).rejects.toHaveProperty('code', 'ERR_SESSION_TOO_LARGE');
    }
  });

  it.each<[string, unknown]>([
    ['a long list', Array.from({ length: 20_000 }, (_, at) => at)],
    ['a long string', 'x'.repeat(500_000)],
  ])('for a cookie, by %s, goes to the overflow, and comes back', async (_name, value) => {
    const store = inCookie({ overflow: memory() });
    const browser = await browserWith(store, { n: 1 });
    await visit(store, browser, (session) => session.set('list', value));
    expect(browser.cookies.get('__Host-a')?.length).toBeLessThan(200);
    const session = await store.get(browser.request(), 'a');
    expect([session.get('n'), session.get('list')]).toStrictEqual([1, value]);
  });

  it('for the overflow too, is an error that says so', async () => {
    const saving = browserWith(inCookie({ overflow: memory() }), { list: 'x'.repeat(2_000_000) });
    await expect(saving).rejects.toHaveProperty('code', 'ERR_SESSION_TOO_LARGE');
  });

  it('names its largest keys with their sizes, and what there is room for', async () => {
    const saving = browserWith(onServer({ bytes: 1000 }), {
      small: 1,
      essay: 'x'.repeat(900),
      list: [1, 2, 3],
      title: 'y'.repeat(200),
    });
    await expect(saving).rejects.toThrow(
      /^Cannot save session "a": it has 1\d{3} bytes, there is room for 1000; largest keys: essay \(903 bytes\), title \(202 bytes\), list \(4 bytes\)$/,
    );
  });

  it('may have as many bytes as the limit says, and not one more', async () => {
    const limit = 300;
    const lengthOf = async (length: number) => {
      const saving = browserWith(onServer({ bytes: limit }), { text: 'x'.repeat(length) });
      return await saving.then(() => true).catch(() => false);
    };
    let length = 0;
    while (await lengthOf(length + 1)) length++;
    expect(length).toBeGreaterThan(limit - 40);
    const saving = browserWith(onServer({ bytes: limit }), { text: 'x'.repeat(length + 1) });
    await expect(saving).rejects.toThrow(`it has ${limit + 1} bytes, there is room for ${limit};`);
  });

  it('fits a cookie of 4,096 bytes exactly, and not one more', async () => {
    const bytesOf = async (length: number): Promise<number | string> => {
      const store = inCookie();
      const saving = browserWith(store, { text: 'x'.repeat(length) });
      return await saving
        .then(({ cookies }) => '__Host-a'.length + (cookies.get('__Host-a')?.length ?? 0))
        .catch((error: unknown) => String(error));
    };
    let length = 2900;
    while (typeof (await bytesOf(length + 1)) === 'number') length++;
    expect(await bytesOf(length)).toBeGreaterThan(4092);
    expect(await bytesOf(length)).toBeLessThanOrEqual(4096);
    expect(await bytesOf(length + 1)).toMatch(/its cookie has 409[7-9] bytes, there is room for 4096/);
  });
});

describe('a value that cannot be sealed', () => {
  it.each<[string, unknown, RegExp]>([
    ['at the top', () => 1, /\$\.cart\b/],
    ['in an object', { deep: [0, { handler: () => 1 }] }, /\$\.cart\.deep\[1\]\.handler\b/],
    ['half a surrogate pair', { title: '😀'.slice(0, 1) }, /\$\.cart\.title\b/],
  ])('is told at the path that the caller knows: %s', async (_name, value, path) => {
    for (const store of [inCookie(), onServer(), inCookie({ overflow: memory() })]) {
      await expect(browserWith(store, { cart: value })).rejects.toThrow(path);
      await expect(browserWith(store, { cart: value })).rejects.not.toThrow(/\$\[1\]/);
    }
  });

  it('among keys that are no strings, and in a flash message, is told as well', async () => {
    const store = inCookie();
    const saving = visit(store, new Browser(), (session) =>
      session
        .set('a', 1)
        .set(42, { f: () => 1 })
        .set('b', 1),
    );
    await expect(saving).rejects.toThrow(/\$\.42\.f: a function/);
    await expect(visit(store, new Browser(), (session) => session.addFlash(() => 1))).rejects.toThrow(/function/);
  });

  it('shows no value, and of a key no more than 64 characters', async () => {
    const key = 'k'.repeat(1000);
    const error = await browserWith(inCookie(), { [key]: 'a-secret-value'.repeat(500) }).catch(
      (reason: unknown) => reason,
    );
    expect(String(error)).not.toContain('a-secret-value');
    expect(String(error)).toContain(`${'k'.repeat(64)} (`);
    expect(String(error)).not.toContain('k'.repeat(65));
  });
});

describe('after an error of size', () => {
  it('the session is as the handler left it, and can be made smaller and saved', async () => {
    for (const store of [inCookie(), onServer({ bytes: 3000 })]) {
      const browser = await browserWith(store, { n: 1 });
      const request = browser.request();
      const session = await store.get(request, 'a');
      session.set('user', 'ada').set('big', 'x'.repeat(5000));
      await session.regenerate();
      const { id } = session;
      await expect(save(request, new Response())).rejects.toHaveProperty('code', 'ERR_SESSION_TOO_LARGE');
      expect(session.get('big')).toHaveLength(5000);
      session.delete('big');
      browser.take(await save(request, new Response()));
      const found = await store.get(browser.request(), 'a');
      expect([found.id, found.get('user'), found.get('n'), found.has('big')]).toStrictEqual([id, 'ada', 1, false]);
    }
  });
});
