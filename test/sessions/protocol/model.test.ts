/** The protocol of a session as a model: every way in which requests can overlap keeps the promises, and each wrong variant breaks one. */
import { describe, expect, it } from 'vitest';
import { CALLS } from './calls.ts';
import { explore } from './model/explore.ts';
import { COOKIE, type Rules, SERVER } from './model/rules.ts';
import { COOKIE_VARIANTS } from './model/variants-cookie.ts';
import { SERVER_VARIANTS } from './model/variants-server.ts';
import { ModelWorld } from './model/world.ts';
import { combine, EVERY, on, type RequestPlan, SHORT, SMALL, TRIPLES, titleOf } from './requests.ts';

interface Sweep {
  readonly title: string;
  readonly rules: Rules;
  readonly sets: readonly (readonly RequestPlan[])[];
  readonly faults: 0 | 1;
}

/** `WAITED`: as after waiting for another request of the same process. */
const WAITED: Rules = { ...SERVER, hasWaited: true };
const BEFORE: Rules = { ...SERVER, index: 'before' };
const AFTER: Rules = { ...SERVER, index: 'after' };

const QUICK: readonly Sweep[] = [
  { title: 'server, one request, faults', rules: SERVER, sets: combine(EVERY, 1), faults: 1 },
  { title: 'server, pairs', rules: SERVER, sets: combine(SMALL, 2), faults: 0 },
  { title: 'server, pairs, list written before the record', rules: BEFORE, sets: combine(SMALL, 2), faults: 0 },
  { title: 'server, pairs, list written after the record', rules: AFTER, sets: combine(SMALL, 2), faults: 0 },
  { title: 'server, pairs that have waited', rules: WAITED, sets: combine(SMALL, 2), faults: 0 },
  { title: 'server, short pairs, faults', rules: SERVER, sets: combine(SHORT, 2), faults: 1 },
  { title: 'cookie, one request, faults', rules: COOKIE, sets: combine(EVERY, 1), faults: 1 },
  { title: 'cookie, pairs', rules: COOKIE, sets: combine(EVERY, 2), faults: 0 },
  { title: 'cookie, pairs, faults', rules: COOKIE, sets: combine(SHORT, 2), faults: 1 },
  { title: 'cookie, triples', rules: COOKIE, sets: TRIPLES, faults: 0 },
];

const FULL: readonly Sweep[] = [
  { title: 'server, all pairs', rules: SERVER, sets: combine(EVERY, 2), faults: 0 },
  { title: 'server, all pairs, list written before the record', rules: BEFORE, sets: combine(EVERY, 2), faults: 0 },
  { title: 'server, all pairs, list written after the record', rules: AFTER, sets: combine(EVERY, 2), faults: 0 },
  { title: 'server, all pairs that have waited', rules: WAITED, sets: combine(EVERY, 2), faults: 0 },
  { title: 'server, pairs, faults', rules: SERVER, sets: combine(SMALL, 2), faults: 1 },
  { title: 'server, triples', rules: SERVER, sets: TRIPLES, faults: 0 },
  { title: 'cookie, all pairs, faults', rules: COOKIE, sets: combine(EVERY, 2), faults: 1 },
  { title: 'cookie, all triples', rules: COOKIE, sets: combine(SMALL, 3), faults: 0 },
];

describe('the model', () => {
  it.each(process.env['SOAK'] ? [...QUICK, ...FULL] : QUICK)(
    'keeps every promise: $title',
    { timeout: 3_600_000 },
    (sweep) => {
      const { sets, rules, faults } = sweep;
      let states = 0;
      let schedules = 0n;
      for (const requests of sets) {
        for (const isAnonymous of [false, true]) {
          const found = explore({ requests, isAnonymous, faults }, rules);
          expect(found.broken, titleOf(requests)).toBeUndefined();
          states += found.states;
          schedules += found.schedules;
        }
      }
      console.log(`${sweep.title}: ${sets.length * 2} scenarios, ${states} states, ${schedules} schedules`);
      expect(schedules).toBeGreaterThanOrEqual(sets.length * 2);
    },
  );

  it.each([...SERVER_VARIANTS, ...COOKIE_VARIANTS])('breaks a promise with $title', (variant) => {
    const { requests, isAnonymous, faults, rules, broken, schedule } = variant;
    const found = explore({ requests, isAnonymous, faults }, rules).broken;
    expect({ broken: found?.promise, schedule: found?.steps.join('; ') }).toEqual({ broken, schedule });
    expect(explore({ requests, isAnonymous, faults }, { ...rules, mistakes: new Set() }).broken === undefined).toBe(
      rules.mistakes.size > 0, // without its mistake the same scenario holds
    );
  });

  describe.each([
    { store: 'server', rules: SERVER },
    { store: 'cookie', rules: COOKIE },
  ] as const)('of a $store store', ({ store, rules }) => {
    it.each(CALLS)('takes as many calls as the table says for $title', (row) => {
      const { load, more } = row[store];
      expect(callsOf(row.isNew ? undefined : 'a', [], row.isAnonymous, rules)).toBe(load);
      expect(callsOf(row.isNew ? undefined : 'a', row.acts, row.isAnonymous, rules)).toBe(load + more);
    });
  });
});

function callsOf(cookie: 'a' | undefined, acts: RequestPlan['acts'], isAnonymous: boolean, rules: Rules): number {
  const world = new ModelWorld({ requests: [on(cookie, ...acts)], isAnonymous, faults: 0 }, rules);
  let calls = 0;
  for (;;) {
    const [choice] = world.choices();
    if (choice === undefined) return calls;
    world.take(choice);
    if (!world.steps.at(-1)?.startsWith('A answers')) calls++;
  }
}
