/** A wrong variant of the protocol: what it breaks, and the shortest schedule that shows it. */
import type { RequestPlan } from '../requests.ts';
import { breaking, type Mistake, type Rules } from './rules.ts';

export interface Variant {
  readonly title: string;
  readonly rules: Rules;
  readonly requests: readonly RequestPlan[];
  /** The promise that is broken. */
  readonly broken: string;
  readonly schedule: string;
  /** Whether it takes a crash, a lost answer or a call that fails. */
  readonly faults: 0 | 1;
  readonly isAnonymous: boolean;
}

export function variant(
  title: string,
  rules: Rules,
  mistakes: readonly Mistake[],
  requests: readonly RequestPlan[],
  broken: string,
  schedule: string,
  { faults = 0, isAnonymous = false }: Partial<Pick<Variant, 'faults' | 'isAnonymous'>> = {},
): Variant {
  return { title, rules: breaking(rules, ...mistakes), requests, broken, schedule, faults, isAnonymous };
}
