/** What the backends in key-value stores can be told, checked. */

import { checkOptions, describe } from '../../options.ts';
import type { Backend } from '../backend.ts';
import { readClock } from '../clock.ts';

export interface KeyValueOptions {
  /** Seconds since the epoch, by which records expire. A store that drops them itself goes by its own. Default: the machine's clock. */
  now?: () => number;
  /** What all keys start with: words of `A–Z a–z 0–9 - _`, each with a colon behind it. Default: `sealring:`. */
  prefix?: string;
  /**
   * How far compare-and-set can be relied on. Default 'process': this process is the only one that writes here. 'none': others do as well,
   * so updates may be lost and a deleted record may come back. Nothing else changes, but a store then says `none` in its event `weak-cas`.
   */
  cas?: 'process' | 'none';
}

export interface KeyValueSettings {
  readonly now: () => number;
  readonly prefix: string;
  readonly cas: Exclude<Backend['cas'], 'atomic'>;
}

/** @throws {TypeError | RangeError} naming the option that is wrong. */
export function readKeyValueOptions(where: string, options: KeyValueOptions): KeyValueSettings {
  checkOptions(where, options, ['now', 'prefix', 'cas']);
  const { prefix = 'sealring:', cas = 'process' } = options;
  if (typeof prefix !== 'string') throw new TypeError(`"prefix" expected a text, got ${describe(prefix)}`);
  if (!/^([\w-]+:)*$/.test(prefix)) {
    throw new RangeError(
      `"prefix" expected words of A–Z a–z 0–9 - _ with a colon behind each, got ${describe(prefix)}`,
    );
  }
  if (cas !== 'process' && cas !== 'none') {
    throw new RangeError(`"cas" expected 'process' or 'none', got ${describe(cas)}`);
  }
  return { now: readClock(options.now), prefix, cas };
}
