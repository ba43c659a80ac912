/** A step that another process may be in the way of -> its result, once that one is out of the way. */

import { secondsNow } from '../ambient.ts';
import { isBusy } from './fault.ts';

/** Milliseconds between two tries. */
const MOST_WAIT = 20;

/**
 * Tries again while the database is busy. SQLite's own waiting does not cover all: when several processes make the same file
 * a WAL database, all but one fail at once, whatever their timeout. Waits without giving way, as SQLite does.
 *
 * @param patience seconds.
 * @throws what the last try threw.
 */
export function whileBusy<Result>(patience: number, step: () => Result): Result {
  const giveUpAt = secondsNow() + patience;
  for (;;) {
    try {
      return step();
    } catch (error) {
      if (!isBusy(error) || secondsNow() > giveUpAt) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1 + Math.random() * MOST_WAIT);
    }
  }
}
