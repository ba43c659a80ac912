/** Nothing counts twice, and nothing is lost: a call to the backend fails or its answer is lost, at every moment, and the handler saves again. */
import { describe, expect, it } from 'vitest';
import { commit } from '../../../packages/sessions/src/response/save.ts';
import type { Session } from '../../../packages/sessions/src/session/session.ts';
import { cookieStore } from '../../../packages/sessions/src/store/cookie-store.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import type { Store } from '../../../packages/sessions/src/store/store.ts';
import { visit } from '../support/visit.ts';
import { Watched } from '../support/watched.ts';
import { Browser, secret } from '../support.ts';

type Deed = (session: Session) => unknown;

const count: Deed = (session) => {
  session.update('n', (n = 0) => n + 1);
  session.addFlash('Saved');
};

const deeds: Readonly<Record<string, Deed>> = {
  'a change': count,
  'a new id': async (session) => {
    count(session);
    await session.regenerate();
  },
  'a login': async (session) => {
    count(session);
    await session.login('ada');
  },
};

const kinds: Readonly<Record<string, (watched: Watched) => Store>> = {
  'a server store': ({ backend }) => serverStore({ keys: [secret(1)], backend }),
  'a cookie store with revocations': ({ backend }) => cookieStore({ keys: [secret(1)], revocations: backend }),
};

const faults = ['fault', 'lostAnswer'] as const;

/** Breaks one call of the commit that follows. Returns whether it came to that call. */
function breakCall(watched: Watched, how: (typeof faults)[number], moment: number): () => boolean {
  let calls = 0;
  watched[how] = () => {
    if (calls++ === moment) throw new Error('connection lost');
    return undefined;
  };
  return () => {
    watched[how] = undefined;
    return calls > moment;
  };
}

/** Commits until it succeeds, and takes the cookies. Returns the outcomes. */
async function commitTwice(request: Request, browser: Browser): Promise<string[]> {
  const outcomes: string[] = [];
  for (let time = 0; time < 2; time++) {
    const { cookies, sessions } = await commit(request);
    outcomes.push(...sessions.map(({ outcome }) => outcome));
    for (const { name, value } of cookies) browser.cookies.set(name, value);
    if (!outcomes.includes('failed')) break;
  }
  return outcomes;
}

const cases = Object.keys(kinds).flatMap((kind) =>
  Object.keys(deeds).flatMap((deed) => faults.map((fault) => ({ kind, deed, fault }))),
);

