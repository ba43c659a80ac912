/** Events: each is told once, after the fact, and says which session it was and nothing of what is in it. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { memory } from '../../../packages/sessions/src/backends/memory.ts';
import { commit, save, withSessions } from '../../../packages/sessions/src/response/save.ts';
import type { Session } from '../../../packages/sessions/src/session/session.ts';
import { cookieStore } from '../../../packages/sessions/src/store/cookie-store.ts';
import type { SessionEvent } from '../../../packages/sessions/src/store/events.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import { browserWith, present, visit } from '../support/visit.ts';
import { Watched } from '../support/watched.ts';
import { Browser, clock, kinds, secret } from '../support.ts';

afterEach(() => vi.restoreAllMocks());

describe.each(kinds)('%s store', (kind) => {
  const start = async (options = {}) => {
    const events: SessionEvent[] = [];
    const store = kind.create({ onEvent: (event) => events.push(event), ...options });
    const browser = await browserWith(kind.create(options), { 'secret-key': 'secret-value' });
    return { store, browser, events };
  };

  it.each<[string, (session: Session) => unknown, SessionEvent['type'][]]>([
    ['a read', (session) => session.get('secret-key'), []],
    ['a change', (session) => session.set('n', 1), ['saved']],
    ['a new id', (session) => session.regenerate(), ['saved']],
    ['a login', (session) => session.login('secret-subject'), ['saved']],
    ['a logout', (session) => session.logout(), ['ended']],
    ['cookie attributes alone', (session) => void (session.options.sameSite = 'strict'), ['renewed']],
  ])('tells of %s: once, when it is done', async (_name, use, types) => {
    const { store, browser, events } = await start();
    const request = browser.request();
    await use(await store.get(request, 'a'));
    expect(events).toStrictEqual([]);
    await commit(request);
    await commit(request);
    expect(events).toStrictEqual(types.map((type) => ({ type, name: 'a' })));
  });

  it('tells of a new cookie that a response takes none of: as unsaved', async () => {
    const { store, events } = await start();
    const request = new Request('https://example.org/');
    (await store.get(request, 'a')).set('n', 1);
    await save(request, Response.error());
    await withSessions(async (given) => {
      (await store.get(given, 'a')).set('n', 1);
      return Response.error();
    })(new Request('https://example.org/'));
    const once = [
      { type: 'created', name: 'a' },
      { type: 'unsaved', name: 'a' },
    ];
    expect(events).toStrictEqual([...once, ...once]);
  });

  it('tells of a session that is created, renewed and rejected', async () => {
    const { store, browser, events } = await start({ idleTimeout: 100 });
    await visit(store, new Browser(), (session) => session.set('n', 1));
    clock.advance(50);
    await visit(store, browser, (session) => session.get('n'));
    clock.advance(100);
    await visit(store, browser, (session) => session.get('n'));
    await present(store, '__Host-a=junk!');
    expect(events).toStrictEqual([
      { type: 'created', name: 'a' },
      { type: 'renewed', name: 'a' },
      { type: 'rejected', name: 'a', reason: 'expired' },
      { type: 'rejected', name: 'a', reason: 'malformed' },
    ]);
  });

  it('tells onReject the reason alone, and no visitor of a hook that fails', async () => {
    const reasons: string[] = [];
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const broken = new Error('of the hook');
    const store = kind.create({
      onReject: (reason) => {
        reasons.push(reason);
        throw broken;
      },
    });
    expect(await present(store, '__Host-a=junk!')).toMatchObject({ rejected: 'malformed' });
    expect(reasons).toStrictEqual(['malformed']);
    expect(console.error).toHaveBeenCalledExactlyOnceWith(broken);
  });

  it('says nothing of what is in a session', async () => {
    const { store, browser, events } = await start();
    const uses: ((session: Session) => unknown)[] = [
      (session) => session.set('secret-key', 'secret-other'),
      (session) => session.login('secret-subject'),
      (session) => session.logout(),
    ];
    for (const use of uses) await visit(store, browser, use);
    const session = await store.get(browser.request(), 'a');
    expect(JSON.stringify(events)).not.toMatch(new RegExp(`secret|${session.id}`));
    expect(
      events.flatMap((event) => Object.keys(event)).filter((name) => !['type', 'name'].includes(name)),
    ).toStrictEqual([]);
  });
});

describe('a session that others have changed meanwhile', () => {
  it('is a conflict for each write that came first, and gone where it has ended', async () => {
    const events: string[] = [];
    const watched = new Watched();
    const onEvent = ({ type }: SessionEvent) => events.push(type);
    const store = serverStore({ keys: [secret(1)], backend: watched.backend, onEvent });
    const browser = await browserWith(store, { n: 0 });
    const [slow, late] = [browser.request(), browser.request()];
    (await store.get(slow, 'a')).set('x', 1);
    (await store.get(late, 'a')).set('y', 1);
    await visit(store, browser, (session) => session.set('n', 1));
    events.length = 0;
    expect((await commit(slow)).sessions).toMatchObject([{ outcome: 'saved' }]);
    expect(events).toStrictEqual(['conflict', 'saved']);
    await visit(store, browser, (session) => session.logout());
    events.length = 0;
    expect((await commit(late)).sessions).toMatchObject([{ outcome: 'gone', cookies: [] }]);
    expect(events).toStrictEqual(['gone']);
  });
});

describe('a backend that cannot compare and set among all processes', () => {
  it.each(['process', 'none'] as const)('is told of once, when the store is made: %s', (cas) => {
    const backend = Object.assign(memory(), { cas });
    const events: SessionEvent[] = [];
    const onEvent = (event: SessionEvent) => events.push(event);
    serverStore({ keys: [secret(1)], backend, onEvent });
    cookieStore({ keys: [secret(1)], revocations: backend, onEvent });
    cookieStore({ keys: [secret(1)], overflow: backend, onEvent });
    expect(events).toStrictEqual(Array.from({ length: 3 }, () => ({ type: 'weak-cas', cas })));
  });

  it('is not told of where there is none', () => {
    const onEvent = vi.fn();
    serverStore({ keys: [secret(1)], backend: memory(), onEvent });
    expect(onEvent).not.toHaveBeenCalled();
  });
});
