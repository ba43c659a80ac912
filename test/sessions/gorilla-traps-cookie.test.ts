/** Traps of gorilla/sessions v1.4.0, §1.7: what stands in Set-Cookie, how long it is good, and when it is written. */
import http from 'node:http';
import { describe, expect, it } from 'vitest';
import { save, saveBeforeHeaders } from '../../packages/sessions/src/response/save.ts';
import type { Store } from '../../packages/sessions/src/store/store.ts';
import { browserWith, present, visit } from './support/visit.ts';
import { Browser, clock, kinds } from './support.ts';

const DAY = 86_400;
const nameOf = (line: string): string => line.split('=')[0] ?? '';
const valueIn = (browser: Browser): string => browser.cookies.get('__Host-a') ?? '';

describe.each(kinds)('§1.7 cookie, %s store', (kind) => {
  const lineOf = async (store: Store, use: Parameters<typeof visit>[2], browser = new Browser()) =>
    (await visit(store, browser, use))[0] ?? '';

  it('a second cookie of the name is read where the first is junk', async () => {
    const store = kind.create();
    const good = valueIn(await browserWith(store, { n: 1 }));
    for (const cookie of [`__Host-a=junk!; __Host-a=${good}`, `__Host-a=${good}; __Host-a=junk!`]) {
      expect((await present(store, cookie)).get('n')).toBe(1);
    }
  });

  it('two saves, one Set-Cookie', async () => {
    const store = kind.create();
    const request = new Request('https://example.org/');
    (await store.get(request, 'a')).set('n', 1);
    const first = await save(request, new Response());
    expect((await save(request, first)).headers.getSetCookie()).toHaveLength(1);
  });

  it.each([1, 100])(
    'MaxAge of the session alone, %i s, is kept by the server too, not by the attribute alone',
    async (maxAge) => {
      const store = kind.create();
      const browser = new Browser();
      const line = await lineOf(store, (session) => void (session.set('n', 1).options.maxAge = maxAge), browser);
      expect(line).toContain(`Max-Age=${maxAge};`);
      clock.advance(maxAge);
      expect((await store.get(browser.request(), 'a')).rejected).toBe('expired');
    },
  );

  it('MaxAge of the store ends what it has not been asked to keep longer: two ages cannot drift apart', async () => {
    const browser = await browserWith(kind.create({ maxAge: 1000 }), { n: 1 });
    const keeping = new Browser();
    await visit(kind.create({ maxAge: 1000 }), keeping, (session) => void (session.set('n', 1).options.maxAge = 500));
    clock.advance(100);
    const shorter = kind.create({ maxAge: 50 });
    expect((await shorter.get(browser.request(), 'a')).rejected).toBe('expired');
    expect((await shorter.get(keeping.request(), 'a')).rejected).toBeUndefined();
  });

  it('MaxAge(0) is no key to eternity: a session of the browser ends on the server', async () => {
    const browser = await browserWith(kind.create({ maxAge: undefined }), { n: 1 });
    clock.advance(29 * DAY);
    expect((await kind.create({ maxAge: undefined }).get(browser.request(), 'a')).get('n')).toBe(1);
    clock.advance(2 * DAY);
    expect((await kind.create({ maxAge: undefined }).get(browser.request(), 'a')).isNew).toBe(true);
  });

  it.each([0, -1])('MaxAge %i, which means three things in three libraries, throws', async (maxAge) => {
    const store = kind.create();
    const browser = await browserWith(store, { n: 1 });
    const setting = visit(store, browser, (session) => void (session.options.maxAge = maxAge));
    await expect(setting).rejects.toThrow(/"options\.maxAge" expected seconds over 0/);
    expect(() => kind.create({ maxAge })).toThrow(RangeError);
  });

  it.each([Number.NaN, '30', null, {}])(
    'MaxAge %j throws, and is not sealed into something that no one can open',
    async (maxAge) => {
      const saving = browserWith(kind.create(), {}).then((browser) =>
        // @ts-expect-error: what a program without types may pass
        visit(kind.create(), browser, (session) => void (session.set('n', 1).options.maxAge = maxAge)),
      );
      await expect(saving).rejects.toThrow(/"(options\.)?maxAge" expected seconds/);
    },
  );

  it('options of a session are remembered, and take no attribute of the store away', async () => {
    const store = kind.create();
    const browser = new Browser();
    await visit(store, browser, (session) => void (session.set('n', 1).options.maxAge = 40 * DAY));
    clock.advance(20 * DAY);
    const line = await lineOf(
      store,
      async (session) => {
        expect(session.options.maxAge).toBe(40 * DAY);
        await session.regenerate();
      },
      browser,
    );
    expect(line.split('; ').slice(1).sort()).toEqual([
      'HttpOnly',
      `Max-Age=${20 * DAY}`,
      'Path=/',
      'SameSite=Lax',
      'Secure',
    ]);
  });

  it('save after the headers throws, and saveBeforeHeaders is never too late', async () => {
    const store = kind.create();
    const failures: unknown[] = [];
    const server = http.createServer(async (request, response) => {
      const isAutomatic = request.url === '/automatic';
      if (isAutomatic) saveBeforeHeaders(request, response);
      (await store.get(request, 'a')).set('n', 1);
      response.write('body');
      if (!isAutomatic) await save(request, response).catch((error: unknown) => failures.push(error));
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const origin = `http://127.0.0.1:${typeof address === 'object' && address?.port}`;
    const namesFrom = async (path: string) => (await fetch(origin + path)).headers.getSetCookie().map(nameOf);
    expect(await namesFrom('/late')).toEqual([]);
    expect(failures).toEqual([expect.objectContaining({ code: 'ERR_SESSION_HEADERS_SENT' })]);
    expect(await namesFrom('/automatic')).toEqual(['__Host-a']);
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
});
