/** Steps of the protocol: functions that stop wherever a backend answers with a promise. Backends that answer at once make no promise. */

import { backendFailed, type MaybePromise } from '../backends/backend.ts';
import { isPromise } from '../backends/kit/after.ts';

/** Gives out promises and is sent what they resolved to: a generator, or a result that is there already. */
export interface Step<T> {
  next(sent?: unknown): IteratorResult<PromiseLike<unknown>, T>;
  throw(error: unknown): IteratorResult<PromiseLike<unknown>, T>;
  [Symbol.iterator](): Step<T>;
}

/** Asks a backend. @throws {SessionError} `ERR_SESSION_BACKEND` with the backend's own error as cause. */
export function ask<T>(call: () => MaybePromise<T>): Step<T> {
  try {
    const answer = call();
    return isPromise(answer) ? wait(answer, backendFailed) : new Ready(answer);
  } catch (cause) {
    throw backendFailed(cause);
  }
}

/** The value itself, or what the promise resolves to. */
export function settled<T>(given: MaybePromise<T>): Step<T> {
  return isPromise(given) ? wait(given, (error) => error) : new Ready(given);
}

function* wait<T>(promise: Promise<T>, explain: (error: unknown) => unknown): Step<T> {
  try {
    return (yield promise) as T; // trust boundary: `run` sends back what this promise resolved to
  } catch (error) {
    throw explain(error);
  }
}

/** A step without a stop: most steps, where a backend answers at once. */
class Ready<T> implements Step<T> {
  readonly done = true;
  readonly value: T;

  constructor(value: T) {
    this.value = value;
  }

  next(): this {
    return this;
  }

  throw(error: unknown): never {
    throw error;
  }

  [Symbol.iterator](): this {
    return this;
  }
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
