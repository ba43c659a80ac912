/** The real code under every schedule of its backend calls, or random ones: the promises of the protocol hold, whatever one call does. */
import './schedules/pauses.ts';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../../../packages/sessions/src/backends/backend.ts';
import { combine, EVERY, GROWING, LATE, on, type RequestPlan, SHORT, SMALL, TRIPLES } from './requests.ts';
import { exploreAll, exploreSome } from './schedules/explore.ts';
import { COOKIE, type Kind, OVERFLOW, ROTATED, ROTATING, SERVER, UNLISTED } from './schedules/kinds.ts';
import { nameOf, scenariosOf } from './schedules/scenarios.ts';
import { blind, forgetful, listless } from './schedules/spoiled.ts';
import type { Scenario } from './schedules/world.ts';

const isSoak = Boolean(process.env['SOAK']);
vi.stubEnv('NODE_ENV', 'production'); // a schedule that is left off leaves changes that are not saved, which is warned of elsewhere

const LONG = 3_600_000; // milliseconds; on a machine that has nothing else to do it takes seconds, and minutes under SOAK

/** Schedules that have been run. */
let schedules = 0;

afterAll(() => {
  console.log(`${schedules} schedules of the real code`);
  expect(schedules).toBeGreaterThanOrEqual(isSoak ? 200_000 : 20_000);
});

interface Sweep {
  readonly title: string;
  readonly scenarios: readonly Scenario[];
}

function sweep(
  title: string,
  kind: Kind,
  sets: readonly (readonly RequestPlan[])[],
  options: Parameters<typeof scenariosOf>[2] = {},
): Sweep {
  return { title: `${kind.name}, ${title}`, scenarios: scenariosOf(kind, sets, options) };
}

const ONE_PROCESS = { isSpread: false };
const FAULT = { faults: 1 } as const;

const QUICK: readonly Sweep[] = [
  ...[SERVER, UNLISTED, COOKIE].map((kind) => sweep('one request, one fault', kind, combine(EVERY, 1), FAULT)),
  ...[SERVER, UNLISTED, COOKIE].map((kind) => sweep('pairs', kind, combine(SMALL, 2))),
  sweep('pairs', OVERFLOW, combine(GROWING, 2)),
  sweep(
    'messages read late',
    SERVER,
    LATE.map((other) => [on('a', 'write', 'late'), other]),
  ),
];

const FULL: readonly Sweep[] = [
  sweep('messages read late, pairs', SERVER, combine(LATE, 2)),
  sweep('messages read late, pairs, one fault', SERVER, combine(LATE, 2), FAULT),
  sweep('all pairs', SERVER, combine(EVERY, 2)),
  sweep('pairs in one process', SERVER, combine(SMALL, 2), ONE_PROCESS),
  ...[...ROTATED, ...ROTATING].map((kind) => sweep('pairs', kind, combine(SMALL, 2))),
  sweep('all pairs', UNLISTED, combine(EVERY, 2)),
  sweep('all pairs', COOKIE, combine(EVERY, 2)),
  sweep('short pairs, one fault', SERVER, combine(SHORT, 2), FAULT),
  sweep('short pairs in one process, one fault', SERVER, combine(SHORT, 2), { ...FAULT, ...ONE_PROCESS }),
  sweep('short pairs, one fault', COOKIE, combine(SHORT, 2), FAULT),
  sweep('short pairs, list written before the record', SERVER, combine(SHORT, 2), { index: 'before' }),
  sweep('short pairs, list written after the record', SERVER, combine(SHORT, 2), { index: 'after' }),
  sweep('pairs, one fault', OVERFLOW, combine(GROWING, 2), FAULT),
  sweep('triples', COOKIE, TRIPLES),
];

describe('every schedule', () => {
  it.each(isSoak ? [...QUICK, ...FULL] : QUICK)(
    'keeps every promise: $title',
    { timeout: LONG },
    async ({ scenarios }) => {
      for (const scenario of scenarios) {
        const found = await exploreAll(scenario);
        schedules += found.schedules;
        expect(found.broken, nameOf(scenario)).toBeUndefined();
      }
    },
  );
});

