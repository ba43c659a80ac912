/** Requests of one session that overlap: what each of them did is there afterwards. Every interleaving of the protocol's calls is in ../protocol. */
import { describe, expect, it } from 'vitest';
import { save } from '../../../packages/sessions/src/response/save.ts';
import type { Session } from '../../../packages/sessions/src/session/session.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import { visit } from '../support/visit.ts';
import { Watched } from '../support/watched.ts';
import { Browser, secret } from '../support.ts';

type Change = (session: Session) => unknown;

describe('two requests that overlap', () => {
  it('keep the owner that one of them has set', async () => {
    const { overlap, look } = await start();
    await overlap(
      (session) => session.set('n', 2),
      (session) => session.login('alice'),
    );
    expect((await look()).get('n')).toBe(2);
    expect((await look()).subject).toBe('alice');
  });

  it('keep the lifetime that one of them has set', async () => {
    const { overlap, look } = await start();
    await overlap(
      (session) => (session.options.maxAge = 86_400 * 40),
      (session) => session.set('n', 2),
    );
    expect((await look()).options.maxAge).toBe(86_400 * 40);
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

  it('keep a message for the next request where one of them keeps what it has read', async () => {
    const { overlap, look } = await start((session) => session.addFlash('kept'));
    await overlap(
      (session) => session.set('n', 2),
      (session) => {
        expect(session.flashes()).toStrictEqual(['kept']);
        session.keepFlashes();
        session.set('m', 1);
      },
    );
    expect((await look()).peekFlashes()).toStrictEqual(['kept']);
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

  it('tell of each conflict once, and of nothing else', async () => {
    const { overlap, events } = await start();
    events.length = 0;
    await overlap(
      (session) => session.set('x', 1),
      (session) => session.set('y', 2),
      (session) => session.get('n'),
    );
    expect(events).toStrictEqual(['saved', 'conflict', 'saved']);
  });
});

interface Started {
  /** All load the session, then all change it, then save in turn. */
  overlap(...changes: Change[]): Promise<void>;
  look(): Promise<Session>;
  events: string[];
}

/** A session that is saved, with `prepare` done to it. */
async function start(prepare: Change = () => {}): Promise<Started> {
  const watched = new Watched();
  const events: string[] = [];
  const store = serverStore({ keys: [secret(1)], backend: watched.backend, onEvent: ({ type }) => events.push(type) });
  const browser = new Browser();
  await visit(store, browser, (session) => prepare(session.set('n', 1)));
  const overlap = async (...changes: Change[]) => {
    const visits = changes.map((change) => ({ change, request: browser.request() }));
    const sessions = await Promise.all(visits.map(({ request }) => store.get(request, 'a')));
    for (const [at, { change }] of visits.entries()) {
      const session = sessions[at];
      if (session !== undefined) await change(session);
    }
    for (const { request } of visits) browser.take(await save(request, new Response()));
  };
  return { overlap, events, look: () => store.get(browser.request(), 'a') };
}
