/** Sessions on the server: the cookie seals 32 random bytes, a backend keeps the sealed contents under a hash of them. */

import { createSealer, type Sealer } from '@sealring/codec';
import { randomBytes } from './ambient.ts';
import { cookieNameOf } from './attributes.ts';
import { ask, type Backend, type StoredRecord } from './backend.ts';
import type { Carried, Carrier, CookieChanges, GetOptions, Store } from './carrier.ts';
import { applyChange, type Change, type Contents, emptyContents } from './changes.ts';
import { formatDeletion, formatSetCookie, parseCookies } from './cookie.ts';
import { SessionError } from './error.ts';
import { describe } from './options.ts';
import { decodeRecord, encodeRecord, type SessionRecord } from './record.ts';
import { getSession } from './requests.ts';
import { type Loaded, type Rejection, SessionObject } from './session.ts';
import {
  endOf,
  idleOf,
  isRenewalDue,
  readSettings,
  rejectionOf,
  type Settings,
  type StoreOptions,
} from './settings.ts';
import { explainSize } from './size.ts';
import { fingerprint } from './text.ts';

export interface ServerStoreOptions extends StoreOptions {
  /** Where the records are kept, e.g. `memory()` or `file(directory)`. */
  backend: Backend;
}

const SECRET = 32;
const LABEL: Uint8Array = /* @__PURE__ */ new TextEncoder().encode('sealring/id');
const MOST_TRIES = 16;
const LONGEST_PAUSE = 64; // milliseconds
const MOVED = 0x3e; // ">", the first byte of a pointer; a record starts with E or S
const POINTED = 60; // seconds for which a record that has moved still leads a logout to the new one

/**
 * A store that keeps contents in a backend, of any size and without lost updates.
 *
 * @throws {TypeError | RangeError} naming the option that is wrong.
 *
 * @example
 * import { memory, save, serverStore } from 'sealring';
 * import { generateKey } from '@sealring/codec';
 * const store = serverStore({ keys: [generateKey()], backend: memory() });
 * const request = new Request('https://example.org/');
 * const session = await store.get(request, 'login');
 * session.update('visits', (n = 0) => n + 1);
 * const response = await save(request, new Response('hello'));
 * console.log(response.headers.getSetCookie().length); // 1
 */
export function serverStore(options: ServerStoreOptions): Store {
  const settings = readSettings('serverStore()', options, ['backend']);
  const { backend } = options;
  if (typeof backend?.get !== 'function' || typeof backend.set !== 'function') {
    throw new TypeError(`"backend" expected a backend such as memory(), got ${describe(backend)}`);
  }
  const carrier = new ServerCarrier(settings, backend);
  return {
    get: (request, name, options) => getSession(carrier, request, name, options),
    async revokeAll(subject, { except } = {}) {
      const { revocations, namesOf, now } = settings;
      if (backend.list === undefined && revocations === undefined) {
        throw new TypeError(
          'revokeAll() expected a backend that can list, or the option "revocations" of serverStore()',
        );
      }
      await ask(() => revocations?.revoke(subject, now(), except?.id));
      for (const name of namesOf(subject)) {
        await ask(async () => {
          for await (const { id } of backend.list?.(name) ?? []) if (id !== except?.id) await backend.delete(id);
        });
      }
    },
  };
}

/** What a cookie led to. */
interface Presented {
  /** 32 bytes; whoever has them has the session. */
  readonly secret: Uint8Array;
  readonly stored: StoredRecord;
  readonly record: SessionRecord;
  /** Whether an older key sealed the cookie or the record. */
  readonly isStale: boolean;
}

/** What is written. */
interface State {
  readonly contents: Contents;
  readonly maxAge: number | undefined;
  readonly subject: string | undefined;
}

interface Found {
  readonly record: SessionRecord;
  readonly isStale: boolean;
}

interface Sealers {
  readonly cookieName: string;
  /** For the cookie. */
  readonly cookie: Sealer;
  /** For the backend's record. */
  readonly record: Sealer;
}

class ServerCarrier implements Carrier {
  readonly #settings: Settings;
  readonly #backend: Backend;
  readonly #sealers = new Map<string, Sealers>();

  constructor(settings: Settings, backend: Backend) {
    this.#settings = settings;
    this.#backend = backend;
    this.#sealersOf('check'); // a wrong key throws here, not in the first request
  }

