/** Requests that an app sends to itself while it answers a visitor's, and what answers when a handler has failed. */
import { describe, expect, it } from 'vitest';
import { save, withSessions } from '../../../packages/sessions/src/response/save.ts';
import { forgetScope, isInScope, joinScope, leaveScope } from '../../../packages/sessions/src/store/scope.ts';
import { browserWith } from '../support/visit.ts';
import { Browser, kinds } from '../support.ts';

const URL_OF_ANOTHER = 'https://example.org/inner';

describe.each(kinds)('with %s store', (kind) => {
  it('joinScope(): a request with more cookies has the same session, which is saved once', async () => {
    const store = kind.create();
    const browser = await browserWith(store, { n: 1 });
    const response = await browser.visit(
      withSessions(async (request) => {
        const inner = new Request(URL_OF_ANOTHER, {
          headers: { cookie: `${request.headers.get('cookie')}; theme=dark` },
        });
        await joinScope(inner, async () => (await store.get(inner, 'a')).set('n', 2));
        const session = await store.get(request, 'a');
        expect(session.get('n')).toBe(2);
        session.set('m', 3);
        return new Response('hello');
      }),
    );
    expect(response.headers.getSetCookie().length).toBeLessThanOrEqual(1);
    const session = await store.get(browser.request(), 'a');
    expect([session.get('n'), session.get('m')]).toEqual([2, 3]);
  });

  it('joinScope(): when the response has begun, changes throw', async () => {
    const store = kind.create();
    const browser = await browserWith(store, { n: 1 });
    const { sent, send } = moment();
    let later: Promise<unknown> | undefined;
    await browser.visit(
      withSessions(async (request) => {
        later = sent.then(async () => {
          const inner = new Request(URL_OF_ANOTHER, request);
          return await joinScope(inner, async () => (await store.get(inner, 'a')).set('n', 2));
        });
        return new Response('hello');
      }),
    );
    send();
    await expect(later).rejects.toMatchObject({ code: 'ERR_SESSION_COMMITTED' });
  });

  it('joinScope(): outside a scope it only calls', async () => {
    const store = kind.create();
    const browser = await browserWith(store, { n: 1 });
    const inner = browser.request();
    expect((await joinScope(inner, () => store.get(inner, 'a'))).get('n')).toBe(1);
  });

  it('leaveScope(): a request has a session of its own, also one without cookies in the scope of one without cookies', async () => {
    const store = kind.create();
    const browser = new Browser();
    await browser.visit(
      withSessions(async (request) => {
        (await store.get(request, 'a')).set('n', 1);
        const inner = new Request(URL_OF_ANOTHER);
        await leaveScope(inner, async () => {
          const session = await store.get(new Request(inner), 'a');
          expect(session.get('n')).toBeUndefined();
          session.set('n', 2);
          await save(inner, new Response());
        });
        (await store.get(request, 'a')).set('m', 3);
        return new Response('hello');
      }),
    );
    const session = await store.get(browser.request(), 'a');
    expect([session.get('n'), session.get('m')]).toEqual([1, 3]);
  });

  it('forgetScope(): what answers for a handler that failed sees the session as it is stored', async () => {
    const store = kind.create();
    const browser = await browserWith(store, { n: 1 });
    for (const request of [browser.request(), Object.freeze({ headers: Object.freeze({ ...headersOf(browser) }) })]) {
      const session = await store.get(request, 'a');
      session.set('n', 2);
      forgetScope(request);
      expect((await store.get(request, 'a')).get('n')).toBe(1);
    }
  });
});

it('isInScope(): for requests of the same visitor, until the response begins', async () => {
  const request = new Request('https://example.org/', { headers: { cookie: 'a=1' } });
  expect(isInScope(request)).toBe(false);
  const { sent, send } = moment();
  let later: Promise<boolean> | undefined;
  await withSessions(async () => {
    expect(isInScope(new Request(request))).toBe(true);
    expect(isInScope(new Request('https://example.org/', { headers: { cookie: 'a=2' } }))).toBe(false);
    later = sent.then(() => isInScope(request));
    return new Response('hello');
  })(request);
  send();
  expect(await later).toBe(false);
});

/** A promise for the moment when the response is sent. */
function moment(): { sent: Promise<void>; send: () => void } {
  let send = () => {};
  const sent = new Promise<void>((resolve) => {
    send = resolve;
  });
  return { sent, send: () => send() };
}

function headersOf(browser: Browser): Record<string, string> {
  return Object.fromEntries(browser.request().headers);
}