describe.each(cases)('$deed in $kind: $fault', ({ kind, deed, fault }) => {
  const start = async (fill: Deed | undefined) => {
    const watched = new Watched();
    const store = kinds[kind]?.(watched);
    if (store === undefined) throw new Error('no such kind');
    const browser = new Browser();
    if (fill !== undefined) await visit(store, browser, fill);
    return { watched, store, browser };
  };

  it.each([
    ['a session that is there', (session: Session) => session.set('n', 1).set('cart', ['apple'])],
    ['a new session', undefined],
  ])('of %s, saved again: done once, and nothing is lost', async (_name, fill) => {
    let moments = 0;
    for (; ; moments++) {
      const { watched, store, browser } = await start(fill);
      const request = browser.request();
      await deeds[deed]?.(await store.get(request, 'a'));
      const hasBroken = breakCall(watched, fault, moments);
      const outcomes = await commitTwice(request, browser);
      if (!hasBroken()) break;
      expect(outcomes).toStrictEqual(['failed', expect.stringMatching(/^(saved|created)$/)]);
      const session = await store.get(browser.request(), 'a');
      expect({ moment: moments, n: session.get('n'), cart: session.get('cart') }).toStrictEqual({
        moment: moments,
        n: fill === undefined ? 1 : 2,
        cart: fill === undefined ? undefined : ['apple'],
      });
      expect(session.peekFlashes()).toStrictEqual(['Saved']);
      expect(session.subject).toBe(deed === 'a login' ? 'ada' : undefined);
    }
    // A cookie store asks nothing for a session without id or subject that is new.
    if (kind === 'a server store') expect(moments).toBeGreaterThan(0);
  });

  it('not saved again: the session is as before or as after, never gone', async () => {
    const found: unknown[] = [];
    for (;;) {
      const { watched, store, browser } = await start((session) => session.set('n', 1));
      const request = browser.request();
      await deeds[deed]?.(await store.get(request, 'a'));
      const hasBroken = breakCall(watched, fault, found.length);
      const { sessions } = await commit(request);
      if (!hasBroken()) break;
      expect(sessions.map(({ outcome }) => outcome)).toStrictEqual(['failed']);
      const next = await store.get(browser.request(), 'a');
      found.push(next.rejected ?? next.get('n'));
    }
    // What no protocol can give: after the last call the old id points to the new one, and the cookie of that one never came.
    const last = found.pop();
    if (last === 'gone') expect([fault, deed]).toStrictEqual(['lostAnswer', expect.not.stringMatching('a change')]);
    else expect([undefined, 1, 2]).toContain(last);
    for (const n of found) expect([1, 2]).toContain(n);
  });

  it('while another request writes: done once, or an error that says so', async () => {
    for (let moment = 0; ; moment++) {
      const { watched, store, browser } = await start((session) => session.set('n', 1));
      const request = browser.request();
      await deeds[deed]?.(await store.get(request, 'a'));
      const hasBroken = breakCall(watched, fault, moment);
      const [first] = (await commit(request)).sessions;
      if (!hasBroken()) break;
      expect(first?.outcome).toBe('failed');
      const other = browser.request();
      (await store.get(other, 'a')).set('other', true);
      const [theirs] = (await commit(other)).sessions; // gone where the session has moved already
      const { cookies, sessions } = await commit(request);
      for (const { name, value } of cookies) browser.cookies.set(name, value);
      const [second] = sessions;
      const session = await store.get(browser.request(), 'a');
      if (second?.outcome === 'failed') {
        expect(second.error).toHaveProperty('code', 'ERR_SESSION_UNKNOWN');
      } else if (second?.outcome === 'saved') expect(session.get('n')).toBe(2);
      if (kind !== 'a server store') continue;
      expect(session.get('other')).toBe(theirs?.outcome === 'saved' ? true : undefined);
      expect(session.peekFlashes()).toStrictEqual(session.get('n') === 2 ? ['Saved'] : []);
    }
  });
});

describe('a logout', () => {
  it.each(faults)('that meets a %s, ends the session when it is saved again', async (fault) => {
    for (const create of Object.values(kinds)) {
      for (let moment = 0; ; moment++) {
        const watched = new Watched();
        const store = create(watched);
        const browser = new Browser();
        await visit(store, browser, (session) => session.login('ada'));
        const copy = browser.copy();
        const request = browser.request();
        (await store.get(request, 'a')).logout();
        const hasBroken = breakCall(watched, fault, moment);
        const outcomes = await commitTwice(request, browser);
        if (!hasBroken()) break;
        expect(outcomes).toStrictEqual(['failed', 'ended']);
        expect((await store.get(copy.request(), 'a')).rejected).toMatch(/^(gone|revoked)$/);
      }
    }
  });
});

describe('many requests at once', () => {
  it.each([1, 2])(
    '60 of one session, on %i servers and a backend that answers late, lose no update and none gives up',
    async (servers) => {
      const watched = new Watched();
      const stores = Array.from({ length: servers }, () =>
        serverStore({ keys: [secret(1)], backend: watched.backend }),
      );
      const [store] = stores;
      if (store === undefined) throw new Error('no store');
      const browser = new Browser();
      await visit(store, browser, (session) => session.set('n', 0));
      watched.fault = async () => {
        for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
        return undefined;
      };
      const outcomes = await Promise.all(
        Array.from({ length: 60 }, async (_, at) => {
          const request = browser.request();
          (await (stores[at % servers] ?? store).get(request, 'a')).update('n', (n = 0) => n + 1);
          const { sessions } = await commit(request);
          return sessions.map(({ outcome }) => outcome).join();
        }),
      );
      expect(new Set(outcomes)).toStrictEqual(new Set(['saved']));
      expect((await store.get(browser.request(), 'a')).get('n')).toBe(60);
      const writes = watched.calls.filter((verb) => verb === 'set').length;
      if (servers === 1) expect(writes).toBe(61); // within a process they take turns, and none writes in vain
    },
  );
});
