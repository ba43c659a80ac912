/** The clock that a backend was given -> the one it goes by. */

import { secondsNow } from '../ambient.ts';
import { describe } from '../options.ts';

/** @param now the option of that name. @returns it, or the machine's clock. @throws {TypeError} when it is not a function. */
export function readClock(now: unknown): () => number {
  if (now === undefined) return secondsNow;
  if (!isClock(now)) throw new TypeError(`"now" expected a function that gives seconds, got ${describe(now)}`);
  return now;
}

function isClock(value: unknown): value is () => number {
  return typeof value === 'function';
}
