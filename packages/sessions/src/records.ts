/** The records of one session name in a backend: sealed, found by a hash, compared and set. Knows no cookie. */

import { createSealer, type Sealer } from '@sealring/codec';
import { ask, type Backend, type StoredRecord } from './backend.ts';
import { applyChange, type Change, type Contents } from './changes.ts';
import { SessionError } from './error.ts';
import { decodeRecord, encodeRecord, type SessionRecord } from './record.ts';
import { MOST_TRIES, pause } from './retry.ts';
import type { Rejection } from './session.ts';
import type { SessionObject } from './session-object.ts';
import { endOf, maxAgeOf, rejectionOf, type Settings } from './settings.ts';
import { explainSize } from './size.ts';
import { fingerprint } from './text.ts';

const LABEL: Uint8Array = /* @__PURE__ */ new TextEncoder().encode('sealring/id');
const MOVED = 0x3e; // ">", the first byte of a pointer; a record starts with E or S
const POINTED = 60; // seconds for which a record that has moved still leads a logout to the new one

/** A record as a request found it. */
export interface FoundRecord {
  /** Under what the backend keeps it. */
  readonly id: string;
  /** 32 bytes; whoever has them has the session. */
  readonly secret: Uint8Array;
  readonly stored: StoredRecord;
  readonly record: SessionRecord;
  /** Whether another key than the first sealed it. */
  readonly isStale: boolean;
}

/** What is written. */
interface State {
  readonly contents: Contents;
  readonly maxAge: number | undefined;
  readonly subject: string | undefined;
  readonly since: number | undefined;
}

interface Opened {
  readonly record: SessionRecord;
  readonly isStale: boolean;
}

export class Records {
  readonly #settings: Settings;
  readonly #backend: Backend;
  readonly #sealer: Sealer;

  constructor(settings: Settings, backend: Backend, cookieName: string) {
    this.#settings = settings;
    this.#backend = backend;
    this.#sealer = createSealer({ keys: settings.keys, purpose: `record:${cookieName}`, ...settings.codec });
  }

  /** The payload of a value, for comparing. */
  encode(value: unknown): Uint8Array {
    return this.#sealer.encode(value);
  }

