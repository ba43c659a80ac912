/** Steps of the protocol: functions that stop wherever a backend answers with a promise. Backends that answer at once make no promise. */

import { backendFailed, type MaybePromise } from '../backends/backend.ts';
import { isPromise } from '../backends/kit/promise.ts';

/** Gives out promises and is sent what they resolved to; or a result that is there already. */
export type Step<T> = Generator<PromiseLike<unknown>, T, unknown> | Ready<T>;

/** Asks a backend. @throws {SessionError} `ERR_SESSION_BACKEND` with the backend's own error as cause. */
export function ask<T>(call: () => MaybePromise<T>): Step<T> {
  try {
    const answer = call();
    return isPromise(answer) ? wait(answer) : new Ready(answer);
  } catch (cause) {
    throw backendFailed(cause);
  }
}

function* wait<T>(promise: Promise<T>): Step<T> {
  try {
    return (yield promise) as T; // trust boundary: `run` sends back what this promise resolved to
  } catch (cause) {
    throw backendFailed(cause);
  }
}

/** A value that is there already. */
export function settled<T>(value: T): Step<T> {
  return new Ready(value);
}

/** A step without a stop: most steps, where a backend answers at once. */
class Ready<T> {
  readonly done = true;
  readonly value: T;

  constructor(value: T) {
    this.value = value;
  }

  next(): this {
    return this;
  }

  [Symbol.iterator](): this {
    return this;
  }
}

/** Runs a step to its end: at once, if no backend answers with a promise. */
export function run<T>(step: Step<T>): MaybePromise<T> {
  if (step instanceof Ready) return step.value;
  const first = step.next();
  return first.done === true ? first.value : finish(step, first.value);
}

async function finish<T>(step: Generator<PromiseLike<unknown>, T>, first: PromiseLike<unknown>): Promise<T> {
  for (let pending = first; ; ) {
    const result = await pending.then(
      (value) => step.next(value),
      (error: unknown) => step.throw(error),
    );
    if (result.done === true) return result.value;
    pending = result.value;
  }
}

export function isSettled<T>(result: MaybePromise<T>): result is T {
  return !isPromise(result);
}
