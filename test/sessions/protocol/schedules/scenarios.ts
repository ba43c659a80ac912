/** Sets of requests -> what is explored. */
import { type RequestPlan, titleOf } from '../requests.ts';
import type { Kind } from './kinds.ts';
import type { Scenario } from './world.ts';

/** Each set twice: with a visitor who has logged in, and with one who has not. */
export function scenariosOf(
  kind: Kind,
  sets: readonly (readonly RequestPlan[])[],
  { faults = 0, isSpread = true, index = 'with' }: Partial<Pick<Scenario, 'faults' | 'isSpread' | 'index'>> = {},
): Scenario[] {
  return sets.flatMap((requests) =>
    [false, true].map((isAnonymous) => {
      const isOld = requests.some(({ acts }) => acts.includes('read'));
      return { kind, requests, isAnonymous, isOld, isSpread, faults, index };
    }),
  );
}

/** For people. */
export function nameOf({ kind, requests, isAnonymous, isSpread, faults, index }: Scenario): string {
  const more = [
    isSpread ? '' : 'one process',
    faults === 0 ? '' : 'one fault',
    index === 'with' ? '' : `index ${index}`,
  ];
  const who = isAnonymous ? 'anonymous' : 'logged in';
  return `${kind.name}, ${[who, ...more.filter(Boolean)].join(', ')}: ${titleOf(requests)}`;
}
