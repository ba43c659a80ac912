/** Too late: what is asked for or changed once the answer is on its way is never lost in silence. */
import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { commit, save, saveBeforeHeaders, withSessions } from '../../../packages/sessions/src/response/save.ts';
import type { Session } from '../../../packages/sessions/src/session/session.ts';
import { browserWith } from '../support/visit.ts';
import { Browser, kinds } from '../support.ts';

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
      const error = await errorOf(() => change(session));
      expect(error).toStrictEqual(committed);
      expect(String(error)).toContain('peek() is only for reading. Ask for it with get()');
    }
  });
});
