/** Something that others are in the way of -> its result, once they are out of the way. */

import { secondsNow } from '../../ambient.ts';
import type { MaybePromise } from '../backend.ts';

/** Milliseconds between two tries. */
const MAX_PAUSE = 64;

/** The platform's own timer: tests replace the global one by a fake that stands still, and what waits here must go on. */
const startTimer: (done: () => void, milliseconds: number) => unknown = setTimeout;

export function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void startTimer(resolve, milliseconds));
}

/** Lets others finish: for a random time, which may be longer the more tries have failed. */
export function pause(tries: number): Promise<void> {
  return wait(Math.random() * Math.min(2 ** tries, MAX_PAUSE));
}

/**
 * Calls `attempt` until it returns something other than `undefined`, with a pause after each failure. Returns `undefined` if `seconds` have
 * passed without one. The last attempt is as late as that or later, however long each takes.
 */
export async function tryFor<Result>(
  seconds: number,
  attempt: () => MaybePromise<Result | undefined>,
): Promise<Result | undefined> {
  const giveUpAt = secondsNow() + seconds;
  for (let tries = 1; ; tries++) {
    const isLast = secondsNow() >= giveUpAt;
    const result = await attempt();
    if (result !== undefined || isLast) return result;
    await pause(tries);
  }
}