/** How many random schedules each scenario gets. */
const RUNS = isSoak ? 16 : 1;

const RANDOM: readonly Sweep[] = [
  ...[SERVER, UNLISTED, COOKIE].map((kind) => sweep('all pairs', kind, combine(EVERY, 2), FAULT)),
  ...[...ROTATED, ...ROTATING].map((kind) => sweep('all pairs', kind, combine(EVERY, 2), FAULT)),
  sweep('all pairs in one process', SERVER, combine(EVERY, 2), { ...FAULT, ...ONE_PROCESS }),
  sweep('all pairs, list written before the record', SERVER, combine(EVERY, 2), { ...FAULT, index: 'before' }),
  sweep('all pairs, list written after the record', SERVER, combine(EVERY, 2), { ...FAULT, index: 'after' }),
  ...[SERVER, COOKIE].map((kind) => sweep('triples', kind, combine(SMALL, 3), FAULT)),
  ...ROTATING.map((kind) => sweep('triples', kind, combine(SMALL, 3), FAULT)),
  sweep('triples in one process', SERVER, combine(SMALL, 3), { ...FAULT, ...ONE_PROCESS }),
  sweep('triples', OVERFLOW, combine(GROWING, 3), FAULT),
  sweep('messages read late, pairs', SERVER, combine(LATE, 2), FAULT),
  sweep('messages read late, pairs in one process', SERVER, combine(LATE, 2), { ...FAULT, ...ONE_PROCESS }),
];

describe('random schedules', () => {
  it.each(RANDOM)('keep every promise: $title', { timeout: LONG }, async ({ scenarios }) => {
    let seed = Number(process.env['SEED'] ?? 1);
    for (const scenario of scenarios) {
      const found = await exploreSome(scenario, RUNS, seed);
      seed += RUNS;
      schedules += found.schedules;
      expect(found.broken, nameOf(scenario)).toBeUndefined();
    }
  });
});

describe('the search', () => {
  const found = async (
    kind: Kind,
    requests: readonly RequestPlan[],
    spoil: (backend: Backend) => Backend,
    options = {},
  ) => {
    const [scenario] = scenariosOf(kind, [requests], options);
    return (scenario && (await exploreAll(scenario, spoil)))?.broken?.promise;
  };

  it('finds what is lost where a backend does not compare', async () => {
    const writes = await found(SERVER, [on('a', 'write'), on('a', 'write')], blind);
    expect(writes).toMatch('an acknowledged write is lost');
    expect(await found(SERVER, [on('a', 'write'), on('a', 'logout')], blind)).toMatch('ended, and cookie a opens');
    const moved = await found(COOKIE, [on('a', 'regenerate'), on('a', 'logout')], blind);
    expect(moved).toMatch('ended, and the cookie of A opens');
  });

  it('finds what lives on where a backend removes what has ended', async () => {
    const broken = await found(SERVER, [on(undefined, 'login'), on(undefined, 'revoke:new')], forgetful, FAULT);
    expect(broken).toMatch('ended, and the cookie of A opens');
  });

  it('finds what lives on where a backend does not list it', async () => {
    expect(await found(SERVER, [on(undefined, 'all')], listless)).toMatch('ended, and cookie a opens');
  });

  it('finds the same again by the seed of a random schedule', async () => {
    const [scenario] = scenariosOf(SERVER, [[on('a', 'write'), on('a', 'write')]]);
    if (scenario === undefined) throw new Error('There is no scenario');
    const first = (await exploreSome(scenario, 500, 1, blind)).broken;
    const seed = Number(/seed (\d+)/.exec(first?.promise ?? '')?.[1]);
    expect((await exploreSome(scenario, 1, seed, blind)).broken).toEqual(first);
    expect(first?.promise).toMatch('an acknowledged write is lost');
  });
});
