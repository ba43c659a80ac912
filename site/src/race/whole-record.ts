/**
 * The usual way, as a model: read the record, let the handler change it, write the whole record back. So do most session stores:
 * express-session with its stores, @fastify/session, koa-session and others. A logout deletes the record.
 */
import type { Pause } from './paused-request.ts';

export type SessionRecord = Record<string, unknown>;

/** What such a store offers: get, set and destroy, each of a whole record, as JSON. */
export class WholeRecordStore {
  readonly #records = new Map<string, string>();

  get(id: string): SessionRecord | undefined {
    const text = this.#records.get(id);
    if (text === undefined) return undefined;
    return JSON.parse(text) as SessionRecord; // trust boundary: nothing but `set` below writes here
  }

  set(id: string, record: SessionRecord): void {
    this.#records.set(id, JSON.stringify(record));
  }

  destroy(id: string): void {
    this.#records.delete(id);
  }
}

/** One request: read, change, write. @param change returns whether it logs out. */
export async function serveWholeRecord(
  store: WholeRecordStore,
  id: string,
  change: (record: SessionRecord) => boolean,
  pause: Pause,
): Promise<void> {
  await pause();
  const record = store.get(id);
  await pause();
  if (record === undefined) return; // logged out before this request came
  const isOver = change(record);
  await pause();
  if (isOver) store.destroy(id);
  else store.set(id, record);
}
