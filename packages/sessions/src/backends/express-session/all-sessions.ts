/** What concerns all sessions of a store at once: how many there are, their ids, their contents, and the end of all of them. */

import type { MergingSessions } from './merging-sessions.ts';
import type { SessionRecords } from './records.ts';

export interface AllSessions {
  /** Counts also what cannot be opened. */
  length(): Promise<number>;
  ids(): Promise<string[]>;
  all(): Promise<object[]>;
  clear(): Promise<void>;
}

/** Records that are read or removed at the same time. */
const BATCH = 32;
/** On a busy site new sessions keep coming, and none of the passes finds nothing. */
const MAX_PASSES = 8;

/**
 * Every method throws {SessionError} `ERR_SESSION_BACKEND` if the backend fails, and {TypeError} if it cannot list.
 *
 * @param isListable whether records say which session they are of.
 */
export function createAllSessions(
  records: SessionRecords,
  sessions: Pick<MergingSessions, 'toSession' | 'settle'>,
  isListable: boolean,
): AllSessions {
  const readAll = async () => {
    if (!isListable) {
      throw new TypeError(
        '"listable" expected true for all() and ids(): without it nothing in the backend tells the ids of sessions',
      );
    }
    const read = await inBatches(await records.list(), (id) => records.readById(id));
    return read.filter((found) => found !== undefined);
  };
  return {
    length: async () => (await records.list()).size,
    ids: async () => (await readAll()).map(({ place }) => place.sid),
    async all() {
      const found = await readAll();
      return found.map(({ place, kept }) => withId(sessions.toSession(place, kept), place.sid));
    },
    async clear() {
      await sessions.settle();
      // A record that is written while the backend lists may be missing from the list. The next pass finds it.
      for (let pass = 1; pass <= MAX_PASSES; pass++) {
        const ids = await records.list();
        if (ids.size === 0) return;
        await inBatches(ids, (id) => records.delete(id));
      }
    },
  };
}

/** Not enumerable, as in a Session of express-session, so that it is neither saved nor sent by mistake. A value of the application's own stays. */
function withId(session: object, sid: string): object {
  return Object.hasOwn(session, 'id') ? session : Object.defineProperty(session, 'id', { value: sid });
}

async function inBatches<Result>(ids: Iterable<string>, task: (id: string) => Promise<Result>): Promise<Result[]> {
  const all = [...ids];
  const results: Result[] = [];
  for (let at = 0; at < all.length; at += BATCH)
    results.push(...(await Promise.all(all.slice(at, at + BATCH).map(task))));
  return results;
}
