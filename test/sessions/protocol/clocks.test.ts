/** Clocks that do not agree or are set back, and requests that outlive an idle timeout: every kind of store does the same, and no promise breaks. */
import { describe, expect, it } from 'vitest';
import type { Session } from '../../../packages/sessions/src/session/session.ts';
import { Browser, Cluster, note } from './clocks/browser.ts';
import { tell } from './clocks/story.ts';
import { COOKIE, IDLE_TIMEOUT, type Kind, SERVER, UNLISTED } from './schedules/kinds.ts';

const START = 1_800_000_000;
const SUBJECT = 'ada';
const LIFETIME = 2_592_000; // seconds; the default
const SEEDS = process.env['SOAK'] ? 500 : 15;

const KINDS: readonly Kind[] = [SERVER, UNLISTED, COOKIE];

describe('two servers', () => {
  it.each<{ name: string; skews: [number, number]; setBack: number }>([
    { name: 'with one clock', skews: [0, 0], setBack: 0 },
    { name: 'of which one is 120 s ahead', skews: [120, 0], setBack: 0 },
    { name: 'of which one is 120 s behind', skews: [0, -120], setBack: 0 },
    { name: 'of which one is set back by an hour', skews: [0, 0], setBack: 3_600 },
    { name: 'of which one is 120 s ahead, and is set back by an hour', skews: [120, 0], setBack: 3_600 },
  ])('$name do the same whatever keeps their sessions', { timeout: 600_000 }, async ({ skews, setBack }) => {
    const first = Number(process.env['SEED'] ?? 1);
    for (let seed = first; seed < first + SEEDS; seed++) {
      const told = await tell(SERVER, { seed, skews, setBack });
      for (const kind of [UNLISTED, COOKIE]) {
        expect(await tell(kind, { seed, skews, setBack }), `${kind.name}, seed ${seed}`).toEqual(told);
      }
    }
  });
});

