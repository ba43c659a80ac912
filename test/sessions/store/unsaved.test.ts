/** A change that is lost is told of: once nobody has the session any more, an event, and outside production one warning. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { commit, save, withSessions } from '../../../packages/sessions/src/response/save.ts';
import type { Session } from '../../../packages/sessions/src/session/session.ts';
import type { SessionEvent } from '../../../packages/sessions/src/store/events.ts';
import { until } from '../../support/eventually.ts';
import { collected } from '../support/garbage.ts';
import { browserWith } from '../support/visit.ts';
import { kinds } from '../support.ts';

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}));
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe.each(kinds)('a session of %s store', (kind) => {
  const lost: [string, (session: Session) => unknown][] = [
    ['a value', (session) => session.set('n', 2)],
    ['an increment', (session) => session.update('n', (n = 0) => n + 1)],
    ['a deletion', (session) => session.delete('n')],
    ['a message', (session) => session.addFlash('x')],
    ['a lifetime', (session) => void (session.options.maxAge = 60)],
    ['a login', (session) => session.login('ada')],
    ['a new id', (session) => session.regenerate()],
    ['a logout', (session) => session.logout()],
    ['a value changed in place', (session) => push(session.get('list'))],
  ];

  it.each(lost)('whose request ends without a save: %s is told of, once', async (_name, change) => {
    const { events, store, browser } = await start();
    await (async () => change(await store.get(browser.request(), 'a')))();
    await until('the lost change is told of', async () => {
      await collected();
      return events.length > 0;
    });
    await collected();
    expect(events).toStrictEqual([{ type: 'unsaved', name: 'a' }]);
  });

  const nothing: [string, (session: Session) => unknown][] = [
    ['is read', (session) => [...session, session.get('list'), session.peekFlashes()]],
    ['is asked to delete what is not there', (session) => session.delete('nothing')],
    ['is given the lifetime that it has', (session) => void (session.options.maxAge = 2_592_000)],
  ];

  it.each(nothing)('that %s: nothing is told', async (_name, use) => {
    const { events, store, browser } = await start();
    await (async () => use(await store.get(browser.request(), 'a')))();
    await collected();
    await collected();
    expect(events).toStrictEqual([]);
  });

  it('that was saved, or whose save has failed with an error: nothing is told', async () => {
    const { events, store, browser } = await start();
    await (async () => {
      const request = browser.request();
      push((await store.get(request, 'a')).set('n', 2).get('list'));
      await save(request, new Response());
      const broken = browser.request();
      (await store.get(broken, 'a')).set('f', () => 1);
      await expect(save(broken, new Response())).rejects.toThrow(/f/);
      const failing = withSessions(async (given) => {
        (await store.get(given, 'a')).set('n', 3);
        throw new Error('of the handler');
      });
      await expect(failing(browser.request())).rejects.toThrow('of the handler');
    })();
    await collected();
    await collected();
    expect(events.filter(({ type }) => type === 'unsaved')).toStrictEqual([]);
  });

  it.each<[string, (session: Session) => unknown]>([
    ['a value that was handed out before', (session) => session.get('list')],
    ['a value that is handed out after', () => undefined],
  ])('that is changed in place after the save: %s is told of', async (_name, before) => {
    const { events, store, browser } = await start();
    await (async () => {
      const request = browser.request();
      const session = await store.get(request, 'a');
      before(session);
      await commit(request);
      push(session.get('list'));
    })();
    await until('the lost change is told of', async () => {
      await collected();
      return events.length > 0;
    });
    expect(events).toStrictEqual([{ type: 'unsaved', name: 'a' }]);
  });

  it('is gone with its request: what is reported holds neither', async () => {
    const { store, browser } = await start();
    const [request, session] = await (async () => {
      const request = browser.request();
      const session = await store.get(request, 'a');
      push(session.set('n', 2).get('list'));
      return [new WeakRef(request), new WeakRef(session)];
    })();
    await until('request and session are collected', async () => {
      await collected();
      return request?.deref() === undefined && session?.deref() === undefined;
    });
  });

  async function start() {
    const browser = await browserWith(kind.create(), { n: 1, list: [] });
    const events: SessionEvent[] = [];
    return { events, browser, store: kind.create({ onEvent: (event) => events.push(event) }) };
  }
});

describe('the warning', () => {
  const warningsIn = async (mode: string): Promise<readonly unknown[][]> => {
    vi.resetModules();
    Reflect.deleteProperty(globalThis, Symbol.for('sealring.told'));
    vi.stubEnv('NODE_ENV', mode);
    const { reportUnsaved } = await import('../../../packages/sessions/src/store/unsaved.ts');
    for (const name of ['one', 'other']) reportUnsaved(name, () => {});
    return vi.mocked(console.warn).mock.calls;
  };

  it('comes once, with the name of the session and what to do', async () => {
    expect(await warningsIn('development')).toStrictEqual([[expect.stringMatching(/session "one" .*call save\(/)]]);
  });

  it('does not come in production', async () => {
    expect(await warningsIn('production')).toStrictEqual([]);
  });
});

function push(list: unknown): void {
  if (!Array.isArray(list)) throw new Error('expected a list');
  list.push('x');
}
