/** Sessions as frameworks load and save them, whole -> records in a backend of which every request writes only what it changed. */

import { ask, type Backend, type StoredRecord, type Version } from '../backend.ts';
import { SessionError } from '../error.ts';
import { describe } from '../options.ts';
import { createQueue } from '../queue.ts';
import { MOST_TRIES, pause } from '../retry.ts';
import type { Rejection } from '../session.ts';
import { type Fields, formatFields, isUnchanged, merge, parseObject, readFields } from './fields.ts';
import { endOf, isSameCookie, updateExpiry } from './lifetime.ts';
import { type Contents, createBirth, type Place, placeOf, type Seals } from './seals.ts';
import type { Snapshot, Snapshots } from './snapshots.ts';

/** What happened to a session, for logs and metrics. Holds no id, key or value. */
export type ExpressStoreEvent =
  /** A save met another's and was merged with it; or came to nothing, as the session has been destroyed or has expired. */
  | { readonly type: 'conflict' | 'gone' }
  /** A record could not be opened, and counts for nothing. */
  | { readonly type: 'rejected'; readonly reason: Rejection }
  /** Said once, when the store is made: its backend cannot compare and set for every process that uses it, so updates may be lost. */
  | { readonly type: 'weak-cas'; readonly cas: 'process' | 'none' };

export interface Setup {
  readonly backend: Backend;
  readonly seals: Seals;
  readonly snapshots: Snapshots;
  /** Seconds. */
  readonly maxAge: number;
  readonly now: () => number;
  readonly emit: (event: ExpressStoreEvent) => void;
}

/** Of the time that is left: a touch that moves the end by less is not worth a write. */
const LEAST_MOVE = 1 / 1000;

export class MergingSessions {
  readonly #setup: Setup;
  /** For each record, so that what one process asked for first is done first: a destroy after a save that is still under way. */
  readonly #queue = createQueue();

  constructor(setup: Setup) {
    this.#setup = setup;
  }

  /** @returns an object of its own, or null. @throws {SessionError} `ERR_SESSION_BACKEND`. @throws {TypeError} when `sid` is no text. */
  async load(sid: unknown): Promise<object | null> {
    const snapshot = await this.#read(placeOf(sid));
    if (snapshot === undefined) return null;
    const session = parseObject(formatFields(snapshot.record)) ?? {};
    updateExpiry(session, snapshot.expiresAt);
    this.#setup.snapshots.add(session, snapshot);
    return session;
  }