describe.each(KINDS)('$name', (kind) => {
  const loggedIn = async (skews: readonly number[] = [0, 0]) => {
    const cluster = new Cluster(kind, START, skews);
    const browser = new Browser();
    await browser.visit(cluster.store(0), async (session) => {
      await session.login(SUBJECT);
      note(session, 'login');
    });
    return { cluster, browser };
  };

  it.each([120, -120])('keeps a login that another server has made, whose clock is %i s ahead', async (skew) => {
    const { cluster, browser } = await loggedIn([skew, 0]);
    for (const server of [1, 0, 1]) {
      const { found, outcome } = await browser.visit(cluster.store(server), (session) => note(session, String(server)));
      expect(found).toContain('ada login');
      expect(outcome).toBe('saved');
    }
    await browser.visit(cluster.store(1), (session) => session.regenerate());
    expect((await browser.visit(cluster.store(0))).found).toBe('ada login,1,0,1');
  });

  it.each([120, -120])(
    'ends what revokeAll ends, and keeps the login after it, with a clock that is %i s ahead',
    async (skew) => {
      const { cluster, browser } = await loggedIn([skew, 0]);
      const revoked = browser.cookie;
      await cluster.store(1).revokeAll(SUBJECT);
      await browser.visit(cluster.store(0), (session) => session.login(SUBJECT));
      await cluster.store(0).revokeAll('somebody else');
      for (const server of [0, 1]) {
        expect((await browser.visit(cluster.store(server))).found).toContain('ada');
        expect((await new Browser(revoked).visit(cluster.store(server))).found).toBe('none');
      }
      await cluster.store(0).revokeAll(SUBJECT);
      for (const server of [0, 1]) expect((await browser.visit(cluster.store(server))).found).toBe('none');
    },
  );

  it.each([120, 50, 0, -50, -120])(
    'sets no cookie for an old id within a minute of a move, where the clock is %i s ahead',
    async (skew) => {
      const { cluster, browser } = await loggedIn([0, skew]);
      const other = new Browser(browser.cookie);
      await browser.visit(cluster.store(0), (session) => session.regenerate());
      cluster.now += 59;
      const { outcome } = await other.visit(cluster.store(1), (session) => note(session, 'old'));
      expect({ outcome, cookiesSet: other.old.length }).toEqual({ outcome: 'gone', cookiesSet: 0 });
      expect((await browser.visit(cluster.store(1))).found).toBe('ada login');
    },
  );

  it.each([120, 50, 0, -50, -120])(
    'lets a visitor log in again whose answer was lost, when three minutes are over for a clock %i s ahead',
    async (skew) => {
      const { cluster, browser } = await loggedIn([0, skew]);
      const lost = new Browser(browser.cookie);
      await browser.visit(cluster.store(0), (session) => session.regenerate());
      cluster.now += 180 - skew;
      const login = await lost.visit(cluster.store(1), (session) => session.login(SUBJECT));
      expect(login).toEqual({ found: 'none', outcome: 'created' });
      for (const one of [lost, browser]) expect((await one.visit(cluster.store(0))).found).toContain('ada');
    },
  );

  it('goes on where the clock is set back by an hour: nothing is over, nothing comes back, nothing is renewed backwards', async () => {
    const { cluster, browser } = await loggedIn();
    const first = browser.cookie;
    await browser.visit(cluster.store(0), (session) => session.regenerate());
    cluster.skews.fill(-3_600);
    expect((await browser.visit(cluster.store(0), (session) => note(session, 'back'))).found).toBe('ada login');
    expect((await new Browser(first).visit(cluster.store(0))).found).toBe('none');
    cluster.now += IDLE_TIMEOUT - 1; // since the last visit, by the clock of before
    cluster.skews.fill(0);
    expect((await browser.visit(cluster.store(0))).found).toBe('ada login,back');
    cluster.skews.fill(-3_600);
    await cluster.store(0).revokeAll(SUBJECT);
    for (const skew of [-3_600, 0]) {
      cluster.skews.fill(skew);
      expect((await browser.visit(cluster.store(0))).found).toBe('none');
    }
  });

  it.each(['write', 'regenerate', 'login'])('saves the %s of a request that outlives the idle timeout', async (act) => {
    const { cluster, browser } = await loggedIn();
    const pass = async () => {
      cluster.now += IDLE_TIMEOUT + 600;
      expect((await new Browser(browser.cookie).visit(cluster.store(1))).found).toBe('none');
    };
    const visit = await browser.visitDuring(cluster.store(0), pass, async (session) => {
      if (act === 'regenerate') await session.regenerate();
      if (act === 'login') await session.login(SUBJECT);
      note(session, 'late');
    });
    expect(visit.outcome).toBe('saved');
    expect((await browser.visit(cluster.store(1))).found).toBe('ada login,late');
  });

  it('ends a session in a request that outlives the idle timeout', async () => {
    const { cluster, browser } = await loggedIn();
    const { cookie } = browser;
    const pass = () => (cluster.now += IDLE_TIMEOUT + 600);
    const logout = await browser.visitDuring(cluster.store(0), pass, (session) => session.logout());
    expect(logout.outcome).toBe('ended');
    cluster.now -= IDLE_TIMEOUT + 600;
    expect((await new Browser(cookie).visit(cluster.store(1))).found).toBe('none');
  });

  describe('in a request that began ten minutes ago, with an id that has moved since', () => {
    const late = async (handle: (session: Session) => unknown) => {
      const { cluster, browser } = await loggedIn();
      const other = new Browser(browser.cookie);
      const move = async () => {
        await browser.visit(cluster.store(0), (session) => session.regenerate());
        cluster.now += 600;
      };
      const visit = await other.visitDuring(cluster.store(1), move, handle);
      return {
        outcome: visit.outcome,
        cookiesSet: other.old.length,
        found: (await browser.visit(cluster.store(0))).found,
      };
    };

    it.each<{ name: string; handle: (session: Session) => unknown }>([
      { name: 'write', handle: (session) => note(session, 'late') },
      { name: 'regenerate', handle: (session) => session.regenerate() },
      { name: 'login', handle: (session) => session.login(SUBJECT) },
    ])('changes nothing and sets no cookie: $name', async ({ handle }) => {
      expect(await late(handle)).toEqual({ outcome: 'gone', cookiesSet: 0, found: 'ada login' });
    });

    it('ends the session by a logout', async () => {
      expect(await late((session) => session.logout())).toMatchObject({ outcome: 'ended', found: 'none' });
    });
  });

  it('opens until the last second of its lifetime, and not in the next', async () => {
    const { cluster, browser } = await loggedIn();
    while (cluster.now + IDLE_TIMEOUT / 2 < START + LIFETIME - 1) {
      cluster.now += IDLE_TIMEOUT / 2;
      await browser.visit(cluster.store(0));
    }
    const kept = browser.cookie;
    cluster.now = START + LIFETIME - 0.001;
    const last = await browser.visit(cluster.store(0), (session) => note(session, 'last'));
    expect(last).toMatchObject({ found: 'ada login', outcome: 'saved' });
    expect((await new Browser(kept).visit(cluster.store(0))).found).toContain('ada login');
    cluster.now = START + LIFETIME;
    expect((await new Browser(kept).visit(cluster.store(0))).found).toBe('none');
    expect((await browser.visit(cluster.store(0))).found).toBe('none');
  });

  it('opens until the last second of its idle timeout, and not in the next', async () => {
    const { cluster, browser } = await loggedIn();
    const { cookie } = browser;
    cluster.now = START + IDLE_TIMEOUT;
    expect((await new Browser(cookie).visit(cluster.store(0))).found).toBe('none');
    cluster.now -= 0.001;
    expect((await browser.visit(cluster.store(0))).found).toBe('ada login');
  });
});
