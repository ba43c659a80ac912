/** A scenario of the model -> every way in which its requests can overlap, the shortest first, until one breaks a promise. */
import { brokenInTheEnd, brokenNow } from '../promises.ts';
import type { Rules } from './rules.ts';
import { type Choice, type ModelScenario, ModelWorld } from './world.ts';

/** What was found. */
export interface Exploration {
  /** Different states. */
  states: number;
  /** Ways from the first step to the last. */
  schedules: bigint;
  broken: { readonly promise: string; readonly steps: readonly string[] } | undefined;
}

export function explore(scenario: ModelScenario, rules: Rules): Exploration {
  const replay = (path: readonly Choice[]) => {
    const world = new ModelWorld(scenario, rules);
    for (const choice of path) world.take(choice);
    return world;
  };
  const found: Exploration = { states: 0, schedules: 0n, broken: undefined };
  let level = new Map([['', { path: [] as readonly Choice[], ways: 1n }]]);
  while (level.size > 0) {
    const next: typeof level = new Map();
    for (const { path, ways } of level.values()) {
      found.states++;
      const world = replay(path);
      const choices = world.choices();
      const openings = world.openings();
      const promise =
        brokenNow(world, openings) ?? (choices.length === 0 ? brokenInTheEnd(world, openings) : undefined);
      if (promise !== undefined) return { ...found, broken: { promise, steps: world.steps } };
      if (choices.length === 0) found.schedules += ways;
      for (const [at, choice] of choices.entries()) {
        const after = at === choices.length - 1 ? world : replay(path);
        after.take(choice);
        const { state } = after;
        const seen = next.get(state);
        if (seen === undefined) next.set(state, { path: [...path, choice], ways });
        else seen.ways += ways;
      }
    }
    level = next;
  }
  return found;
}
