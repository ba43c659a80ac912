/** Sessions as frameworks load and save them, whole -> records in a backend. Every request writes only what it changed. */

import { SessionError } from '../../error.ts';
import { describe, isObject } from '../../options.ts';
import type { StoredRecord } from '../backend.ts';
import { tryFor } from '../kit/patience.ts';
import { createQueue } from '../kit/queue.ts';
import { type Fields, formatFields, isUnchanged, merge, parseObject, readFields } from './fields.ts';
import { endOf, isSameCookie, updateExpiry } from './lifetime.ts';
import type { KeptSession, SessionRecords } from './records.ts';
import { createBirth, type Place, placeOf } from './seals.ts';
import type { Snapshot, Snapshots } from './snapshots.ts';

export interface Setup {
  readonly records: SessionRecords;
  readonly snapshots: Snapshots;
  /** Returns how many seconds a session lives whose cookie does not say. */
  readonly ttlOf: (session: object) => number;
  readonly now: () => number;
  readonly emit: (event: { readonly type: 'conflict' | 'gone' }) => void;
}

/** What a request wants to save. */
interface Wish {
  readonly own: Fields;
  /** Seconds, for a session whose cookie does not say how long it lives. */
  readonly ttl: () => number;
}

/** Seconds in which a save that meets others' tries again. */
const PATIENCE = 30;
/** Of the time that is left: moving the end by less is not worth a write. */
const MIN_MOVE = 1 / 1000;

export class MergingSessions {
  readonly #setup: Setup;
  /** One process does for each record what it was asked for first: a destroy after a save that is still under way. */
  readonly #queue = createQueue();
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(setup: Setup) {
    this.#setup = setup;
  }

  /** Returns an object of its own, or null. @throws {SessionError} `ERR_SESSION_BACKEND`. @throws {TypeError} if `sid` is not a string. */
  async load(sid: unknown): Promise<object | null> {
    const place = placeOf(sid);
    const kept = await this.#setup.records.read(place);
    return kept === undefined ? null : this.toSession(place, kept);
  }

  /** Returns an object of its own, whose next save starts from `kept`. */
  toSession(place: Place, kept: KeptSession): object {
    const session = parseObject(formatFields(kept.fields)) ?? {};
    updateExpiry(session, kept.stored.expiresAt);
    this.#setup.snapshots.add(session, { id: place.id, kept, seen: kept.fields });
    return session;
  }

