/** Promises <-> callbacks, as stores of express-session give and take them. */

/** As Node's are: an error or null, then the result. */
export type Callback<Result> = (error: unknown, result?: Result) => void;

/**
 * Answers with a promise, or through the callback if there is one.
 *
 * @returns with a callback a promise that is never rejected and holds nothing.
 */
export async function answer<Result>(result: Promise<Result>, callback: unknown): Promise<Result | undefined> {
  if (!isFunction(callback)) return await result;
  // Out of the promise: what a callback throws is its own affair, and no reason to call it again.
  try {
    const value = await result;
    queueMicrotask(() => callback(null, value));
  } catch (error) {
    queueMicrotask(() => callback(error));
  }
  return undefined;
}

/**
 * Asks a store that may call back, return a promise, or both; what comes first counts. A promise of nothing is no answer where the method
 * takes a callback: an async function may have returned before it is done.
 *
 * @param method one of `store`.
 * @throws what the store throws, rejects with or calls back with.
 */
export function call(store: object, method: unknown, ...parameters: readonly unknown[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    if (!isFunction(method)) throw new TypeError('A store expected to have get, set and destroy');
    const done = (error: unknown, result?: unknown) => (error ? reject(error) : resolve(result));
    const returned: unknown = Reflect.apply(method, store, [...parameters, done]);
    if (!(typeof returned === 'object' && returned !== null && 'then' in returned)) return;
    const isCalledBack = method.length > parameters.length;
    Promise.resolve(returned).then((result) => {
      if (result !== undefined || !isCalledBack) resolve(result);
    }, reject);
  });
}

function isFunction(value: unknown): value is (...parameters: unknown[]) => unknown {
  return typeof value === 'function';
}
