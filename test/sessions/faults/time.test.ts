/** Time is read when it counts: a session is judged by the clock of now and the facts of its record, and saved by the clock at the save. */
import { describe, expect, it } from 'vitest';
import { memory } from '../../../packages/sessions/src/backends/memory.ts';
import { save } from '../../../packages/sessions/src/response/save.ts';
import type { Session } from '../../../packages/sessions/src/session/session.ts';
import { cookieStore } from '../../../packages/sessions/src/store/cookie-store.ts';
import { defineSession } from '../../../packages/sessions/src/store/define.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import type { StoreOptions } from '../../../packages/sessions/src/store/setup.ts';
import type { Store } from '../../../packages/sessions/src/store/store.ts';
import { createClock } from '../../../packages/sessions/src/testing/testing.ts';
import { visit } from '../support/visit.ts';
import { Watched } from '../support/watched.ts';
import { Browser, secret } from '../support.ts';

const DAY = 86_400;

type Create = (clock: { now(): number }, options?: Partial<StoreOptions>) => Store;
/** Each gives stores that share their records, with a clock of their own. */
const kinds: Readonly<Record<string, () => Create>> = {
  'a cookie store': () => (clock, options) => cookieStore({ keys: [secret(1)], now: clock.now, ...options }),
  'a cookie store with revocations': () => {
    const revocations = memory();
    return (clock, options) => cookieStore({ keys: [secret(1)], now: clock.now, revocations, ...options });
  },
  'a server store': () => {
    const { backend } = new Watched();
    return (clock, options) => serverStore({ keys: [secret(1)], now: clock.now, backend, ...options });
  },
};

/** A request that is under way: it has loaded the session, and goes on when it is told to. */
async function slowRequest(store: Store, browser: Browser) {
  const request = browser.request();
  const session = await store.get(request, 'a');
  return {
    session,
    finish: async () => {
      const response = await save(request, new Response());
      browser.take(response);
      return response.headers.getSetCookie();
    },
  };
}

const start = (): number => Math.floor(Date.now() / 1000);

describe.each(Object.entries(kinds))('a slow request, with %s', (name, createKind) => {
  const begin = async (options: Partial<StoreOptions> = {}) => {
    const clock = createClock(start());
    const store = createKind()(clock, options);
    const browser = new Browser();
    await visit(store, browser, (session) => session.set('user', 'ada').set('n', 0));
    return { clock, store, browser };
  };

  it.each<[string, (session: Session) => unknown]>([
    ['writes', (session) => session.set('uploaded', true)],
    ['only reads', (session) => session.get('user')],
    ['moves to a new id', (session) => session.regenerate()],
  ])('that %s for longer than the idle timeout, does not end a session that is used meanwhile', async (_name, use) => {
    const { clock, store, browser } = await begin({ idleTimeout: 60 });
    const slow = await slowRequest(store, browser);
    for (let seconds = 0; seconds < 70; seconds += 10) {
      clock.advance(10);
      await visit(store, browser, (session) => expect(session.get('user')).toBe('ada'));
    }
    await use(slow.session);
    await slow.finish();
    clock.advance(59);
    expect(await store.get(browser.request(), 'a')).toMatchObject({ isNew: false, rejected: undefined });
  });

  it.each([61, 600, 3000])('of %i seconds that is alone, keeps the session alive by its save', async (seconds) => {
    const { clock, store, browser } = await begin({ idleTimeout: 60 });
    const slow = await slowRequest(store, browser);
    clock.advance(seconds);
    slow.session.set('uploaded', true);
    await slow.finish();
    clock.advance(59);
    expect((await store.get(browser.request(), 'a')).get('uploaded')).toBe(true);
  });

  it.each([61, 3000])('of %i seconds, keeps values, login and cart through a new id', async (seconds) => {
    const { clock, store, browser } = await begin();
    const slow = await slowRequest(store, browser);
    clock.advance(seconds);
    await slow.session.login('ada');
    await slow.finish();
    const found = await store.get(browser.request(), 'a');
    expect([found.get('user'), found.subject, found.createdAt]).toStrictEqual(['ada', 'ada', clock.now()]);
  });

  it('that logs out after 61 seconds, ends a session that has changed its id meanwhile', async () => {
    const { clock, store, browser } = await begin();
    const slow = await slowRequest(store, browser);
    clock.advance(61);
    await visit(store, browser, (session) => session.regenerate());
    const moved = browser.copy();
    slow.session.logout();
    await slow.finish();
    // Without revocations nobody remembers what has ended: the new id is another cookie.
    const expected = name === 'a cookie store' ? undefined : expect.stringMatching(/^(gone|revoked)$/);
    expect((await store.get(moved.request(), 'a')).rejected).toEqual(expected);
  });

  it('gives its cookie the time that is left at the save', async () => {
    const { clock, store, browser } = await begin({ maxAge: 1000 });
    const slow = await slowRequest(store, browser);
    clock.advance(300);
    await slow.session.regenerate();
    expect((await slow.finish())[0]).toMatch(/; Max-Age=700;/);
  });
});

