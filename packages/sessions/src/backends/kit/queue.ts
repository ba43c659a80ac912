/** Tasks with a key -> one after the other for each key, side by side for different keys. */

import { canWaitForOthers } from '../../ambient.ts';

export type Queue = <Result>(key: string, task: () => Promise<Result>) => Promise<Result>;

/**
 * Makes a queue, which keeps nothing of a key once its tasks are done. A task that fails does not keep the next one from running. In Cloudflare Workers
 * tasks run side by side, as one request must not wait for another there.
 */
export function createQueue(): Queue {
  const last = new Map<string, Promise<unknown>>();
  return async (key, task) => {
    if (!canWaitForOthers()) return await task();
    const turn = (last.get(key) ?? Promise.resolve()).then(task, task);
    last.set(key, turn);
    try {
      return await turn;
    } finally {
      if (last.get(key) === turn) last.delete(key);
    }
  };
}
