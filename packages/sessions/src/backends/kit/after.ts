/** A promise or a plain result -> what comes of it, without a promise where there was none. */

import type { MaybePromise } from '../backend.ts';

/** Also a promise of somebody else's make. */
export function isPromise<Result>(result: MaybePromise<Result>): result is Promise<Result> {
  return typeof result === 'object' && result !== null && 'then' in result && typeof result.then === 'function';
}

/** Calls `next` with the result: at once, or when the promise is fulfilled. */
export function after<Result, Next>(
  result: MaybePromise<Result>,
  next: (result: Result) => MaybePromise<Next>,
): MaybePromise<Next> {
  return isPromise(result) ? result.then(next) : next(result);
}
