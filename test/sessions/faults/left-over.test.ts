/** What stays behind: records that have ended go when the session would have, names and keys are read once, and a clock that stands still holds nobody up. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { memory } from '../../../packages/sessions/src/backends/memory.ts';
import { commit } from '../../../packages/sessions/src/response/save.ts';
import type { Session } from '../../../packages/sessions/src/session/session.ts';
import { cookieStore } from '../../../packages/sessions/src/store/cookie-store.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import { browserWith, present, visit } from '../support/visit.ts';
import { Watched } from '../support/watched.ts';
import { Browser, clock, kinds, secret } from '../support.ts';

const HOUR = 3600;
const DAY = 86_400;

afterEach(() => vi.useRealTimers());

describe('records of what has ended', () => {
  const uses: [string, (session: Session) => unknown][] = [
    ['100 new ids', (session) => session.regenerate()],
    ['100 logouts', (session) => session.logout()],
  ];

  it.each(uses)('of a cookie store, after %s, go when the session would have', async (_name, use) => {
    const revocations = memory({ now: clock.now });
    const store = cookieStore({ keys: [secret(1)], now: clock.now, maxAge: HOUR, revocations });
    const browser = new Browser();
    for (let time = 0; time < 100; time++) {
      await visit(store, browser, (session) => session.set('n', time));
      await visit(store, browser, use);
    }
    clock.advance(2 * HOUR - 1);
    expect(await revocations.prune()).toBe(0);
    clock.advance(1);
    expect(await revocations.prune()).toBe(100);
  });

  it.each(uses)('of a server store, after %s, go within a day', async (_name, use) => {
    const backend = memory({ now: clock.now });
    const store = serverStore({ keys: [secret(1)], now: clock.now, backend });
    const browser = new Browser();
    for (let time = 0; time < 100; time++) {
      await visit(store, browser, (session) => session.set('n', time));
      await visit(store, browser, use);
    }
    clock.advance(DAY);
    expect(await backend.prune()).toBe(100);
  });

  it('hold no value, no subject and no key of the session', async () => {
    const watched = new Watched();
    const store = serverStore({ keys: [secret(1)], backend: Object.assign(watched.backend, { inProcess: true }) });
    const browser = new Browser();
    await visit(store, browser, (session) => session.set('a-key', 'a-value').login('a-subject'));
    watched.given.length = 0;
    await visit(store, browser, (session) => session.logout());
    expect(watched.given.join('\n')).not.toMatch(/a-key|a-value|a-subject/);
  });
});

describe.each(kinds)('%s store', (kind) => {
  it('reads its keys once: a list that is changed later changes nothing, not even for new names', async () => {
    const keys = [secret(1)];
    const store = kind.create({ keys });
    const browser = await browserWith(store, { n: 1 });
    keys[0] = secret(2);
    keys.push(secret(3));
    expect((await store.get(browser.request(), 'a')).get('n')).toBe(1);
    const other = await browserWith(store, { n: 2 }, 'other');
    expect((await kind.create({ keys: [secret(1)] }).get(other.request(), 'other')).get('n')).toBe(2);
  });

  it('reads its other options once, too', async () => {
    const options = { maxAge: 60, cookie: { sameSite: 'strict' as const, path: '/' } };
    const store = kind.create(options);
    Object.assign(options, { maxAge: 1 });
    Object.assign(options.cookie, { sameSite: 'none', path: '/elsewhere' });
    const [line] = await visit(store, new Browser(), (session) => session.set('n', 1));
    expect(line).toMatch(/^__Host-a=[\w-]+; Max-Age=60; Path=\/; .*SameSite=Strict/);
  });

  it('opens sessions of any number of names, and forgets no rule of one', async () => {
    const store = kind.create();
    const browser = await browserWith(store, { n: 1 }, 'first');
    for (let at = 0; at < 600; at++) await present(store, '', `name-${at}`);
    expect((await store.get(browser.request(), 'first')).get('n')).toBe(1);
  });
});

describe('fake timers, as tests of applications use them', () => {
  it.each(['one server', 'two servers'])('let saves that meet each other finish: %s', async (servers) => {
    const watched = new Watched();
    const create = () => serverStore({ keys: [secret(1)], backend: watched.backend });
    const [one, other] = [create(), create()];
    const browser = await browserWith(one, { n: 0 });
    vi.useFakeTimers();
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, async (_, at) => {
        const request = browser.request();
        const store = servers === 'one server' || at % 2 === 0 ? one : other;
        (await store.get(request, 'a')).update('n', (n = 0) => n + 1);
        return (await commit(request)).sessions.map(({ outcome }) => outcome).join();
      }),
    );
    expect(outcomes).toStrictEqual(Array.from({ length: 6 }, () => 'saved'));
    expect((await one.get(browser.request(), 'a')).get('n')).toBe(6);
  });
});
