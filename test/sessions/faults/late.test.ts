/** Too late: what is asked for or changed once the answer is on its way is never lost in silence. */
import { createServer } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CookieJar } from '../../../packages/sessions/src/cookie/jar.ts';
import { commit, save, saveBeforeHeaders, withSessions } from '../../../packages/sessions/src/response/save.ts';
import type { Session } from '../../../packages/sessions/src/session/session.ts';
import type { SessionEvent } from '../../../packages/sessions/src/store/events.ts';
import { until } from '../../support/eventually.ts';
import { collected } from '../support/garbage.ts';
import { browserWith, visit } from '../support/visit.ts';
import { Browser, kinds } from '../support.ts';

afterEach(() => vi.restoreAllMocks());

const changes: [string, (session: Session) => unknown][] = [
  ['set()', (session) => session.set('user', 'ada')],
  ['update()', (session) => session.update('n', () => 1)],
  ['delete()', (session) => session.delete('n')],
  ['pop()', (session) => session.pop('n')],
  ['clear()', (session) => session.clear()],
  ['addFlash()', (session) => session.addFlash('x')],
  ['login()', (session) => session.login('ada')],
  ['regenerate()', (session) => session.regenerate()],
  ['logout()', (session) => session.logout()],
  ['options.maxAge', (session) => (session.options.maxAge = 60)],
  ['options.httpOnly', (session) => (session.options.httpOnly = false)],
];

/** It works late where no cookie is needed: late-flashes.test.ts. */
const reading: typeof changes = [['flashes()', (session) => session.flashes()]];

const committed = expect.objectContaining({ name: 'SessionError', code: 'ERR_SESSION_COMMITTED' });

