/** A random story of two browsers of one user and two servers, as lines which every kind of store has to tell in the same way. */
import { randomFrom } from '../../../codec/support.ts';
import { IDLE_TIMEOUT, type Kind } from '../schedules/kinds.ts';
import { Browser, Cluster, note } from './browser.ts';

const START = 1_800_000_000;
const SUBJECT = 'ada';
const STEPS = 40;

const ACTS = ['read', 'write', 'write', 'regenerate', 'login', 'login', 'logout', 'all', 'except', 'old'] as const;

export interface Story {
  readonly seed: number;
  /** Seconds by which the clock of each of two servers is ahead. */
  readonly skews: readonly [number, number];
  /** Seconds by which the first clock is set back when half of the story is told. */
  readonly setBack: number;
}

/** @throws when something opens that has ended. */
export async function tell(kind: Kind, { seed, skews, setBack }: Story): Promise<string[]> {
  const random = randomFrom(seed);
  const pick = (count: number) => Math.floor(random() * count);
  const cluster = new Cluster(kind, START, skews);
  const browsers = [new Browser(), new Browser()];
  const ended = new Set<string>();
  const told: string[] = [];
  for (let step = 0; step < STEPS; step++) {
    cluster.now += pick(4) === 0 ? pick(IDLE_TIMEOUT) : pick(20);
    if (step === STEPS / 2) cluster.skews[0] = skews[0] - setBack;
    const user = browsers[pick(4) === 0 ? 1 : 0] ?? new Browser();
    const act = ACTS[pick(ACTS.length)] ?? 'read';
    const store = cluster.store(pick(2));
    const old = user.old[pick(user.old.length)];
    const browser = act === 'old' ? new Browser(old) : user;
    if (act === 'old') browsers.push(browser); // a cookie store sets the cookie again
    const before = await openFamilies(cluster, browsers);
    let family = '';
    const visit = await browser.visit(store, async (session) => {
      if (session.isNew && act !== 'read' && act !== 'logout') session.set('family', `f${step}`);
      family = String(session.get('family'));
      if (act === 'regenerate') await session.regenerate();
      if (act === 'login') await session.login(SUBJECT);
      if (act === 'logout') session.logout();
      if (act === 'all') await store.revokeAll(SUBJECT);
      if (act === 'except') await store.revokeAll(SUBJECT, { except: session });
      if (act === 'write' || act === 'login' || act === 'old') note(session, String(step));
    });
    if (act === 'logout') ended.add(family);
    for (const [one, subject] of before) {
      const isSpared = act === 'except' && one === family && visit.found.startsWith(SUBJECT);
      if ((act === 'all' || act === 'except') && subject === SUBJECT && !isSpared) ended.add(one);
    }
    const after = await openFamilies(cluster, browsers);
    const undead = [...ended].filter((one) => after.has(one));
    if (undead.length > 0) throw new Error(`${undead.join()} opens after step ${step} (${act}) of seed ${seed}`);
    const open = [...after].map(([one, subject]) => `${one} of ${subject}`).sort();
    told.push(`${step} ${act}: ${visit.found}; ${visit.outcome}; then open: ${open.join(', ')}`);
  }
  return told;
}

/** What opens at any server with a cookie that any browser has or had: families, and whose they are. */
async function openFamilies(cluster: Cluster, browsers: readonly Browser[]): Promise<Map<string, string | undefined>> {
  const open = new Map<string, string | undefined>();
  for (const store of cluster.stores) {
    for (const { cookie, old } of browsers) {
      for (const one of [...old, cookie]) {
        if (one === undefined) continue;
        const session = await store.peek({ headers: { cookie: one } }, 'login');
        if (!session.isNew) open.set(String(session.get('family')), session.subject);
      }
    }
  }
  return open;
}
