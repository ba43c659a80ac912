/** How many calls of a backend the real code makes: as many as the table of the protocol says, and at most ten renewals in an idle timeout. */
import { describe, expect, it } from 'vitest';
import type { Backend } from '../../../packages/sessions/src/backends/backend.ts';
import { memory } from '../../../packages/sessions/src/backends/memory.ts';
import { inScope } from '../../../packages/sessions/src/store/scope.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import type { Store } from '../../../packages/sessions/src/store/store.ts';
import { secret } from '../../codec/support.ts';
import { CALLS, type Calls } from './calls.ts';
import type { Act } from './requests.ts';
import { COOKIE, type Kind, SERVER } from './schedules/kinds.ts';

const NAME = 'login';
const START = 1_800_000_000;

describe.each<{ store: 'server' | 'cookie'; kind: Kind }>([
  { store: 'server', kind: SERVER },
  { store: 'cookie', kind: COOKIE },
])('a $store store', ({ store, kind }) => {
  it.each(CALLS)('makes as many calls as the table says for $title', async (row) => {
    const { load, more } = row[store];
    expect(await callsOf(kind, row)).toEqual({ load, more });
  });
});

describe('a renewal', () => {
  it.each([
    { idleTimeout: 1_000, step: 1 },
    { idleTimeout: 1_000, step: 7.3 },
    { idleTimeout: 60, step: 0.37 },
    { idleTimeout: 5, step: 0.1 },
  ])('happens at most ten times in an idle timeout of $idleTimeout s, with a visit every $step s', async (timing) => {
    const { idleTimeout, step } = timing;
    const renewals = await renewalsOf({ idleTimeout, maxAge: 20 * idleTimeout, step, seconds: 10 * idleTimeout });
    expect(renewals.length).toBeGreaterThan(40); // and it happens
    expect(renewals.length).toBeLessThanOrEqual(100);
    for (const [at, time] of renewals.entries()) {
      const last = renewals[at + 10];
      if (last !== undefined) expect(last - time).toBeGreaterThanOrEqual(idleTimeout - 1); // dates are whole seconds
    }
  });

  it('does not happen where it would move no end: in the last idle timeout of a lifetime', async () => {
    const renewals = await renewalsOf({ idleTimeout: 100, maxAge: 1_000, step: 1, seconds: 1_000 });
    expect(renewals.length).toBeLessThanOrEqual(91); // ten in each of nine idle timeouts, and the one that reaches the end
    expect(renewals.at(-1)).toBeLessThanOrEqual(START + 910);
    expect(renewals.at(-1)).toBeGreaterThan(START + 890);
  });
});

/** The calls of `get`, and those of everything after it. */
async function callsOf(
  kind: Kind,
  { acts, isAnonymous, isOld, isNew }: Calls,
): Promise<{ load: number; more: number }> {
  let now = START;
  let calls = 0;
  const backend = counted(memory({ now: () => now }), () => calls++);
  const store = kind.open([backend], () => now, 0);
  const make = (subject: string | undefined) =>
    visit(store, undefined, async (session) => {
      if (subject !== undefined) await session.login(subject);
      session.set('a', 1);
    });
  const cookie = await make(isAnonymous ? undefined : 'ada');
  await make('ada');
  now += isOld === true ? 200 : 10;
  calls = 0;
  let load = 0;
  await visit(store, isNew === true ? undefined : cookie, async (session) => {
    load = calls;
    for (const act of acts) await perform(store, session, act);
  });
  return { load, more: calls - load };
}

/** When a session that is visited again and again is renewed. */
async function renewalsOf(timing: {
  idleTimeout: number;
  maxAge: number;
  step: number;
  seconds: number;
}): Promise<number[]> {
  const { idleTimeout, maxAge, step, seconds } = timing;
  let now = START;
  const renewals: number[] = [];
  const onEvent = ({ type }: { type: string }) => {
    if (type === 'renewed') renewals.push(now);
  };
  const backend = memory({ now: () => now });
  const store = serverStore({ keys: [secret(1)], backend, now: () => now, idleTimeout, maxAge, onEvent });
  const cookie = await visit(store, undefined, async (session) => void session.set('a', 1));
  for (now += step; now < START + seconds; now += step) await visit(store, cookie, async () => {});
  return renewals;
}

type Session = Awaited<ReturnType<Store['get']>>;

/** One request. @returns the Cookie header that the visitor has after it. */
async function visit(
  store: Store,
  cookie: string | undefined,
  handle: (session: Session) => Promise<void>,
): Promise<string | undefined> {
  const request = { headers: cookie === undefined ? {} : { cookie } };
  return await inScope(request, async (scope) => {
    await handle(await store.get(request, NAME));
    const { cookies, sessions } = await scope.commit();
    expect(sessions[0]?.error).toBeUndefined();
    const [set] = cookies;
    return set === undefined ? cookie : `${set.name}=${set.value}`;
  });
}

async function perform(store: Store, session: Session, act: Act): Promise<void> {
  if (act === 'write') session.set('a', 2);
  else if (act === 'regenerate') await session.regenerate();
  else if (act === 'login') await session.login('ada');
  else if (act === 'logout') session.logout();
  else if (act === 'all') await store.revokeAll('ada');
  else if (act === 'except') await store.revokeAll('ada', { except: session });
  else if (act !== 'read') throw new Error(`There is no ${act} here`);
}

function counted(backend: Backend, count: () => void): Backend {
  const counting = <T>(result: T): T => {
    count();
    return result;
  };
  return {
    cas: backend.cas,
    inProcess: true,
    get: (id) => counting(backend.get(id)),
    set: (id, data, options) => counting(backend.set(id, data, options)),
    delete: (id) => counting(backend.delete(id)),
    list: (subject) => counting(backend.list?.(subject) ?? nothing()),
  };
}

async function* nothing(): AsyncGenerator<never> {}