  /** @throws {SessionError} `ERR_SESSION_BACKEND`, `ERR_SESSION_CONFLICT`, `ERR_SESSION_TOO_LARGE`. @throws {TypeError} on what is no JSON. */
  async save(sid: unknown, session: unknown): Promise<void> {
    const own = readFields(session); // at once: the request may go on changing it
    await this.#inTurn(placeOf(sid), session, async (place, snapshot) =>
      snapshot === undefined ? await this.#create(place, own) : await this.#update(place, snapshot, own),
    );
  }

  /** Moves the end of the session; and what its cookie is to be, where this request has changed that. @throws as `save`. */
  async touch(sid: unknown, session: unknown): Promise<void> {
    const cookie = readFields({ cookie: isObject(session) ? Reflect.get(session, 'cookie') : undefined }).get('cookie');
    await this.#inTurn(placeOf(sid), session, async (place, snapshot) => {
      if (snapshot !== undefined) return await this.#update(place, snapshot, withCookie(snapshot.seen, cookie));
      const { backend, now, maxAge } = this.#setup;
      await ask(() => backend.touch(place.id, endOf(cookie, now(), maxAge)));
      return undefined;
    });
  }

  /** @throws {SessionError} `ERR_SESSION_BACKEND`. @throws {TypeError} when `sid` is no text. */
  async destroy(sid: unknown): Promise<void> {
    const { id } = placeOf(sid);
    await this.#queue(id, () => ask(() => this.#setup.backend.delete(id)));
  }

  /** What the object's next save starts from is known only when it is its turn: an earlier save may be under way. */
  async #inTurn(
    place: Place,
    session: unknown,
    put: (place: Place, snapshot: Snapshot | undefined) => Promise<Snapshot | undefined>,
  ): Promise<void> {
    if (!isObject(session)) throw new TypeError(`"session" expected an object, got ${describe(session)}`);
    await this.#queue(place.id, async () => {
      const saved = await put(place, this.#setup.snapshots.find(session, place.id));
      if (saved !== undefined) this.#setup.snapshots.update(session, saved);
    });
  }

  /** For an object that was never loaded, so that it has no changes: it is the session, whatever is there. */
  async #create(place: Place, own: Fields): Promise<Snapshot> {
    const { backend, now, maxAge } = this.#setup;
    const expiresAt = endOf(own.get('cookie'), now(), maxAge);
    let there: StoredRecord | undefined;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const opened = there && this.#open(place, there);
      const contents = { birth: opened?.birth ?? createBirth(), record: own };
      const version = await this.#set(place, contents, expiresAt, there?.version ?? null);
      if (version !== false) return { ...contents, id: place.id, version, expiresAt, isStale: false, seen: own };
      if (tries > 0) await pause(tries);
      there = await ask(() => backend.get(place.id));
    }
    throw tooManyConflicts();
  }

  /** Compare and set; on a conflict what the request has changed is changed in what is there now. @returns undefined when the session is gone. */
  async #update(place: Place, snapshot: Snapshot, own: Fields): Promise<Snapshot | undefined> {
    const { seen, birth, isStale } = snapshot;
    if (isUnchanged(seen, own) && !isStale) return await this.#move(place, snapshot, own);
    let there = snapshot;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const record = merge(seen, own, there.record);
      const expiresAt = this.#endOf(snapshot, own, there.record);
      const version = await this.#set(place, { birth, record }, expiresAt, there.version);
      if (version !== false) return { ...snapshot, version, expiresAt, isStale: false, record, seen: own };
      this.#setup.emit({ type: 'conflict' });
      if (tries > 0) await pause(tries);
      const newest = await this.#read(place);
      if (newest?.birth !== birth) return this.#gone();
      there = newest;
    }
    throw tooManyConflicts();
  }

  /**
   * Moves the end and nothing else. Another request may have given the session another lifetime meanwhile, which must not be undone: so
   * the record is read after every move, until it is the one whose lifetime it was moved by.
   */
  async #move(place: Place, snapshot: Snapshot, own: Fields): Promise<Snapshot | undefined> {
    let there = snapshot;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const expiresAt = this.#endOf(snapshot, own, there.record);
      const left = expiresAt - this.#setup.now();
      if (Math.abs(expiresAt - there.expiresAt) < left * LEAST_MOVE) break;
      const isThere = await ask(() => this.#setup.backend.touch(place.id, expiresAt));
      const newest = isThere ? await this.#read(place) : undefined;
      if (newest?.birth !== snapshot.birth) return this.#gone();
      if (newest.version === there.version) return { ...newest, seen: snapshot.seen };
      there = newest;
    }
    return { ...there, seen: snapshot.seen };
  }

  /** When the session ends: as the request has it, unless another has changed the lifetime, and this one has not. */
  #endOf({ seen }: Snapshot, own: Fields, newest: Fields): number {
    const [before, mine, theirs] = [seen.get('cookie'), own.get('cookie'), newest.get('cookie')];
    const isTheirs = isSameCookie(before, mine) && !isSameCookie(before, theirs);
    return endOf(isTheirs ? theirs : mine, this.#setup.now(), this.#setup.maxAge);
  }

  #set(place: Place, contents: Contents, expiresAt: number, ifVersion: Version | null): Promise<Version | false> {
    const data = this.#setup.seals.seal(place, contents, this.#setup.now());
    return ask(() => this.#setup.backend.set(place.id, data, { expiresAt, ifVersion }));
  }

  async #read(place: Place): Promise<Snapshot | undefined> {
    const stored = await ask(() => this.#setup.backend.get(place.id));
    const opened = stored && this.#open(place, stored);
    if (stored === undefined || opened === undefined) return undefined;
    const { version, expiresAt } = stored;
    return { ...opened, id: place.id, version, expiresAt, seen: opened.record };
  }

  #open(place: Place, { data }: StoredRecord): (Contents & { readonly isStale: boolean }) | undefined {
    const opened = this.#setup.seals.open(place, data, this.#setup.now());
    if (typeof opened !== 'string') return opened;
    this.#setup.emit({ type: 'rejected', reason: opened });
    return undefined;
  }

  #gone(): undefined {
    this.#setup.emit({ type: 'gone' });
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function withCookie(fields: Fields, cookie: string | undefined): Fields {
  return cookie === undefined ? fields : new Map(fields).set('cookie', cookie);
}

function tooManyConflicts(): SessionError {
  return new SessionError('ERR_SESSION_CONFLICT', `Cannot save session: ${MOST_TRIES} conflicts in a row`);
}
