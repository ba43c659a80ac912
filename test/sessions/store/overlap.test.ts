/** Requests of one session that overlap, move by move: what each of them did is there afterwards. */
import { describe, expect, it } from 'vitest';
import type { Store } from '../../../packages/sessions/src/store/store.ts';
import { save } from '../../../packages/sessions/src/response/save.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import type { Session } from '../../../packages/sessions/src/session/session.ts';
import { Watched } from '../support/watched.ts';
import { Browser, secret } from '../support.ts';

type Change = (session: Session) => unknown;

describe('two requests that overlap', () => {
  it('keep the owner that one of them has set', async () => {
    const { overlap, look } = await start();
    await overlap(
      (session) => session.login('alice'),
      (session) => session.set('n', 2),
    );
    expect((await look()).get('n')).toBe(2);
    expect((await look()).subject).toBe('alice');
  });

  it('keep the lifetime that one of them has set', async () => {
    const { overlap, look } = await start();
    await overlap(
      (session) => (session.options.maxAge = 86_400 * 30),
      (session) => session.set('n', 2),
    );
    expect((await look()).options.maxAge).toBe(86_400 * 30);
  });

  it('keep a message that came while another was added and read', async () => {
    const { overlap, look } = await start();
    await overlap(
      (session) => session.addFlash('unread'),
      (session) => {
        session.addFlash('read');
        expect(session.flashes()).toStrictEqual(['read']);
      },
    );
    expect((await look()).peekFlashes()).toStrictEqual(['unread']);
  });

  it('keep a message that came while two have read the one before', async () => {
    const { overlap, look } = await start((session) => session.addFlash('read'));
    const read: Change = (session) => expect(session.flashes()).toStrictEqual(['read']);
    await overlap(read, (session) => session.addFlash('unread'), read);
    expect((await look()).peekFlashes()).toStrictEqual(['unread']);
  });

  it('do not make a change twice to a value that this request has set', async () => {
    const { overlap, look } = await start();
    await overlap(
      (session) => session.set('n', 2),
      (session) => {
        session.set('list', []);
        session.update<string[]>('list', (list = []) => {
          list.push('once');
          return list;
        });
      },
    );
    expect((await look()).get('list')).toStrictEqual(['once']);
  });

  it('keep a change in place that comes before an update of the same value', async () => {
    const { overlap, look } = await start((session) => session.set('list', []));
    await overlap(
      (session) => session.set('n', 2),
      (session) => {
        const list = session.get('list');
        if (Array.isArray(list)) list.push('in place');
        session.update<string[]>('list', (before = []) => [...before, 'by update']);
      },
    );
    expect((await look()).get('list')).toStrictEqual(['in place', 'by update']);
  });
});

describe('a logout', () => {
  it('at any moment of the move to a new id, is not undone by it', async () => {
    for (let moment = 0; ; moment++) {
      const { watched, store, browser } = await start();
      const [login, logout] = [browser.request(), browser.request()];
      const [moving, ending] = await Promise.all([store.get(login, 'a'), store.get(logout, 'a')]);
      await moving.regenerate();
      ending.destroy();
      let calls = 0;
      let isLoggedOut = false;
      watched.fault = async () => {
        if (calls++ !== moment) return undefined;
        isLoggedOut = true;
        await save(logout, new Response());
        return undefined;
      };
      browser.take(await save(login, new Response()));
      watched.fault = undefined;
      if (!isLoggedOut) break; // the move has fewer moments
      const session = await store.get(browser.request(), 'a');
      expect([moment, session.isNew]).toStrictEqual([moment, true]);
    }
  });
});

interface Started {
  watched: Watched;
  store: Store;
  browser: Browser;
  /** All load the session, then all change it, then save in turn. */
  overlap(...changes: Change[]): Promise<void>;
  look(): Promise<Session>;
}

/** A session that is saved, with `prepare` done to it. */
async function start(prepare: Change = () => {}): Promise<Started> {
  const watched = new Watched();
  const store = serverStore({ keys: [secret(1)], backend: watched.backend });
  const browser = new Browser();
  await browser.visit(async (request) => {
    prepare((await store.get(request, 'a')).set('n', 1));
    return save(request, new Response());
  });
  const overlap = async (...changes: Change[]) => {
    const visits = changes.map((change) => ({ change, request: browser.request() }));
    const sessions = await Promise.all(visits.map(({ request }) => store.get(request, 'a')));
    for (const [at, { change }] of visits.entries()) {
      const session = sessions[at];
      if (session !== undefined) change(session);
    }
    for (const { request } of visits) browser.take(await save(request, new Response()));
  };
  return { watched, store, browser, overlap, look: () => store.get(browser.request(), 'a') };
}
