/** Tasks with a key -> one after the other for each key, side by side for different keys. */

export type Queue = <Result>(key: string, task: () => Promise<Result>) => Promise<Result>;

/** A queue holds nothing for a key without tasks. A task that fails fails alone. */
export function createQueue(): Queue {
  const last = new Map<string, Promise<unknown>>();
  return async (key, task) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(task, task);
    last.set(key, turn);
    try {
      return await turn;
    } finally {
      if (last.get(key) === turn) last.delete(key);
    }
  };
}
