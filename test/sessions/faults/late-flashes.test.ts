/** Flash messages that a component reads after the response has begun: shown once, or kept for a page that reads them in time. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memory } from '../../../packages/sessions/src/backends/memory.ts';
import { commit, withSessions } from '../../../packages/sessions/src/response/save.ts';
import type { Session } from '../../../packages/sessions/src/session/session.ts';
import { cookieStore } from '../../../packages/sessions/src/store/cookie-store.ts';
import { defineSession } from '../../../packages/sessions/src/store/define.ts';
import type { SessionEvent } from '../../../packages/sessions/src/store/events.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import type { Store } from '../../../packages/sessions/src/store/store.ts';
import { until } from '../../support/eventually.ts';
import { visit } from '../support/visit.ts';
import { Watched } from '../support/watched.ts';
import { Browser, secret } from '../support.ts';

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** What a page does before its response begins, and what a component of it does after. */
interface Page {
  readonly early?: (session: Session) => unknown;
  readonly late?: (session: Session) => unknown;
  readonly isAskedInTime?: boolean;
  readonly method?: string;
}

/** A page that streams: its head, and then what the component has read, as JSON. */
async function show(store: Store, browser: Browser, page: Page = {}): Promise<{ shown: unknown; lines: string[] }> {
  const { early, late = (session: Session) => session.flashes(), isAskedInTime = true, method = 'GET' } = page;
  const handle = withSessions(async (request) => {
    if (isAskedInTime) await early?.(await store.get(request, 'a'));
    return streaming(async () => JSON.stringify(await late(await store.get(request, 'a'))));
  });
  const response = await handle(new Request(browser.request(), { method }));
  browser.take(response);
  return { shown: JSON.parse(await response.text()), lines: response.headers.getSetCookie() };
}

/** A response that is written only once somebody reads it. */
function streaming(write: () => Promise<string>): Response {
  const pull = async (body: ReadableStreamDefaultController<Uint8Array>) => {
    body.enqueue(new TextEncoder().encode(await write()));
    body.close();
  };
  return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }));
}

/** What is there for the next page that reads in time. It changes nothing. */
async function left(store: Store, browser: Browser, bag?: string): Promise<unknown[]> {
  return (await store.peek(browser.request(), 'a')).peekFlashes(bag);
}

async function withMessages(store: Store, ...messages: string[]): Promise<Browser> {
  const browser = new Browser();
  await visit(store, browser, (session) => {
    session.set('n', 1);
    for (const message of messages) session.addFlash(message);
  });
  return browser;
}

function start() {
  const watched = new Watched();
  const events: SessionEvent[] = [];
  const onEvent = (event: SessionEvent) => void events.push(event);
  return { watched, events, store: serverStore({ keys: [secret(1)], backend: watched.backend, onEvent }) };
}