  /** @returns the record, or why it counts for nothing. */
  async find(secret: Uint8Array, now: number): Promise<FoundRecord | Rejection> {
    const id = lookupOf(secret);
    const stored = await ask(() => this.#backend.get(id));
    if (stored === undefined) return 'gone';
    const opened = this.#read(secret, stored.data, now);
    return typeof opened === 'string' ? opened : { id, secret, stored, ...opened };
  }

  /** @throws {SessionError} `ERR_SESSION_TOO_LARGE`, `ERR_SESSION_BACKEND`. */
  async create(session: SessionObject, secret: Uint8Array, now: number): Promise<void> {
    const { contents, options, subject, since } = session;
    const state: State = { contents, subject, since, maxAge: options.maxAge };
    await this.#insert(secret, this.#seal(session, secret, state, now), this.#placeOf(session, state, now));
  }

  /** Moves the end of the record and nothing else. */
  async renew(session: SessionObject, id: string, now: number): Promise<void> {
    const expiresAt = endOf(session.createdAt, session.options.maxAge, session.loaded.idleTimeout, now);
    await ask(() => this.#backend.touch(id, expiresAt));
  }

  #read(secret: Uint8Array, data: Uint8Array, now: number): Opened | Rejection {
    if (data[0] === MOVED) return 'gone';
    const opened = this.#sealer.safeOpen(new TextDecoder().decode(data), { now, secret });
    if (!opened.ok) return rejectionOf(opened.code);
    const record = decodeRecord(opened.value);
    return record === undefined ? 'payload' : { record, isStale: opened.stale };
  }

  /** Compare and set; on a conflict the changes are done again on what is there now. @returns false when the session is gone. */
  async write(
    session: SessionObject,
    presented: FoundRecord,
    changes: readonly Change[],
    now: number,
  ): Promise<boolean> {
    const written = await this.#replace(session, presented, changes, now, (state) => ({
      data: this.#seal(session, presented.secret, state, now),
      ...this.#placeOf(session, state, now),
    }));
    return written !== undefined;
  }

  /**
   * Moves the contents to a new id. The old record becomes a pointer, which opens nothing but leads a logout in flight to the new one; so
   * nothing is written to it any more either, and what others wrote before comes along. @returns false when the session is gone.
   */
  async move(
    session: SessionObject,
    presented: FoundRecord,
    secret: Uint8Array,
    changes: readonly Change[],
    now: number,
  ): Promise<boolean> {
    const { id } = presented;
    const sealed = this.#sealer.seal(secret, { now, secret: presented.secret, context: 'moved' });
    const pointer = Uint8Array.of(MOVED, ...new TextEncoder().encode(sealed));
    let record: Uint8Array = new Uint8Array();
    const state = await this.#replace(session, presented, changes, now, (newest) => {
      record = this.#seal(session, secret, newest, now); // first: what cannot be sealed must not cost the session
      return { data: pointer, expiresAt: now + POINTED };
    });
    if (state === undefined) return false;
    await this.#insert(secret, record, this.#placeOf(session, state, now));
    const isPointerThere = await ask(() => this.#backend.touch(id, now + POINTED));
    if (!isPointerThere) await ask(() => this.#backend.delete(lookupOf(secret))); // a logout came between
    return isPointerThere;
  }

  /** Deletes the record, and what it points to. The pointer first: then a move that is under way sees it. */
  async destroy(secret: Uint8Array, now: number): Promise<void> {
    const id = lookupOf(secret);
    const stored = await ask(() => this.#backend.get(id));
    await ask(() => this.#backend.delete(id));
    if (stored?.data[0] !== MOVED) return;
    const text = new TextDecoder().decode(stored.data.subarray(1));
    const opened = this.#sealer.safeOpen(text, { now, secret, context: 'moved' });
    if (opened.ok && opened.value instanceof Uint8Array) await this.destroy(opened.value, now);
  }

  /** Sets what `prepare` gives until the version fits: first with what this request has made of the session, then with what it makes of the newest. */
  async #replace(
    session: SessionObject,
    { id, secret, stored, record }: FoundRecord,
    changes: readonly Change[],
    now: number,
    prepare: (state: State) => { data: Uint8Array; expiresAt: number; subject?: string },
  ): Promise<State | undefined> {
    let state = stateOf(session, session.contents, record, this.#settings);
    let { version } = stored;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const { data, ...place } = prepare(state);
      const options = { ...place, ifVersion: version };
      if ((await ask(() => this.#backend.set(id, data, options))) !== false) return state;
      this.#settings.emit({ type: 'conflict', name: session.name });
      if (tries > 0) await pause(tries);
      const newest = await ask(() => this.#backend.get(id));
      const found = newest && this.#read(secret, newest.data, now);
      if (newest === undefined || typeof found !== 'object') return undefined;
      for (const change of changes) applyChange(found.record.contents, change);
      state = stateOf(session, found.record.contents, found.record, this.#settings);
      ({ version } = newest);
    }
    throw new SessionError(
      'ERR_SESSION_CONFLICT',
      `Cannot save session "${session.name}": ${MOST_TRIES} conflicts in a row`,
    );
  }

  async #insert(secret: Uint8Array, data: Uint8Array, place: { expiresAt: number; subject?: string }): Promise<void> {
    const version = await ask(() => this.#backend.set(lookupOf(secret), data, { ...place, ifVersion: null }));
    if (version === false) throw new SessionError('ERR_SESSION_BACKEND', 'Cannot save session: its new id is taken');
  }

  #seal(session: SessionObject, secret: Uint8Array, state: State, now: number): Uint8Array {
    const { maxAge: storeMaxAge, revocations, codec } = this.#settings;
    const { contents, maxAge, subject } = state;
    const lifetime = maxAge === storeMaxAge ? {} : { maxAge };
    const since = revocations && state.since;
    const value = encodeRecord({ contents, createdAt: session.createdAt, subject, id: undefined, since, ...lifetime });
    const seal = () => this.#sealer.seal(value, { now, secret });
    return new TextEncoder().encode(explainSize(session, this.#sealer, value, codec.limits.bytes, seal));
  }

  /** Until when a backend keeps the record, and under whose name. */
  #placeOf(session: SessionObject, { maxAge, subject }: State, now: number): { expiresAt: number; subject?: string } {
    const expiresAt = endOf(session.createdAt, maxAge, session.loaded.idleTimeout, now);
    const [name] = subject === undefined ? [] : this.#settings.namesOf(subject);
    return name === undefined ? { expiresAt } : { expiresAt, subject: name };
  }
}

/** Under what a backend keeps the record: says nothing about the secret. 43 characters. */
export function lookupOf(secret: Uint8Array): string {
  const labelled = new Uint8Array(LABEL.length + secret.length);
  labelled.set(LABEL);
  labelled.set(secret, LABEL.length);
  return fingerprint(labelled);
}

/** What of this session goes into the record: its own where it has changed it, else what the record has. */
function stateOf(session: SessionObject, contents: Contents, record: SessionRecord, settings: Settings): State {
  const { loaded, options, subject, since } = session;
  return {
    contents,
    maxAge: options.maxAge === loaded.maxAge ? maxAgeOf(record, settings) : options.maxAge,
    subject: subject === loaded.subject ? record.subject : subject,
    since: since === loaded.since ? record.since : since,
  };
}
