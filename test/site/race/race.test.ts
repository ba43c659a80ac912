/** The races of the site's page, as its modules run them: what is lost on each side, and that the same choice gives the same race. */
import { describe, expect, it } from 'vitest';
import { Race, type RaceEvent, type RaceOptions, SIDES } from '../../../site/src/race/race.ts';
import { MOST_REQUESTS, SCENARIOS } from '../../../site/src/race/scenarios.ts';
import { type Order, STATIONS, schedule } from '../../../site/src/race/schedule.ts';

const counts = Array.from({ length: MOST_REQUESTS - 1 }, (_, index) => index + 2);
const updates = SCENARIOS.filter(({ id }) => id !== 'logout');
const logout = SCENARIOS.filter(({ id }) => id === 'logout');

describe('schedule()', () => {
  it.each<Order>(['overlapping', 'shuffled', 'in-turn'])('gives every request its turns: %s', (order) => {
    for (const seed of [0, 1, 2, 99]) {
      const turns = schedule({ order, requests: 4, seed });
      expect(turns.toSorted()).toEqual([0, 1, 2, 3].flatMap((index) => Array.from({ length: STATIONS }, () => index)));
      expect(schedule({ order, requests: 4, seed })).toEqual(turns);
    }
  });

  it('has all requests read before one saves where they overlap', () => {
    for (let seed = 0; seed < 20; seed++) {
      const turns = schedule({ order: 'overlapping', requests: 5, seed });
      expect(new Set(turns.slice(0, 5)).size).toBe(5);
    }
  });
});

describe.each(updates)('Race, $id', (scenario) => {
  it.each(counts)(
    'loses all but one of %i overlapping updates with whole records, and none with Sealring',
    async (requests) => {
      const { outcomes } = await run({ scenario, requests, order: 'overlapping', seed: 0 });
      expect(outcomes.whole).toMatchObject({ lost: requests - 1, total: requests });
      expect(outcomes.sealring).toMatchObject({ lost: 0, total: requests });
    },
  );

  it('loses nothing with Sealring in any order, and counts on the other side what its rows have said', async () => {
    for (let seed = 0; seed < 25; seed++) {
      const { outcomes, events } = await run({ scenario, requests: 4, order: 'shuffled', seed });
      expect(outcomes.sealring.lost).toBe(0);
      const said = events.whole.map(({ harm }) => Number(/^\d+/.exec(harm ?? '')?.[0] ?? 0));
      expect(said.reduce((sum, lost) => sum + lost, 0)).toBe(outcomes.whole.lost);
    }
  });

  it('loses nothing on either side one after another', async () => {
    const { outcomes } = await run({ scenario, requests: 4, order: 'in-turn', seed: 0 });
    expect([outcomes.whole.lost, outcomes.sealring.lost]).toEqual([0, 0]);
  });
});

describe.each(logout)('Race, $id', (scenario) => {
  it.each(counts)('undoes the logout with whole records, and never with Sealring: %i requests', async (requests) => {
    const { outcomes } = await run({ scenario, requests, order: 'overlapping', seed: 0 });
    expect(outcomes.whole.lost).toBe(1);
    for (let seed = 0; seed < 10; seed++) {
      expect((await run({ scenario, requests, order: 'shuffled', seed })).outcomes.sealring.lost).toBe(0);
    }
  });
});

describe('Race', () => {
  it('is the same for the same choice', async () => {
    for (const scenario of SCENARIOS) {
      const options: RaceOptions = { scenario, requests: 4, order: 'shuffled', seed: 3 };
      expect(await run(options)).toEqual(await run(options));
    }
  });

  it('shows that Sealring met a conflict, or it would prove nothing', async () => {
    for (const scenario of SCENARIOS) {
      const { events } = await run({ scenario, requests: 3, order: 'overlapping', seed: 0 });
      expect(events.sealring.map(({ deed }) => deed)).toContain('conflict');
    }
  });
});

async function run(options: RaceOptions) {
  const race = new Race(options);
  const events: Record<(typeof SIDES)[number], RaceEvent[]> = { whole: [], sealring: [] };
  while (!race.isOver) {
    const turn = await race.step();
    for (const side of SIDES) events[side].push(...turn[side]);
  }
  return { events, outcomes: await race.outcomes() };
}
