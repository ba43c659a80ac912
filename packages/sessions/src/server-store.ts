/** Sessions on the server: the cookie seals 32 random bytes, a backend keeps the sealed contents under a hash of them. */

import { createSealer, type Sealer } from '@sealring/codec';
import { randomBytes } from './ambient.ts';
import { cookieNameOf } from './attributes.ts';
import { ask, type Backend, type StoredRecord, type Version } from './backend.ts';
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
import { fingerprint } from './text.ts';

export interface ServerStoreOptions extends StoreOptions {
  /** Where the records are kept, e.g. `memory()` or `file(directory)`. */
  backend: Backend;
}

const SECRET = 32;
const LABEL: Uint8Array = /* @__PURE__ */ new TextEncoder().encode('sealring/id');
const MOST_TRIES = 8;
const RETIRED = 60; // seconds for which a record that has moved is still found, as one that opens nothing

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
      if (await ask(() => revocations.isRevoked(subject, createdAt, lookupOf(secret)))) return 'revoked';
    }
    return { secret, stored, record, isStale: opened.stale || found.isStale };
  }

  #openRecord(sealers: Sealers, secret: Uint8Array, data: Uint8Array, now: number): Found | Rejection {
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
        await ask(() => this.#backend.delete(lookupOf(presented.secret)));
        emit({ type: 'destroyed', name });
      }
      return hadCookie ? [formatDeletion(sealers.cookieName, attributes)] : [];
    }
    if (presented === undefined) {
      if (changes.length === 0 && !session.isAltered) return [];
      const secret = secretOf();
      await this.#create(session, sealers, secret, session.contents, now);
      emit({ type: 'created', name });
      return [this.#setCookie(session, sealers, secret, now)];
    }
    if (session.isRegenerated) {
      const contents = await this.#retire(session, sealers, presented, changes, now);
      if (contents === undefined) return this.#gone(name);
      const secret = secretOf();
      await this.#create(session, sealers, secret, contents, now);
      await ask(() => this.#backend.delete(lookupOf(presented.secret)));
      return [this.#setCookie(session, sealers, secret, now)];
    }
    if (changes.length > 0 || session.isAltered || presented.isStale) {
      const isWritten = await this.#write(session, sealers, presented, changes, now);
      if (!isWritten) return this.#gone(name);
      const isCookieChanged = presented.isStale || session.options.maxAge !== session.loaded.maxAge;
      return isCookieChanged ? [this.#setCookie(session, sealers, presented.secret, now)] : [];
    }
    if (idleTimeout !== undefined && isRenewalDue(presented.stored.expiresAt - idleTimeout, idleTimeout, now)) {
      await ask(() => this.#backend.touch(lookupOf(presented.secret), this.#endOf(session, now)));
      emit({ type: 'renewed', name });
    }
    return [];
  }

  /** Compare and set; on a conflict the changes are done again on what is there now. @returns false when the session is gone. */
  async #write(
    session: SessionObject,
    sealers: Sealers,
    { secret, stored }: Presented,
    changes: readonly Change[],
    now: number,
  ): Promise<boolean> {
    const id = lookupOf(secret);
    let contents = session.contents;
    let { version } = stored;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const data = this.#sealRecord(session, sealers, secret, contents, now);
      const expiresAt = this.#endOf(session, now);
      const { subject } = session;
      const options = {
        expiresAt,
        ifVersion: version,
        ...(subject !== undefined && { subject: this.#nameOf(subject) }),
      };
      if ((await ask(() => this.#backend.set(id, data, options))) !== false) return true;
      if (tries > 0) await pause(tries);
      const replayed = await this.#replay(session, sealers, secret, changes, now);
      if (replayed === undefined) return false;
      ({ contents, version } = replayed);
    }
    throw conflict(session.name);
  }

  /**
   * Puts an end to the record, so that nothing can be written to it any more, and gives what it held at that moment with this request's
   * changes: what moves to a new id must not lose another request's work. @returns undefined when the session is gone.
   */
  async #retire(
    session: SessionObject,
    sealers: Sealers,
    { secret, stored }: Presented,
    changes: readonly Change[],
    now: number,
  ): Promise<Contents | undefined> {
    const id = lookupOf(secret);
    let contents = session.contents;
    let { version } = stored;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const options = { expiresAt: now + RETIRED, ifVersion: version };
      if ((await ask(() => this.#backend.set(id, new Uint8Array(1), options))) !== false) return contents;
      const replayed = await this.#replay(session, sealers, secret, changes, now);
      if (replayed === undefined) return undefined;
      ({ contents, version } = replayed);
    }
    throw conflict(session.name);
  }

  /** The record as it is now, with the changes done again on it. @returns undefined when it is gone. */
  async #replay(
    session: SessionObject,
    sealers: Sealers,
    secret: Uint8Array,
    changes: readonly Change[],
    now: number,
  ): Promise<{ contents: Contents; version: Version } | undefined> {
    this.#settings.emit({ type: 'conflict', name: session.name });
    const newest = await ask(() => this.#backend.get(lookupOf(secret)));
    const found = newest && this.#openRecord(sealers, secret, newest.data, now);
    if (newest === undefined || typeof found !== 'object') return undefined;
    const { contents } = found.record;
    for (const change of changes) applyChange(contents, change);
    return { contents, version: newest.version };
  }

  async #create(
    session: SessionObject,
    sealers: Sealers,
    secret: Uint8Array,
    contents: Contents,
    now: number,
  ): Promise<void> {
    const data = this.#sealRecord(session, sealers, secret, contents, now);
    const { subject } = session;
    const options = {
      expiresAt: this.#endOf(session, now),
      ifVersion: null,
      ...(subject !== undefined && { subject: this.#nameOf(subject) }),
    };
    const version = await ask(() => this.#backend.set(lookupOf(secret), data, options));
    if (version === false) throw new SessionError('ERR_SESSION_BACKEND', 'Cannot save session: its new id is taken');
  }

  /** Deleted meanwhile: delete wins. No cookie is cleared, as it may be a newer login's by now. */
  #gone(name: string): string[] {
    this.#settings.emit({ type: 'gone', name });
    return [];
  }

  #sealRecord(
    session: SessionObject,
    sealers: Sealers,
    secret: Uint8Array,
    contents: Contents,
    now: number,
  ): Uint8Array {
    const { maxAge } = session.options;
    const value = encodeRecord({
      contents,
      createdAt: session.createdAt,
      subject: session.subject,
      id: undefined,
      ...(maxAge !== this.#settings.maxAge && { maxAge }),
    });
    return new TextEncoder().encode(sealers.record.seal(value, { now, secret }));
  }

  #setCookie(session: SessionObject, sealers: Sealers, secret: Uint8Array, now: number): string {
    const { maxAge } = session.options;
    const left = maxAge === undefined ? undefined : Math.max(0, Math.ceil(session.createdAt + maxAge - now));
    return formatSetCookie(sealers.cookieName, sealers.cookie.seal(secret, { now }), this.#settings.attributes, left);
  }

  #endOf(session: SessionObject, now: number): number {
    return endOf(session.createdAt, session.options.maxAge, session.loaded.idleTimeout, now);
  }

  #nameOf(subject: string): string {
    return this.#settings.namesOf(subject)[0] ?? '';
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

function conflict(name: string): SessionError {
  return new SessionError('ERR_SESSION_CONFLICT', `Cannot save session "${name}": ${MOST_TRIES} conflicts in a row`);
}

/** Lets the others finish, the longer the more often we have lost: up to 2 ms, then 4, then 8 … */
function pause(tries: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.random() * 2 ** tries));
}