describe('a slow request, with a server store', () => {
  it('of 61 seconds that meets another write, loses no update', async () => {
    const clock = createClock();
    const store = serverStore({ keys: [secret(1)], now: clock.now, backend: new Watched(clock).backend });
    const browser = new Browser();
    await visit(store, browser, (session) => session.set('n', 0));
    const slow = await slowRequest(store, browser);
    clock.advance(61);
    await visit(store, browser, (session) => session.update('n', (n = 0) => n + 1));
    slow.session.update('n', (n = 0) => n + 1);
    await slow.finish();
    expect((await store.get(browser.request(), 'a')).get('n')).toBe(2);
  });
});

describe.each(Object.entries(kinds))('a clock that goes back, or differs between servers, with %s', (_, createKind) => {
  it.each([1, 61, 3600, 5 * DAY])('by %i seconds, rejects no session', async (seconds) => {
    const [ahead, behind] = [createClock(start() + seconds), createClock(start())];
    const create = createKind();
    const browser = new Browser();
    await visit(create(ahead), browser, (session) => session.login('ada'));
    await visit(create(behind), browser, (session) => {
      expect(session).toMatchObject({ isNew: false, subject: 'ada' });
      session.set('n', 1);
    });
    await visit(create(behind), browser, (session) => session.regenerate());
    expect((await create(ahead).get(browser.request(), 'a')).get('n')).toBe(1);
  });
});

describe('a renewal', () => {
  it('only moves forward: a server that is behind takes no idle time away', async () => {
    const [ahead, behind] = [createClock(start() + 50), createClock(start())];
    const create = kinds['a server store']?.();
    const browser = new Browser();
    const idle = { idleTimeout: 60 };
    if (create === undefined) throw new Error('no such kind');
    await visit(create(behind, idle), browser, (session) => session.set('n', 1));
    await visit(create(ahead, idle), browser, () => {});
    behind.advance(10);
    await visit(create(behind, idle), browser, (session) => session.set('n', 2));
    ahead.advance(59);
    expect((await create(ahead, idle).get(browser.request(), 'a')).get('n')).toBe(2);
    ahead.advance(1);
    expect((await create(ahead, idle).get(browser.request(), 'a')).rejected).toBe('expired');
  });

  it('comes at most ten times in an idle timeout, and never where it moves no end', async () => {
    const clock = createClock();
    const watched = new Watched(clock);
    const options = { keys: [secret(1)], now: clock.now, backend: watched.backend, idleTimeout: 1000 };
    for (const [maxAge, most] of [
      [100_000, 10],
      [500, 0], // the lifetime ends before the idle time does
    ] as const) {
      const store = serverStore({ ...options, maxAge });
      const browser = new Browser();
      await visit(store, browser, (session) => session.set('n', 1));
      const before = watched.calls.filter((verb) => verb === 'set').length;
      for (let seconds = 0; seconds < 490; seconds += 10) {
        clock.advance(10);
        await visit(store, browser, () => {});
      }
      const writes = watched.calls.filter((verb) => verb === 'set').length - before;
      expect(writes).toBeLessThanOrEqual(most / 2);
      expect(writes).toBeGreaterThanOrEqual(most / 2 - 1);
    }
  });
});

describe.each(Object.entries(kinds))('an idle timeout, with %s', (_, createKind) => {
  it('holds whatever has written the session last, and from when it did not apply', async () => {
    const clock = createClock(start());
    const create = createKind();
    const strict = () => create(clock, { idleTimeout: 900 });
    const browser = new Browser();
    await visit(create(clock), browser, (session) => session.set('user', 'ada'));
    clock.advance(800);
    await visit(create(clock), browser, (session) => session.set('csrf', 'x')); // a server that knows no timeout
    clock.advance(800);
    await visit(strict(), browser, (session) => expect(session.get('user')).toBe('ada'));
    clock.advance(800);
    await visit(strict(), browser, (session) => expect(session.get('user')).toBe('ada'));
    clock.advance(900);
    expect((await strict().get(browser.request(), 'a')).rejected).toBe('expired');
  });

  it('may be lowered by a definition, and then holds for sessions from before', async () => {
    const clock = createClock(start());
    const create = createKind();
    const browser = new Browser();
    await visit(create(clock, { idleTimeout: 3600 }), browser, (session) => session.set('user', 'ada'));
    clock.advance(1000);
    const store = create(clock, { idleTimeout: 3600 });
    expect((await store.get(browser.request(), 'a')).get('user')).toBe('ada');
    const lowered = defineSession({ store: create(clock, { idleTimeout: 3600 }), name: 'a', idleTimeout: 900 });
    expect((await lowered.get(browser.request())).rejected).toBe('expired');
  });
});
