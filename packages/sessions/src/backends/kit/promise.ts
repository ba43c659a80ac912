/** What a backend returns -> whether somebody has to wait for it. */

import type { MaybePromise } from '../backend.ts';

/** Also a promise of somebody else's make. */
export function isPromise<Result>(result: MaybePromise<Result>): result is Promise<Result> {
  return typeof result === 'object' && result !== null && 'then' in result && typeof result.then === 'function';
}
