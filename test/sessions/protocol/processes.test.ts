/** Two server processes on real servers, with nothing between them that waits for anybody: no session survives its end, no login and no cart is lost. */
import { generateKey } from '@sealring/codec';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { built } from '../../support/repository.ts';
import type { BackendSpec } from '../support/real-backends.ts';
import { missing, useServers } from '../support/servers.ts';
import { ServerProcess } from './processes/server-process.ts';

const ROUNDS = process.env['SOAK'] ? 1_500 : 150;
const LONG = 3_600_000; // milliseconds; on a machine that has nothing else to do it takes seconds, and minutes under SOAK

const { redisAt, postgresAt } = useServers();

beforeAll(() => {
  built('packages/codec/dist/index.js'); // the processes import it by its name
});

interface Case {
  readonly kind: BackendSpec['kind'];
  readonly store: 'server' | 'cookie';
  readonly lacks: string | undefined;
  at(): string;
}

const inRedis = { kind: 'redis, ioredis', lacks: missing('redis'), at: redisAt } as const;
const inPostgres = { kind: 'postgres, pg', lacks: missing('postgres'), at: postgresAt } as const;

const CASES: readonly Case[] = [
  { ...inRedis, store: 'server' },
  { ...inPostgres, store: 'server' },
  { ...inRedis, store: 'cookie' },
  { ...inPostgres, store: 'cookie' },
];

describe.each(CASES)('a $store store with $kind', ({ kind, store, lacks, at }) => {
  let one: ServerProcess;
  let other: ServerProcess;

  beforeAll(() => {
    if (lacks !== undefined) return;
    const key = generateKey();
    one = new ServerProcess(store, { kind, at: at() }, key);
    other = new ServerProcess(store, { kind, at: at() }, key);
  });
  afterAll(async () => {
    await one?.end();
    await other?.end();
  });

  /** A new session with a cart. */
  const shop = async (subject: string, ...acts: ('login' | 'buy')[]): Promise<string> => {
    const { cookie } = await one.call(acts, { subject });
    if (cookie === undefined) throw new Error('A new session has set no cookie');
    return cookie;
  };
  /** Which of these cookies open, at either process. */
  const opening = async (...cookies: (string | undefined)[]): Promise<number> => {
    const answers = cookies
      .filter((cookie) => cookie !== undefined)
      .flatMap((cookie) => [one, other].map((process) => process.call([], { cookie, subject: '' })));
    return (await Promise.all(answers)).filter(({ found }) => found !== undefined).length;
  };

  it.skipIf(lacks)('lets nothing survive a logout that meets a regenerate', { timeout: LONG }, async () => {
    let [survivors, overtaken] = [0, 0];
    for (let round = 0; round < ROUNDS; round++) {
      const cookie = await shop('ada', 'login', 'buy');
      const [regenerate, logout] = await Promise.all([
        one.call(['regenerate'], { cookie, subject: 'ada' }),
        other.call(['logout'], { cookie, subject: 'ada' }),
      ]);
      if (regenerate.outcome === 'saved') overtaken++;
      expect(['ended', 'unchanged']).toContain(logout.outcome);
      if (logout.outcome === 'ended') survivors += await opening(cookie, regenerate.cookie);
    }
    console.log(`${store}, ${kind}: ${overtaken} of ${ROUNDS} sessions moved before they ended`);
    expect(survivors).toBe(0);
  });

  it.skipIf(lacks)(
    'ends a login that began before revokeAll, and keeps one that began after it',
    { timeout: LONG },
    async () => {
      let [survivors, lost] = [0, 0];
      for (let round = 0; round < ROUNDS; round++) {
        const subject = `ada ${round}`;
        const cookie = round % 2 === 0 ? await shop(subject, 'buy') : undefined;
        const login = one.send(['login', 'hold', 'buy'], { cookie, subject });
        await login.held;
        const revokeAll = other.send(['revokeAll'], { subject });
        login.go();
        const [began] = await Promise.all([login.answer, revokeAll.answer]);
        survivors += await opening(began.cookie);
        const after = await other.call(['login', 'buy'], { subject });
        if ((await opening(after.cookie)) !== 2) lost++;
      }
      expect({ survivors, lost }).toEqual({ survivors: 0, lost: 0 });
    },
  );

  it.skipIf(lacks)('keeps login and cart of a double click on login', { timeout: LONG }, async () => {
    let [logins, carts, cookies] = [0, 0, 0];
    for (let round = 0; round < ROUNDS; round++) {
      const cookie = await shop('ada', 'buy', 'buy');
      const answers = await Promise.all(
        [one, other].map((server) => server.call(['login'], { cookie, subject: 'ada' })),
      );
      const set = answers.flatMap((answer) => (answer.cookie === undefined ? [] : [answer.cookie]));
      cookies += set.length;
      const { found } = await other.call([], { cookie: set.at(-1), subject: 'ada' });
      if (found?.subject !== 'ada') logins++;
      if (found?.cart !== 2) carts++;
    }
    expect({ logins, carts, cookies }).toEqual({ logins: 0, carts: 0, cookies: ROUNDS }); // one of the two sets it
  });

  it.skipIf(lacks)('keeps login and cart while the page polls with the old id', { timeout: LONG }, async () => {
    let [logins, carts, cookies, late] = [0, 0, 0, 0];
    for (let round = 0; round < ROUNDS; round++) {
      const cookie = await shop('ada', 'buy');
      const login = one.send(['login'], { cookie, subject: 'ada' });
      // In a cookie store a write sets the cookie, and of two that arrive the last one counts: there the page only reads.
      const poll = () => other.call(store === 'server' ? ['buy'] : [], { cookie, subject: 'ada' });
      const polls = [await poll(), await poll()];
      const { cookie: present } = await login.answer;
      const after = await other.call(['buy'], { cookie, subject: 'ada' });
      const bought = polls.filter(({ outcome }) => outcome === 'saved').length;
      late += polls.filter(({ outcome }) => outcome === 'gone').length;
      cookies += [...polls, after].filter((answer) => answer.cookie !== undefined).length;
      const { found } = await other.call([], { cookie: present, subject: 'ada' });
      if (found?.subject !== 'ada') logins++;
      if (found?.cart !== 1 + bought) carts++;
      expect(after.outcome).toBe('gone');
    }
    console.log(`${store}, ${kind}: ${late} of ${2 * ROUNDS} polls came with an id that had moved`);
    expect({ logins, carts, cookies }).toEqual({ logins: 0, carts: 0, cookies: 0 });
  });
});
