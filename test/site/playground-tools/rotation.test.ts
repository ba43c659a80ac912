/** The plan of a rotation, played through with the real codec. */
import { createSealer } from '@sealring/codec';
import { describe, expect, it } from 'vitest';
import { DEMO_KEYS } from '../../../site/src/playground/keys/demo-keys.ts';
import { codeOf, ISSUED_ON, LAST_DAY, PHASES, phaseOn, roleOf } from '../../../site/src/playground/rotate/plan.ts';
import { createRotation, describeVisit } from '../../../site/src/playground/rotate/visits.ts';

const [A = '', B = ''] = DEMO_KEYS.values();
const rotation = createRotation({ A, B }, 'cookie:session');
const { ids } = rotation;
const says = (day: number) => {
  const { away, daily } = rotation.on(day);
  return { away: describeVisit(away, ids), daily: describeVisit(daily, ids) };
};

describe('createRotation()', () => {
  it('has no cookie before the day of issue', () => {
    expect(rotation.on(ISSUED_ON - 1)).toEqual({ away: { state: 'none' }, daily: { state: 'none' } });
  });

  it.each([ISSUED_ON, 6, 7, 13])('opens with A, not stale, on day %i', (day) => {
    expect(says(day).away).toBe(`Key A (${ids.A}) opens it, stale: false.`);
    expect(says(day).daily).toBe(says(day).away);
  });

  it('opens with A, stale, and seals again with B once B is first', () => {
    const expected = `Key A (${ids.A}) opens it, stale: true. The next save seals it again with key B (${ids.B}).`;
    expect(says(14)).toEqual({ away: expected, daily: expected });
    expect(says(20)).toEqual({ away: expected, daily: `Key B (${ids.B}) opens it, stale: false.` });
  });

  it('refuses the cookie of A once A is gone, naming its id, and opens the one of B', () => {
    expect(says(21)).toEqual({
      away: `It does not open: key ${ids.A} is missing (ERR_SEAL_KEY_UNKNOWN). This visitor has to log in again.`,
      daily: `Key B (${ids.B}) opens it, stale: false.`,
    });
    expect(says(LAST_DAY)).toEqual(says(21));
  });

  it('says the same whichever day is asked for first', () => {
    const fresh = createRotation({ A, B }, 'cookie:session');
    for (const day of [27, 3, 14, 20]) {
      expect(describeVisit(fresh.on(day).daily, ids)).toBe(says(day).daily);
    }
  });

  it('seals tokens that a server with those keys opens', () => {
    const { daily } = rotation.on(LAST_DAY);
    const token = daily.state === 'opened' ? daily.token : '';
    expect(createSealer({ keys: [B], purpose: 'cookie:session' }).open(token).value).toEqual({ user: 42 });
  });
});

describe('PHASES', () => {
  it('follow one another, and each says what each key does', () => {
    const rows = PHASES.map((phase) => [phase.from, codeOf(phase), roleOf('A', phase), roleOf('B', phase)]);
    expect(rows).toEqual([
      [0, 'keys: [keyA]', 'seals', 'not there'],
      [7, 'keys: [keyA, keyB]', 'seals', 'opens'],
      [14, 'keys: [keyB, keyA]', 'opens', 'seals'],
      [21, 'keys: [keyB]', 'not there', 'seals'],
    ]);
    expect(phaseOn(13)).toBe(PHASES[1]);
  });
});