describe.each([
  ['asked for in time', true],
  ['asked for too late', false],
])('with a server store, in a session that was %s', (_when, isAskedInTime) => {
  it.each([
    ['answers at once', () => memory()],
    ['answers later', () => new Watched().backend],
  ])('a message is shown once, where the backend %s', async (_name, backend) => {
    const store = serverStore({ keys: [secret(1)], backend: backend() });
    const browser = await withMessages(store, 'one', 'two');
    const { shown, lines } = await show(store, browser, { isAskedInTime });
    expect(shown).toStrictEqual(['one', 'two']);
    expect(lines).toStrictEqual([]);
    await until('the messages are removed', async () => (await left(store, browser)).length === 0);
    expect((await show(store, browser, { isAskedInTime })).shown).toStrictEqual([]);
    expect((await store.get(browser.request(), 'a')).get('n')).toBe(1);
  });

  it('a message is shown once by two components of a page', async () => {
    const { store } = start();
    const browser = await withMessages(store, 'one');
    const late = (session: Session) => [session.flashes(), session.flashes(), session.peekFlashes()];
    expect((await show(store, browser, { late, isAskedInTime })).shown).toStrictEqual([['one'], [], []]);
  });

  it('all bags of a component are one write, and one event', async () => {
    const { store, watched, events } = start();
    const browser = await withMessages(store, 'one');
    await visit(store, browser, (session) => session.addFlash('bad', 'errors'));
    watched.calls.length = 0;
    events.length = 0;
    const late = (session: Session) => [session.flashes(), session.flashes('errors')];
    expect((await show(store, browser, { late, isAskedInTime })).shown).toStrictEqual([['one'], ['bad']]);
    await until('the messages are removed', () => events.length > 0);
    expect(watched.calls).toStrictEqual(['get', 'get', 'set']);
    expect(events).toStrictEqual([{ type: 'saved', name: 'a' }]);
    expect([await left(store, browser), await left(store, browser, 'errors')]).toStrictEqual([[], []]);
  });

  it.each(['HEAD', 'GET'])('a message stays where nobody may be looking: %s', async (method) => {
    const { store, watched } = start();
    const browser = await withMessages(store, 'one');
    watched.calls.length = 0;
    const handle = withSessions(async (request) => {
      if (isAskedInTime) await store.get(request, 'a');
      return streaming(async () => JSON.stringify((await store.get(request, 'a')).flashes()));
    });
    const headers = {
      cookie: browser.request().headers.get('cookie') ?? '',
      'sec-purpose': method === 'GET' ? 'prefetch' : '',
    };
    expect(await (await handle(new Request('https://example.org/', { method, headers }))).text()).toBe('["one"]');
    await new Promise((done) => setTimeout(done));
    expect(watched.calls).toStrictEqual(['get']);
    expect(await left(store, browser)).toStrictEqual(['one']);
  });
});