  async load(name: string, header: string | undefined, options: GetOptions): Promise<Carried> {
    const sealers = this.#sealersOf(name);
    const candidates = parseCookies(header, sealers.cookieName);
    const now = this.#settings.now();
    let rejected: Rejection | undefined;
    for (const { value } of candidates) {
      const presented = await this.#open(sealers, value, now);
      if (typeof presented === 'object') return this.#carry(name, sealers, presented, true, now, options, undefined);
      rejected ??= presented;
    }
    if (rejected !== undefined) this.#settings.emit({ type: 'rejected', name, reason: rejected });
    return this.#carry(name, sealers, undefined, candidates.length > 0, now, options, rejected);
  }

  async #open(sealers: Sealers, value: string, now: number): Promise<Presented | Rejection> {
    const opened = sealers.cookie.safeOpen(value, { now });
    if (!opened.ok) return rejectionOf(opened.code);
    const secret = opened.value;
    if (!(secret instanceof Uint8Array) || secret.length !== SECRET) return 'payload';
    const stored = await ask(() => this.#backend.get(lookupOf(secret)));
    if (stored === undefined) return 'gone';
    const found = this.#openRecord(sealers, secret, stored.data, now);
    if (typeof found === 'string') return found;
    const { record } = found;
    const maxAge = 'maxAge' in record ? record.maxAge : this.#settings.maxAge;
    if (now > Math.min(stored.expiresAt, endOf(record.createdAt, maxAge, undefined, now))) return 'expired';
    const { revocations } = this.#settings;
    const { subject, createdAt } = record;
    if (revocations !== undefined && subject !== undefined) {
      if (await ask(() => revocations.isRevoked(subject, createdAt, lookupOf(secret), now))) return 'revoked';
    }
    return { secret, stored, record, isStale: opened.stale || found.isStale };
  }

