/** The plan of a rotation, played through with the real codec. */
import { createSealer } from '@sealring/codec';
import { cookieStore } from 'sealring';
import { mintCookie } from 'sealring/testing';
import { describe, expect, it } from 'vitest';
import { DEMO_KEYS } from '../../../site/src/playground/keys/demo-keys.ts';
import { codeOf, ISSUED_ON, LAST_DAY, PHASES, phaseOn, roleOf } from '../../../site/src/playground/rotate/plan.ts';
import { createRotation, describeVisit } from '../../../site/src/playground/rotate/visits.ts';

const [A = '', B = ''] = DEMO_KEYS.values();
const rotation = createRotation({ A, B }, 'sealring:cookie:session');
const { ids } = rotation;
const says = (day: number) => {
  const { away, daily } = rotation.on(day);
  return { away: describeVisit(away, ids), daily: describeVisit(daily, ids) };
};

describe('createRotation()', () => {
  it('has no cookie before the day of issue', () => {
    expect(rotation.on(ISSUED_ON - 1)).toEqual({ away: { state: 'none' }, daily: { state: 'none' } });
  });

  it('opens with A, not stale, on the day of issue', () => {
    const expected = `Key A (${ids.A}) opens it, stale: false.`;
    expect(says(ISSUED_ON)).toEqual({ away: expected, daily: expected });
  });

  it('opens with A, stale, and seals again with B once B is first', () => {
    const expected = `Key A (${ids.A}) opens it, stale: true. The next save seals it again with key B (${ids.B}).`;
    expect(says(14)).toEqual({ away: expected, daily: expected });
    for (const day of [15, 27]) {
      expect(says(day)).toEqual({ away: expected, daily: `Key B (${ids.B}) opens it, stale: false.` });
    }
  });

  it('refuses the cookie of A once A is gone, naming its id, and opens the one of B', () => {
    expect(says(28)).toEqual({
      away: `It does not open: key ${ids.A} is missing (ERR_SEAL_KEY_UNKNOWN). By now it would have expired anyway.`,
      daily: `Key B (${ids.B}) opens it, stale: false.`,
    });
    expect(says(LAST_DAY)).toEqual(says(28));
  });

  it('says the same whichever day is asked for first', () => {
    const fresh = createRotation({ A, B }, 'sealring:cookie:session');
    for (const day of [27, 13, 34, 14, 20]) {
      expect(describeVisit(fresh.on(day).daily, ids)).toBe(says(day).daily);
    }
  });

  it('seals tokens that a server with those keys opens', () => {
    const { daily } = rotation.on(LAST_DAY);
    const token = daily.state === 'opened' ? daily.token : '';
    expect(createSealer({ keys: [B], purpose: 'sealring:cookie:session', reserved: true }).open(token).value).toEqual({
      user: 42,
    });
  });
});

describe('PHASES', () => {
  it('follow one another, and each says what each key does', () => {
    const rows = PHASES.map((phase) => [phase.from, codeOf(phase), roleOf('A', phase), roleOf('B', phase)]);
    expect(rows).toEqual([
      [0, 'keys: [keyA]', 'seals', 'not there'],
      [7, 'keys: [keyA, keyB]', 'seals', 'opens'],
      [14, 'keys: [keyB, keyA]', 'opens', 'seals'],
      [28, 'keys: [keyB]', 'not there', 'seals'],
    ]);
    expect(phaseOn(13)).toBe(PHASES[1]);
  });

  it('log nobody out: a session of any second opens for a maxAge of 14 days, whatever phase it meets', async () => {
    for (const [issuedAt, day] of visits()) {
      const { user, rejected } = await visit(issuedAt, day * DAY);
      expect([issuedAt, day, user, rejected]).toEqual([issuedAt, day, 'ada', undefined]);
    }
  });

  it('remove A not a day too early, and not a day too late', async () => {
    const lastOfA = (ISSUED_ON + 1) * DAY - 1;
    expect(phaseOn(ISSUED_ON + 1).keys[0]).toBe('B');
    expect(await visit(lastOfA, lastOfA + 14 * DAY - 1, PHASES[2])).toMatchObject({ user: 'ada' });
    expect(phaseOn(27)).toBe(PHASES[2]);
    expect(await visit(lastOfA, 28 * DAY, PHASES[2])).toEqual({ user: undefined, rejected: 'expired' });
  });

  it('let servers of two phases in a row open each other', async () => {
    for (const [at, phase] of PHASES.entries()) {
      for (const other of PHASES.slice(Math.max(0, at - 1), at + 2)) {
        expect(await visit(0, 0, other, phase)).toEqual({ user: 'ada', rejected: undefined });
      }
    }
  });
});

const DAY = 86_400; // seconds
const START = 1_800_000_000;
let time = 0;
const keys = { A, B };
const stores = new Map(
  PHASES.map((phase) => [
    phase,
    cookieStore({ keys: phase.keys.map((name) => keys[name]), maxAge: 14 * DAY, now: () => time }),
  ]),
);

/** Seconds, and a day on which a session of then is not yet 14 days old: of the first and the last second of each day. */
function visits(): [issuedAt: number, day: number][] {
  const seconds = Array.from({ length: LAST_DAY + 1 }, (_, day) => [day * DAY, (day + 1) * DAY - 1]).flat();
  return seconds.flatMap((issuedAt) =>
    Array.from({ length: LAST_DAY + 1 }, (_, day): [number, number] => [issuedAt, day]).filter(
      ([, day]) => day * DAY >= issuedAt && day * DAY < issuedAt + 14 * DAY,
    ),
  );
}

/** A session that is set at one moment and asked for at another, each in seconds, by servers of the phase that holds then. */
async function visit(
  issuedAt: number,
  seenAt: number,
  seenIn = phaseOn(Math.floor(seenAt / DAY)),
  issuedIn = phaseOn(Math.floor(issuedAt / DAY)),
): Promise<{ user: unknown; rejected: string | undefined }> {
  const [before, after] = [stores.get(issuedIn), stores.get(seenIn)];
  if (before === undefined || after === undefined) throw new RangeError('No such phase');
  time = START + issuedAt;
  const cookie = await mintCookie(before, 'login', (session) => session.set('user', 'ada'));
  time = START + seenAt;
  const session = await after.get(new Request('https://example.org/', { headers: { cookie } }), 'login');
  return { user: session.get('user'), rejected: session.rejected };
}