  /**
   * @throws {SessionError} `ERR_SESSION_BACKEND`, `ERR_SESSION_CONFLICT`, `ERR_SESSION_TOO_LARGE`.
   * @throws {TypeError} if the session cannot be written as JSON.
   */
  async save(sid: unknown, session: unknown): Promise<void> {
    const own = readFields(session); // at once: the request may continue to change it
    await this.#inTurn(placeOf(sid), session, (place, snapshot, ttl) =>
      snapshot === undefined ? this.#create(place, { own, ttl }) : this.#update(place, snapshot, { own, ttl }),
    );
  }

  /** Moves the end of the session, and writes its cookie if this request has changed that. @throws as `save`. */
  async touch(sid: unknown, session: unknown): Promise<void> {
    const own = readFields({ cookie: isObject(session) ? Reflect.get(session, 'cookie') : undefined });
    await this.#inTurn(placeOf(sid), session, async (place, snapshot, ttl) => {
      const update = (from: Snapshot) => this.#update(place, from, { own: new Map([...from.seen, ...own]), ttl });
      if (snapshot !== undefined) return await update(snapshot);
      const kept = await this.#setup.records.read(place);
      if (kept !== undefined) await update({ id: place.id, kept, seen: kept.fields });
      return undefined; // the object itself was not loaded from here
    });
  }

  /** @throws {SessionError} `ERR_SESSION_BACKEND`. @throws {TypeError} if `sid` is not a string. */
  async destroy(sid: unknown): Promise<void> {
    const { id } = placeOf(sid);
    await this.#run(id, () => this.#setup.records.delete(id));
  }

  /** Resolves when everything that was asked for so far is done. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }

  /** Where the object's next save starts from is known only when it is its turn: an earlier save may be under way. */
  async #inTurn(
    place: Place,
    session: unknown,
    put: (place: Place, snapshot: Snapshot | undefined, ttl: () => number) => Promise<Snapshot | undefined>,
  ): Promise<void> {
    if (!isObject(session)) throw new TypeError(`"session" expected an object, got ${describe(session)}`);
    const { snapshots, ttlOf } = this.#setup;
    await this.#run(place.id, async () => {
      const saved = await put(place, snapshots.find(session, place.id), () => ttlOf(session));
      if (saved !== undefined) snapshots.update(session, saved);
    });
  }

  async #run<Result>(id: string, task: () => Promise<Result>): Promise<Result> {
    const turn = this.#queue(id, task);
    this.#underWay.add(turn);
    try {
      return await turn;
    } finally {
      this.#underWay.delete(turn);
    }
  }

  /** For an object that was never loaded, so that it has no changes: it is the session, whatever is there. */
  async #create(place: Place, { own, ttl }: Wish): Promise<Snapshot> {
    const { records, now } = this.#setup;
    const expiresAt = endOf(own.get('cookie'), now(), ttl);
    let there: StoredRecord | null = null;
    const kept = await tryFor(PATIENCE, async () => {
      const birth = (there && records.open(place, there))?.birth ?? createBirth();
      const written = await records.write(place, { birth, fields: own }, expiresAt, there);
      if (written === undefined) there = (await records.find(place.id)) ?? null;
      return written;
    });
    if (kept === undefined) throw tooManyConflicts();
    return { id: place.id, kept, seen: own };
  }

  /**
   * Changes in the newest record what the request has changed, by compare-and-set. Returns `undefined` if the session is gone: it was destroyed,
   * or has expired.
   */
  async #update(place: Place, snapshot: Snapshot, wish: Wish): Promise<Snapshot | undefined> {
    const { records, emit } = this.#setup;
    const { own } = wish;
    const { birth } = snapshot.kept;
    let there: KeptSession | undefined = snapshot.kept;
    const kept = await tryFor(PATIENCE, async () => {
      there ??= await records.read(place);
      if (there?.birth !== birth) return null;
      const expiresAt = this.#endOf(snapshot, wish, there);
      if (isUnchanged(snapshot.seen, own) && !there.isStale && this.#isHere(there, expiresAt)) return there;
      const fields = merge(snapshot.seen, own, there.fields);
      const written = await records.write(place, { birth, fields }, expiresAt, there.stored);
      if (written === undefined) emit({ type: 'conflict' });
      there = undefined; // what comes next is read again
      return written;
    });
    if (kept === undefined) throw tooManyConflicts();
    if (kept === null) emit({ type: 'gone' });
    return kept === null ? undefined : { id: place.id, kept, seen: own };
  }

  /**
   * When the session ends. As this request has it, if it has changed the lifetime. Otherwise another request may have changed it, or moved the
   * end further, and neither is undone.
   */
  #endOf({ seen, kept: loaded }: Snapshot, { own, ttl }: Wish, there: KeptSession): number {
    const [before, mine, theirs] = [seen, own, there.fields].map((fields) => fields.get('cookie'));
    const theirEnd = there.stored.expiresAt;
    if (!isSameCookie(before, theirs) && isSameCookie(before, mine)) return theirEnd;
    const end = endOf(mine, this.#setup.now(), ttl);
    const isMoved = theirEnd !== loaded.stored.expiresAt && isSameCookie(before, mine);
    return isMoved ? Math.max(end, theirEnd) : end;
  }

  /** Whether the session ends then already, or so nearly that it is not worth a write. */
  #isHere({ stored }: KeptSession, expiresAt: number): boolean {
    return Math.abs(expiresAt - stored.expiresAt) < (expiresAt - this.#setup.now()) * MIN_MOVE;
  }
}

function tooManyConflicts(): SessionError {
  const message = `Cannot save session: others have been saving it without a pause for ${PATIENCE} seconds`;
  return new SessionError('ERR_SESSION_CONFLICT', message);
}
