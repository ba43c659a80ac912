/** What the backends in key-value stores can be told, checked. */

import { checkOptions, describe } from '../../options.ts';
import type { Backend } from '../backend.ts';
import { type Clock, readClock } from '../kit/clock.ts';

export interface KeyValueOptions {
  /** Seconds since the epoch, by which records expire. A store that drops them itself goes by its own. Default: the machine's clock. */
  now?: () => number;
  /** What all keys start with: words of `A–Z a–z 0–9 - _`, each followed by a colon. Default: `sealring:`. */
  prefix?: string;
  /**
   * How far compare-and-set can be relied on. Default 'process': this process is the only one that writes here. 'none': others do as well,
   * so updates may be lost and a deleted record may come back. Nothing else changes, but a store then says `none` in its event `weak-cas`.
   */
  cas?: 'process' | 'none';
}

export interface KeyValueSettings {
  readonly now: Clock;
  readonly prefix: string;
  readonly cas: Exclude<Backend['cas'], 'atomic'>;
  /** What the store is, for error messages. */
  readonly where: string;
}

/**
 * @param name of the function that takes the options.
 * @throws {TypeError | RangeError} naming the option that is wrong.
 */
export function readKeyValueOptions(name: string, where: string, options: KeyValueOptions): KeyValueSettings {
  const given = checkOptions(name, options, ['now', 'prefix', 'cas']);
  const { prefix = 'sealring:', cas = 'process' } = given;
  if (typeof prefix !== 'string') throw new TypeError(`"prefix" expected a string, got ${describe(prefix)}`);
  if (!/^([\w-]+:)*$/.test(prefix)) {
    throw new RangeError(
      `"prefix" expected words of A–Z a–z 0–9 - _, each followed by a colon, got ${describe(prefix)}`,
    );
  }
  if (cas !== 'process' && cas !== 'none') {
    throw new RangeError(`"cas" expected 'process' or 'none', got ${describe(cas)}`);
  }
  return { now: readClock(given.now), prefix, cas, where };
}
