/** Steps of the protocol: functions that stop wherever a backend answers with a promise. Backends that answer at once make no promise. */

import { backendFailed, type MaybePromise } from '../backends/backend.ts';
import { isPromise } from '../backends/kit/after.ts';

/** A generator that gives out promises and is sent what they resolved to. */
export type Step<T> = Generator<PromiseLike<unknown>, T, unknown>;

/** Asks a backend. @throws {SessionError} `ERR_SESSION_BACKEND` with the backend's own error as cause. */
export function* ask<T>(call: () => MaybePromise<T>): Step<T> {
  try {
    return yield* settled(call());
  } catch (cause) {
    throw backendFailed(cause);
  }
}

/** The value itself, or what the promise resolves to. */
export function* settled<T>(given: MaybePromise<T>): Step<T> {
  if (!isPromise(given)) return given;
  return (yield given) as T; // trust boundary: `run` sends back what this promise resolved to
}

/** Runs a step to its end: at once, if no backend answers with a promise. */
export function run<T>(step: Step<T>): MaybePromise<T> {
  const first = step.next();
  return first.done === true ? first.value : finish(step, first.value);
}

async function finish<T>(step: Step<T>, first: PromiseLike<unknown>): Promise<T> {
  let pending = first;
  for (;;) {
    let result: IteratorResult<PromiseLike<unknown>, T>;
    try {
      const value = await pending;
      result = step.next(value);
    } catch (error) {
      result = step.throw(error);
    }
    if (result.done === true) return result.value;
    pending = result.value;
  }
}

export function isSettled<T>(result: MaybePromise<T>): result is T {
  return !isPromise(result);
}