describe('with a server store, a message that is read late', () => {
  it('is removed also if it was added in the same request, to a session that is new', async () => {
    const { store } = start();
    const browser = new Browser();
    expect((await show(store, browser, { early: (session) => session.addFlash('new') })).shown).toStrictEqual(['new']);
    await until('the message is removed', async () => (await left(store, browser)).length === 0);
  });

  it.each<[string, (session: Session) => unknown]>([
    ['has a new value', (session) => session.set('n', 2)],
    ['has logged in', (session) => session.set('n', 2).login('ada')],
    ['has a new id', (session) => session.set('n', 2).regenerate()],
  ])('is removed from a session that %s by this request', async (_name, early) => {
    const { store } = start();
    const browser = await withMessages(store, 'one');
    expect((await show(store, browser, { early })).shown).toStrictEqual(['one']);
    await until('the message is removed', async () => (await left(store, browser)).length === 0);
    expect((await store.get(browser.request(), 'a')).get('n')).toBe(2);
  });

  it('waits for the commit that is still under way', async () => {
    const { store, watched } = start();
    const browser = await withMessages(store, 'one');
    const request = browser.request();
    const session = await store.get(request, 'a');
    session.update('n', (n = 0) => n + 1);
    let release = () => {};
    const held = new Promise<undefined>((resolve) => (release = () => resolve(undefined)));
    watched.fault = (verb) => (verb === 'set' ? held : undefined);
    const committed = commit(request);
    expect(session.flashes()).toStrictEqual(['one']);
    watched.fault = undefined;
    release();
    expect((await committed).sessions).toMatchObject([{ outcome: 'saved' }]);
    await until('the message is removed', async () => (await left(store, browser)).length === 0);
    expect((await store.get(browser.request(), 'a')).get('n')).toBe(2);
  });

  it('is removed once commit() is called again, which gives the same cookies', async () => {
    const { store, watched } = start();
    const browser = await withMessages(store, 'one');
    const request = browser.request();
    const session = await store.get(request, 'a');
    await session.regenerate();
    const { cookies } = await commit(request);
    session.flashes();
    watched.calls.length = 0;
    expect((await commit(request)).cookies).toStrictEqual(cookies);
    expect(watched.calls).toStrictEqual(['get', 'set']);
  });

  it('stays if the save of the page itself fails, as the visitor sees an error', async () => {
    const { store, watched } = start();
    const browser = await withMessages(store, 'one');
    const request = browser.request();
    const session = await store.get(request, 'a');
    session.set('n', 2);
    watched.fault = () => {
      throw new Error('down');
    };
    const committed = commit(request);
    expect(session.flashes()).toStrictEqual(['one']);
    expect((await committed).sessions).toMatchObject([{ outcome: 'failed' }]);
    watched.fault = undefined;
    await new Promise((done) => setTimeout(done));
    expect(await left(store, browser)).toStrictEqual(['one']);
  });

  it('goes alone: what others write meanwhile stays', async () => {
    const { store, watched, events } = start();
    const another = serverStore({ keys: [secret(1)], backend: watched.backend }); // of another process
    const browser = await withMessages(store, 'one');
    const request = browser.request();
    const session = await store.get(request, 'a');
    await commit(request);
    await visit(store, browser, (other) => other.set('n', 5).addFlash('other'));
    watched.fault = async (verb) => {
      if (verb !== 'set') return;
      watched.fault = undefined;
      await visit(another, browser, (other) => other.update('n', (n = 0) => n + 1)); // between its read and its write
    };
    expect(session.flashes()).toStrictEqual(['one']);
    await until('the message is removed', async () => (await left(store, browser)).length === 1);
    expect(await left(store, browser)).toStrictEqual(['other']);
    expect((await store.get(browser.request(), 'a')).get('n')).toBe(6);
    expect(events.map(({ type }) => type)).toContain('conflict');
  });

  it.each<[string, (store: Store, session: Session) => unknown]>([
    ['logs out', (_store, session) => session.logout()],
    ['ends all sessions', (store) => store.revokeAll('ada')],
  ])('brings no session back that another request %s', async (_name, end) => {
    const { store, events } = start();
    const browser = new Browser();
    await visit(store, browser, async (session) => {
      session.addFlash('one');
      await session.login('ada');
    });
    const request = browser.request();
    const session = await store.get(request, 'a');
    await commit(request);
    await visit(store, browser.copy(), (other) => end(store, other));
    events.length = 0;
    expect(session.flashes()).toStrictEqual(['one']);
    await new Promise((done) => setTimeout(done, 20));
    expect(events).toStrictEqual([]);
    expect((await store.get(browser.request(), 'a')).rejected).toBe('gone');
  });

  it('is shown once more where another request has moved the session meanwhile, and then no more', async () => {
    const { store } = start();
    const browser = await withMessages(store, 'one');
    const request = browser.request();
    const session = await store.get(request, 'a');
    await commit(request);
    await visit(store, browser, (other) => other.regenerate());
    expect(session.flashes()).toStrictEqual(['one']);
    expect((await show(store, browser)).shown).toStrictEqual(['one']);
    await until('the message is removed', async () => (await left(store, browser)).length === 0);
  });

  it.each([
    ['development', 1],
    ['production', 0],
  ])(
    'comes once more if the backend fails: an event tells of it, and in %s the console %i times',
    async (mode, times) => {
      vi.stubEnv('NODE_ENV', mode);
      const { store, watched, events } = start();
      const browser = await withMessages(store, 'one');
      events.length = 0;
      watched.fault = (verb) => {
        if (verb === 'set') throw new Error('down');
        return undefined;
      };
      expect((await show(store, browser)).shown).toStrictEqual(['one']);
      await until('the failure is told of', () => events.length > 0);
      watched.fault = undefined;
      expect(events).toStrictEqual([{ type: 'unsaved', name: 'a' }]);
      expect(console.error).toHaveBeenCalledTimes(times);
      expect((await show(store, browser)).shown).toStrictEqual(['one']);
      await until('the message is removed', async () => (await left(store, browser)).length === 0);
    },
  );

  it('is removed from a session whose values the schema rejects, and nothing else is', async () => {
    const { store } = start();
    const browser = await withMessages(store, 'one');
    const validate = () => ({ issues: [{ message: 'never', path: ['n'] }] });
    const defined = defineSession({ store, name: 'a', schema: { '~standard': { version: 1, validate } } });
    const request = browser.request();
    await withSessions(async () => new Response('page'))(request);
    expect((await defined.get(request)).flashes()).toStrictEqual(['one']);
    defineSession({ store, name: 'a' });
    await until('the message is removed', async () => (await left(store, browser)).length === 0);
    expect((await store.get(browser.request(), 'a')).get('n')).toBe(1);
  });
});

