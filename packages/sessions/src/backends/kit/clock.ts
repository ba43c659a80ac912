/** The option `now` of a store or backend -> the clock it goes by. */

import { secondsNow } from '../../ambient.ts';
import { describe } from '../../options.ts';

/** Returns seconds since the epoch. */
export type Clock = () => number;

/** Returns the clock, or the machine's if there is none. @throws {TypeError} if it is not a function. */
export function readClock(now: unknown): Clock {
  if (now === undefined) return secondsNow;
  if (typeof now === 'function') return now as Clock; // trust boundary: what it returns is seconds if it is a clock
  throw new TypeError(`"now" expected a function that returns seconds, got ${describe(now)}`);
}