  #openRecord(sealers: Sealers, secret: Uint8Array, data: Uint8Array, now: number): Found | Rejection {
    if (data[0] === MOVED) return 'gone';
    const opened = sealers.record.safeOpen(new TextDecoder().decode(data), { now, secret });
    if (!opened.ok) return rejectionOf(opened.code);
    const record = decodeRecord(opened.value);
    return record === undefined ? 'payload' : { record, isStale: opened.stale };
  }

  #carry(
    name: string,
    sealers: Sealers,
    presented: Presented | undefined,
    hadCookie: boolean,
    now: number,
    options: GetOptions,
    rejected: Rejection | undefined,
  ): Carried {
    const { maxAge: storeMaxAge } = this.#settings;
    const idleTimeout = idleOf(options, this.#settings);
    const record = presented?.record;
    const createdAt = record?.createdAt ?? Math.round(now * 1000) / 1000;
    const asked = 'maxAge' in options ? options.maxAge : storeMaxAge;
    const maxAge = record === undefined ? asked : 'maxAge' in record ? record.maxAge : storeMaxAge;
    const loaded: Loaded = {
      contents: record?.contents ?? emptyContents(),
      id: presented && lookupOf(presented.secret),
      createdAt,
      expiresAt: presented?.stored.expiresAt ?? endOf(createdAt, maxAge, idleTimeout, now),
      maxAge,
      idleTimeout,
      subject: record?.subject,
      isNew: record === undefined,
      rejected,
    };
    let secret = presented?.secret;
    const encode = (value: unknown) => sealers.record.encode(value);
    const session = new SessionObject(name, loaded, encode, () => {
      secret = randomBytes(SECRET);
      return lookupOf(secret);
    });
    const commit = async (): Promise<CookieChanges> => {
      const lines = await this.#commit(session, sealers, presented, hadCookie, now, () => {
        void session.id; // makes one for a session that is written first
        return secret ?? randomBytes(SECRET);
      });
      return { lines, names: [sealers.cookieName] };
    };
    return { session, commit };
  }

  /** @returns Set-Cookie lines. */
  async #commit(
    session: SessionObject,
    sealers: Sealers,
    presented: Presented | undefined,
    hadCookie: boolean,
    now: number,
    secretOf: () => Uint8Array,
  ): Promise<string[]> {
    const { attributes, emit } = this.#settings;
    const { name } = session;
    const { idleTimeout } = session.loaded;
    const changes = session.finish();
    if (session.isDestroyed) {
      if (presented !== undefined) {
        await this.#destroy(sealers, presented.secret, now);
        emit({ type: 'destroyed', name });
      }
      return hadCookie ? [formatDeletion(sealers.cookieName, attributes)] : [];
    }
    if (presented === undefined) {
      if (changes.length === 0 && !session.isAltered) return [];
      const secret = secretOf();
      const { contents, subject } = session;
      const state: State = { contents, subject, maxAge: session.options.maxAge };
      await this.#create(
        secret,
        this.#sealRecord(session, sealers, secret, state, now),
        this.#placeOf(session, state, now),
      );
      emit({ type: 'created', name });
      return [this.#setCookie(session, sealers, secret, now)];
    }
    if (session.isRegenerated) {
      const secret = secretOf();
      const isMoved = await this.#move(session, sealers, presented, secret, changes, now);
      return isMoved ? [this.#setCookie(session, sealers, secret, now)] : this.#gone(name);
    }
    if (changes.length > 0 || session.isAltered || presented.isStale) {
      const isWritten = await this.#write(session, sealers, presented, changes, now);
      if (!isWritten) return this.#gone(name);
      const isCookieChanged = presented.isStale || session.options.maxAge !== session.loaded.maxAge;
      return isCookieChanged ? [this.#setCookie(session, sealers, presented.secret, now)] : [];
    }
    if (idleTimeout !== undefined && isRenewalDue(presented.stored.expiresAt - idleTimeout, idleTimeout, now)) {
      const expiresAt = endOf(session.createdAt, session.options.maxAge, idleTimeout, now);
      await ask(() => this.#backend.touch(lookupOf(presented.secret), expiresAt));
      emit({ type: 'renewed', name });
    }
    return [];
  }

  /** Compare and set; on a conflict the changes are done again on what is there now. @returns false when the session is gone. */
  async #write(
    session: SessionObject,
    sealers: Sealers,
    presented: Presented,
    changes: readonly Change[],
    now: number,
  ): Promise<boolean> {
    const written = await this.#replace(session, sealers, presented, changes, now, (state) => ({
      data: this.#sealRecord(session, sealers, presented.secret, state, now),
      ...this.#placeOf(session, state, now),
    }));
    return written !== undefined;
  }

  /**
   * Moves the contents to a new id. The old record becomes a pointer, which opens nothing but leads a logout in flight to the new one; so
   * nothing is written to it any more either, and what others wrote before comes along. @returns false when the session is gone.
   */
  async #move(
    session: SessionObject,
    sealers: Sealers,
    presented: Presented,
    secret: Uint8Array,
    changes: readonly Change[],
    now: number,
  ): Promise<boolean> {
    const id = lookupOf(presented.secret);
    const sealed = sealers.record.seal(secret, { now, secret: presented.secret, context: 'moved' });
    const pointer = Uint8Array.of(MOVED, ...new TextEncoder().encode(sealed));
    let record: Uint8Array = new Uint8Array();
    const state = await this.#replace(session, sealers, presented, changes, now, (newest) => {
      record = this.#sealRecord(session, sealers, secret, newest, now); // first: what cannot be sealed must not cost the session
      return { data: pointer, expiresAt: now + POINTED };
    });
    if (state === undefined) return false;
    await this.#create(secret, record, this.#placeOf(session, state, now));
    const isPointerThere = await ask(() => this.#backend.touch(id, now + POINTED));
    if (!isPointerThere) await ask(() => this.#backend.delete(lookupOf(secret))); // a logout came between
    return isPointerThere;
  }

  /** Deletes the record, and what it points to. The pointer first: then a move that is under way sees it. */
  async #destroy(sealers: Sealers, secret: Uint8Array, now: number): Promise<void> {
    const id = lookupOf(secret);
    const stored = await ask(() => this.#backend.get(id));
    await ask(() => this.#backend.delete(id));
    if (stored?.data[0] !== MOVED) return;
    const text = new TextDecoder().decode(stored.data.subarray(1));
    const opened = sealers.record.safeOpen(text, { now, secret, context: 'moved' });
    if (opened.ok && opened.value instanceof Uint8Array) await this.#destroy(sealers, opened.value, now);
  }

  /** Sets what `prepare` gives until the version fits: first with what this request has made of the session, then with what it makes of the newest. */
  async #replace(
    session: SessionObject,
    sealers: Sealers,
    { secret, stored, record }: Presented,
    changes: readonly Change[],
    now: number,
    prepare: (state: State) => { data: Uint8Array; expiresAt: number; subject?: string },
  ): Promise<State | undefined> {
    let state = stateOf(session, session.contents, record, this.#settings);
    let { version } = stored;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const { data, ...place } = prepare(state);
      const options = { ...place, ifVersion: version };
      if ((await ask(() => this.#backend.set(lookupOf(secret), data, options))) !== false) return state;
      this.#settings.emit({ type: 'conflict', name: session.name });
      if (tries > 0) await pause(tries);
      const newest = await ask(() => this.#backend.get(lookupOf(secret)));
      const found = newest && this.#openRecord(sealers, secret, newest.data, now);
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

  async #create(secret: Uint8Array, data: Uint8Array, place: { expiresAt: number; subject?: string }): Promise<void> {
    const version = await ask(() => this.#backend.set(lookupOf(secret), data, { ...place, ifVersion: null }));
    if (version === false) throw new SessionError('ERR_SESSION_BACKEND', 'Cannot save session: its new id is taken');
  }

  /** Deleted meanwhile: delete wins. No cookie is cleared, as it may be a newer login's by now. */
  #gone(name: string): string[] {
    this.#settings.emit({ type: 'gone', name });
    return [];
  }

  #sealRecord(session: SessionObject, sealers: Sealers, secret: Uint8Array, state: State, now: number): Uint8Array {
    const { maxAge: storeMaxAge, codec } = this.#settings;
    const { contents, maxAge, subject } = state;
    const lifetime = maxAge === storeMaxAge ? {} : { maxAge };
    const value = encodeRecord({ contents, createdAt: session.createdAt, subject, id: undefined, ...lifetime });
    const seal = () => sealers.record.seal(value, { now, secret });
    return new TextEncoder().encode(explainSize(session, sealers.record, value, codec.limits.bytes, seal));
  }

  #setCookie(session: SessionObject, sealers: Sealers, secret: Uint8Array, now: number): string {
    const { maxAge } = session.options;
    const left = maxAge === undefined ? undefined : Math.max(0, Math.ceil(session.createdAt + maxAge - now));
    return formatSetCookie(sealers.cookieName, sealers.cookie.seal(secret, { now }), this.#settings.attributes, left);
  }

  /** Until when a backend keeps the record, and under whose name. */
  #placeOf(session: SessionObject, { maxAge, subject }: State, now: number): { expiresAt: number; subject?: string } {
    const expiresAt = endOf(session.createdAt, maxAge, session.loaded.idleTimeout, now);
    const [name] = subject === undefined ? [] : this.#settings.namesOf(subject);
    return name === undefined ? { expiresAt } : { expiresAt, subject: name };
  }

  #sealersOf(name: string): Sealers {
    let sealers = this.#sealers.get(name);
    if (sealers === undefined) {
      const { keys, codec, attributes } = this.#settings;
      const cookieName = cookieNameOf(name, attributes);
      sealers = {
        cookieName,
        cookie: createSealer({ keys, purpose: `cookie:${cookieName}` }),
        record: createSealer({ keys, purpose: `record:${cookieName}`, ...codec }),
      };
      this.#sealers.set(name, sealers);
    }
    return sealers;
  }
}

/** Under what a backend keeps the record: says nothing about the secret. 43 characters. */
function lookupOf(secret: Uint8Array): string {
  const labelled = new Uint8Array(LABEL.length + secret.length);
  labelled.set(LABEL);
  labelled.set(secret, LABEL.length);
  return fingerprint(labelled);
}

/** What of this session goes into the record: its own where it has changed it, else what the record has. */
function stateOf(session: SessionObject, contents: Contents, record: SessionRecord, settings: Settings): State {
  const { loaded, options, subject } = session;
  const recorded = 'maxAge' in record ? record.maxAge : settings.maxAge;
  return {
    contents,
    maxAge: options.maxAge === loaded.maxAge ? recorded : options.maxAge,
    subject: subject === loaded.subject ? record.subject : subject,
  };
}

/** Lets the others finish, the longer the more often we have lost. */
function pause(tries: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(2 ** tries, LONGEST_PAUSE)));
}
