/** What backends break: each fault has its code, costs no other request, and leaves a session that can be saved again. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SessionError } from '../../../packages/sessions/src/error.ts';
import { commit, save } from '../../../packages/sessions/src/response/save.ts';
import type { Session } from '../../../packages/sessions/src/session/session.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import type { Store } from '../../../packages/sessions/src/store/store.ts';
import { collect } from '../support/collect.ts';
import { unhandledRejections } from '../support/unhandled.ts';
import { browserWith } from '../support/visit.ts';
import { type Verb, Watched } from '../support/watched.ts';
import { type Browser, secret } from '../support.ts';

const broken = new Error('connection lost');
const failure = expect.objectContaining({ name: 'SessionError', code: 'ERR_SESSION_BACKEND', cause: broken });
const changes: [string, (session: Session) => unknown][] = [
  ['a change', (session) => session.set('n', 2)],
  ['a new id', (session) => session.regenerate()],
  ['a login', (session) => session.login('ada')],
  ['a logout', (session) => session.logout()],
];

afterEach(() => vi.restoreAllMocks());

describe('a backend that fails', () => {
  const failOn = (watched: Watched, failing: Verb) => {
    watched.fault = (verb) => {
      if (verb === failing) throw broken;
    };
  };

  it('at get, is an error of get, and the same request may try again', async () => {
    const { watched, store, browser } = await start();
    failOn(watched, 'get');
    const request = browser.request();
    await expect(store.get(request, 'a')).rejects.toThrow(failure);
    await expect(store.get(request, 'a')).rejects.toBeInstanceOf(SessionError);
    await expect(store.peek(request, 'a')).rejects.toThrow(failure);
    watched.fault = undefined;
    expect((await store.get(request, 'a')).get('n')).toBe(1);
  });

  it('at get, leaves alone who waits for the same session', async () => {
    const { watched, store, browser } = await start();
    failOn(watched, 'get');
    const request = browser.request();
    const all = await Promise.allSettled([1, 2, 3].map(() => store.get(request, 'a')));
    expect(all.map(({ status }) => status)).toStrictEqual(['rejected', 'rejected', 'rejected']);
    watched.fault = undefined;
    expect((await commit(request)).sessions).toStrictEqual([]);
  });

  it.each(changes)('at the set of %s, is an error of save, and the next request works', async (_name, change) => {
    const { watched, store, browser } = await start();
    const request = browser.request();
    await change(await store.get(request, 'a'));
    failOn(watched, 'set');
    await expect(save(request, new Response())).rejects.toThrow(failure);
    watched.fault = undefined;
    const next = browser.request();
    (await store.get(next, 'a')).set('n', 3);
    await save(next, new Response());
    expect((await store.get(browser.request(), 'a')).get('n')).toBe(3);
  });

  it.each(changes)('at the set of %s, lets the same request save again', async (_name, change) => {
    const { watched, store, browser } = await start();
    const request = browser.request();
    await change(await store.get(request, 'a'));
    failOn(watched, 'set');
    await expect(save(request, new Response())).rejects.toThrow(failure);
    watched.fault = undefined;
    const { cookies, sessions } = await commit(request);
    expect(sessions).toStrictEqual([expect.objectContaining({ outcome: expect.stringMatching(/^(saved|ended)$/) })]);
    for (const { name, value } of cookies) browser.cookies.set(name, value);
    const found = await store.get(browser.request(), 'a');
    expect([found.get('n'), found.isNew]).not.toStrictEqual([undefined, false]);
  });

  it('at login(), is an error of login(), and it may be called again', async () => {
    const { watched, store, browser } = await start();
    const request = browser.request();
    const session = await store.get(request, 'a');
    failOn(watched, 'get');
    await expect(session.login('ada')).rejects.toThrow(failure);
    expect(session.subject).toBeUndefined();
    watched.fault = undefined;
    await session.login('ada');
    browser.take(await save(request, new Response()));
    expect((await store.get(browser.request(), 'a')).subject).toBe('ada');
  });

  it('at the set of a session that is new, gives no cookie', async () => {
    const { watched, store } = await start();
    failOn(watched, 'set');
    const request = new Request('https://example.org/');
    (await store.get(request, 'a')).set('n', 1);
    const { cookies, sessions } = await commit(request);
    expect(cookies).toStrictEqual([]);
    expect(sessions).toStrictEqual([{ name: 'a', outcome: 'failed', error: failure, cookies: [] }]);
  });

  it('at a list, is an error of revokeAll() and of list()', async () => {
    const { watched, store } = await start();
    vi.spyOn(watched.backend, 'list').mockImplementation(() => {
      throw broken;
    });
    await expect(store.revokeAll('ada')).rejects.toThrow(failure);
    await expect(collect(store.list('ada'))).rejects.toThrow(failure);
  });

  it('by saying false to every set over a record, is ERR_SESSION_CONFLICT after 30 seconds', async () => {
    const { watched, store, browser } = await start();
    const { id } = await store.get(browser.request(), 'a');
    const realNow = Date.now;
    let passed = 0;
    vi.spyOn(Date, 'now').mockImplementation(() => realNow() + passed);
    watched.fault = (verb, at) => {
      if (verb !== 'set' || at !== id) return undefined;
      passed += 10_000; // milliseconds that each try takes
      return false;
    };
    for (const change of [(session: Session) => session.set('n', 2), (session: Session) => session.regenerate()]) {
      const request = browser.request();
      await change(await store.get(request, 'a'));
      passed = 0;
      await expect(save(request, new Response())).rejects.toThrow(
        expect.objectContaining({ name: 'SessionError', code: 'ERR_SESSION_CONFLICT' }),
      );
      expect(passed).toBeLessThanOrEqual(40_000);
    }
    watched.fault = undefined;
    expect((await store.get(browser.request(), 'a')).get('n')).toBe(1);
  });

  it('twice in one request, is the first error, and leaves no rejection without a handler', async () => {
    const { watched, store, browser } = await start();
    const other = serverStore({ keys: [secret(2)], backend: watched.backend });
    const request = browser.request();
    (await store.get(request, 'a')).set('n', 2);
    (await other.get(request, 'b')).set('n', 2);
    failOn(watched, 'set');
    const unhandled = await unhandledRejections(async () => {
      await expect(save(request, new Response())).rejects.toThrow(failure);
    });
    expect(unhandled).toStrictEqual([]);
  });
});

/** A server store with a session that is saved. */
async function start(): Promise<{ watched: Watched; store: Store; browser: Browser }> {
  const watched = new Watched();
  const store = serverStore({ keys: [secret(1)], backend: watched.backend });
  return { watched, store, browser: await browserWith(store, { n: 1, list: [] }) };
}