async function errorOf(run: () => unknown): Promise<unknown> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe.each(kinds)('with %s store', (kind) => {
  const start = async () => {
    const store = kind.create();
    const browser = await browserWith(store, { n: 1 });
    const request = browser.request();
    (await store.get(request, 'a')).addFlash('hello');
    browser.take(await save(request, new Response()));
    return { store, browser };
  };

  describe.each([
    ['asked for in time', true],
    ['asked for too late', false],
  ])('a session that was %s', (_when, isInTime) => {
    it.each(changes)('takes no %s while the body of withSessions streams', async (_name, change) => {
      const { store, browser } = await start();
      const errors: unknown[] = [];
      const handle = withSessions(async (request) => {
        if (isInTime) await store.get(request, 'a');
        const body = new ReadableStream(
          {
            async pull(controller) {
              const session = await store.get(request, 'a');
              errors.push(await errorOf(() => change(session)));
              controller.close();
            },
          },
          { highWaterMark: 0 },
        );
        return new Response(body);
      });
      const response = await handle(browser.request());
      await response.text();
      expect(errors).toStrictEqual([committed]);
      expect(response.headers.getSetCookie()).toStrictEqual([]);
    });

    it.each(changes)('takes no %s once the headers of saveBeforeHeaders are out', async (_name, change) => {
      const { store, browser } = await start();
      const errors: unknown[] = [];
      const server = createServer(async (request, response) => {
        saveBeforeHeaders(request, response);
        if (isInTime) await store.get(request, 'a');
        response.write('<html>');
        errors.push(await errorOf(async () => change(await store.get(request, 'a'))));
        response.end();
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
      const response = await fetch(url, { headers: browser.request().headers });
      expect(await response.text()).toBe('<html>');
      server.close();
      expect(errors).toStrictEqual([committed]);
      expect(response.headers.getSetCookie()).toStrictEqual([]);
    });
  });

  it('a session that was asked for after a save is saved by the next one', async () => {
    const { store, browser } = await start();
    const request = browser.request();
    (await store.get(request, 'a')).set('n', 2);
    const first = await save(request, new Response());
    (await store.get(request, 'b')).set('late', true);
    const second = await save(request, first);
    browser.take(second);
    expect((await store.get(browser.request(), 'b')).get('late')).toBe(true);
    expect((await store.get(browser.request(), 'a')).get('n')).toBe(2);
    const names = second.headers.getSetCookie().map((line) => line.split('=')[0]);
    expect(names.filter((name) => name === '__Host-b')).toHaveLength(1);
    expect(new Set(names).size).toBe(names.length);
  });

  it('one session may be saved before the others, which stay open', async () => {
    const store = kind.create();
    const request = new Request('https://example.org/');
    const [one, other] = [await store.get(request, 'a'), await store.get(request, 'b')];
    one.set('n', 1);
    other.set('n', 1);
    expect((await commit(request, one)).sessions.map(({ name }) => name)).toStrictEqual(['a']);
    expect(() => one.set('n', 2)).toThrow(committed);
    other.set('n', 2);
    const browser = new Browser();
    browser.take(await save(request, new Response()));
    expect((await store.get(browser.request(), 'b')).get('n')).toBe(2);
  });

  it('what peek() gives takes no changes, and says which method does', async () => {
    const { store, browser } = await start();
    for (const [, change] of [...changes, ...reading]) {
      const session = await store.peek(browser.request(), 'a');
      const error = await errorOf(() => change(session as Session)); // in JavaScript nobody says that it is read-only
      expect(error).toStrictEqual(committed);
      expect(String(error)).toContain('peek() is only for reading. Ask for it with get()');
    }
  });

  it('what is changed in a value that peek() gives is saved nowhere, and is told of', async () => {
    const events: SessionEvent[] = [];
    const store = kind.create({ onEvent: (event) => events.push(event) });
    const browser = await browserWith(store, { list: ['a'] });
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    events.length = 0;
    await (async () => {
      const request = browser.request();
      const session = await store.get(request, 'a');
      for (const value of [
        (await store.peek(request, 'a')).get('list'),
        ...(await store.peek(request, 'a')).values(),
      ]) {
        if (Array.isArray(value)) value.push('b');
      }
      expect(session.get('list')).toStrictEqual(['a']);
      session.set('n', 1);
      browser.take(await save(request, new Response()));
    })();
    expect((await store.get(browser.request(), 'a')).get('list')).toStrictEqual(['a']);
    await until('the lost changes are told of', async () => {
      await collected();
      return events.length === 3;
    });
    expect(events.map(({ type }) => type)).toStrictEqual(['saved', 'unsaved', 'unsaved']);
  });
});

/** As Next's `cookies()` is in a server component: one function in place of all that change. */
function sealed(browser: Browser): CookieJar {
  const refuse = () => {
    throw new Error('Cookies can only be modified in a Server Action or Route Handler');
  };
  return new Proxy(requestCookies(browser), {
    get: (target, name) => (['set', 'delete', 'clear'].includes(String(name)) ? refuse : Reflect.get(target, name)),
  });
}

/** As `request.cookies` is in Next's proxy. */
function requestCookies({ cookies }: Browser): CookieJar & { clear(): void } {
  return {
    get: (name) => (cookies.has(name) ? { name, value: cookies.get(name) } : undefined),
    set: (name, value) => cookies.set(name, value),
    clear: () => cookies.clear(),
  };
}

describe.each(kinds)('a cookie jar that can only be read, with %s store', (kind) => {
  const start = async () => {
    const store = kind.create();
    const browser = await browserWith(store, { n: 1 });
    await visit(store, browser, (session) => session.addFlash('one'));
    return { store, browser };
  };

  it.each(changes)('gives a session that takes no %s, and says where it does', async (_name, change) => {
    const { store, browser } = await start();
    for (const session of [await store.get(sealed(browser), 'a'), await store.get(sealed(new Browser()), 'a')]) {
      const error = await errorOf(() => change(session));
      expect(error).toStrictEqual(committed);
      expect(String(error)).toMatch(/server component .*server action, in a route handler or in the proxy/);
    }
  });

  it('gives messages once if they can be removed without a cookie, otherwise none', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { store, browser } = await start();
    const session = await store.get(sealed(browser), 'a');
    expect([session.get('n'), session.flashes()]).toStrictEqual([1, kind.isServer ? ['one'] : []]);
    const left = async () => (await store.peek(sealed(browser), 'a')).peekFlashes();
    await until('the message is removed, or stays', async () => (await left()).length === (kind.isServer ? 0 : 1));
  });

  it('is not that of a proxy, whose changes are saved to the cookies of the response', async () => {
    const { store, browser } = await start();
    const request = requestCookies(browser);
    const session = await store.get(request, 'a');
    session.set('n', 2).flashes();
    const { get, set } = requestCookies(browser);
    await save(request, { get, set });
    expect((await store.get(sealed(browser), 'a')).get('n')).toBe(2);
  });
});
