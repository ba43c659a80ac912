/** Promises <-> callbacks, as stores of express-session return and take them. */

/** A Node callback: it gets an error or null, then the result. */
export type Callback<Result> = (error: unknown, result?: Result) => void;

/**
 * Answers with a promise, or through the callback if there is one.
 *
 * What a callback throws is an uncaught exception, as it is with express-session's own store, and the callback is not called a second time.
 * Without a callback a failure also goes to `report`: nobody may be waiting for the promise, which is then no unhandled rejection.
 *
 * @returns with a callback, a promise that is never rejected and holds nothing; without one, `result`.
 */
export function answer<Result>(
  result: Promise<Result>,
  callback: unknown,
  report: (error: unknown) => void,
): Promise<Result | undefined> {
  if (!isFunction(callback)) {
    result.catch(report);
    return result;
  }
  return result.then(
    (value) => callLater(callback, null, value),
    (error: unknown) => callLater(callback, error),
  );
}

/**
 * Asks a store that may call back, return a promise, or do both; the first answer counts. `undefined` from a promise is no answer if the method
 * takes a callback: an async function may return before it is done.
 *
 * @param method one of `store`.
 * @throws what the store throws, rejects with or calls back with.
 */
export function call(store: object, method: unknown, ...parameters: readonly unknown[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    if (!isFunction(method)) throw new TypeError('"store" expected a store with get, set and destroy');
    const done = (error: unknown, result?: unknown) => (error ? reject(error) : resolve(result));
    const returned: unknown = Reflect.apply(method, store, [...parameters, done]);
    if (!(typeof returned === 'object' && returned !== null && 'then' in returned)) return;
    const isCalledBack = method.length > parameters.length;
    Promise.resolve(returned).then((result) => {
      if (result !== undefined || !isCalledBack) resolve(result);
    }, reject);
  });
}

/** Outside the promise, so that what the callback throws does not become the promise's error. */
function callLater(callback: (...parameters: unknown[]) => unknown, ...parameters: unknown[]): undefined {
  queueMicrotask(() => callback(...parameters));
}

function isFunction(value: unknown): value is (...parameters: unknown[]) => unknown {
  return typeof value === 'function';
}