describe('with a cookie store', () => {
  const create = (options = {}) => {
    const events: SessionEvent[] = [];
    const onEvent = (event: SessionEvent) => void events.push(event);
    return { events, store: cookieStore({ keys: [secret(1)], onEvent, ...options }) };
  };

  it.each([
    ['asked for in time', true],
    ['asked for too late', false],
  ])(
    'a message that is read late from a session %s is not shown, cuts no page, and stays for the next',
    async (_when, isAskedInTime) => {
      const { store, events } = create();
      const browser = await withMessages(store, 'one');
      events.length = 0;
      for (let page = 0; page < 3; page++) {
        expect(await show(store, browser, { isAskedInTime })).toStrictEqual({ shown: [], lines: [] });
      }
      expect(events.map(({ type }) => type)).toStrictEqual(['unsaved', 'unsaved', 'unsaved']);
      const inTime: Page = { early: (session) => session.flashes(), late: () => [] };
      expect(await left(store, browser)).toStrictEqual(['one']);
      await show(store, browser, inTime);
      expect(await left(store, browser)).toStrictEqual([]);
    },
  );

  it('a session without messages says nothing', async () => {
    const { store, events } = create();
    const browser = await withMessages(store);
    events.length = 0;
    expect((await show(store, browser)).shown).toStrictEqual([]);
    expect(events).toStrictEqual([]);
  });

  it('a session that has outgrown its cookie is in a backend, and is written there', async () => {
    const { store } = create({ overflow: new Watched().backend });
    const browser = await withMessages(store, 'one');
    const early = (session: Session) => session.set('big', 'x'.repeat(5_000));
    await show(store, browser, { early, late: () => [] });
    expect((await show(store, browser)).shown).toStrictEqual(['one']);
    await until('the message is removed', async () => (await left(store, browser)).length === 0);
    await visit(store, browser, (session) => session.addFlash('two'));
    const again = await show(store, browser, { early: (session) => session.set('n', 2) });
    expect(again.shown).toStrictEqual(['two']);
    await until('the message is removed', async () => (await left(store, browser)).length === 0);
  });

  const warningsIn = async (mode: string): Promise<readonly unknown[][]> => {
    vi.resetModules();
    Reflect.deleteProperty(globalThis, Symbol.for('sealring.told'));
    vi.stubEnv('NODE_ENV', mode);
    const fresh = await import('../../../packages/sessions/src/index.ts');
    const store = fresh.cookieStore({ keys: [secret(1)] });
    for (const name of ['one', 'other']) {
      const request = new Request('https://example.org/');
      const session = await store.get(request, name);
      session.addFlash('x');
      await fresh.commit(request);
      session.flashes();
    }
    return vi.mocked(console.warn).mock.calls;
  };

  it('the warning comes once, says what is wrong and what to do', async () => {
    const text =
      /flashes\(\) of session "one" .*response had begun.*stay for a later page.*read them before the response begins.*serverStore\(\)/;
    expect(await warningsIn('development')).toStrictEqual([[expect.stringMatching(text)]]);
  });

  it('the warning does not come in production', async () => {
    expect(await warningsIn('production')).toStrictEqual([]);
  });
});
