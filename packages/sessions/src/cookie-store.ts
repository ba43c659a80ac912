/** Sessions inside the cookie: sealed contents <-> cookie value. */

import { createSealer, type Sealer } from '@sealring/codec';
import { randomBytes } from './ambient.ts';
import { cookieNameOf } from './attributes.ts';
import { ask, type Backend, type MaybePromise } from './backend.ts';
import type { Carried, Carrier, CookieChanges, GetOptions, Store } from './carrier.ts';
import {
  type Candidate,
  chunkName,
  cookieBytes,
  countChunks,
  MAX_CHUNKS,
  MAX_COOKIE_BYTES,
  splitValue,
} from './chunks.ts';
import { formatDeletion, formatSetCookie, parseCookies, staleChunks } from './cookie.ts';
import { SessionError } from './error.ts';
import { describe } from './options.ts';
import { decodeRecord, encodeRecord, type SessionRecord } from './record.ts';
import { getSession } from './requests.ts';
import { SECRET, ServerCarrier } from './server-store.ts';
import type { Rejection } from './session.ts';
import { SessionObject } from './session-object.ts';
import {
  endOf,
  forRecords,
  idleOf,
  isRenewalDue,
  loadedFrom,
  maxAgeOf,
  readSettings,
  rejectionOf,
  type Settings,
  type StoreOptions,
} from './settings.ts';
import { explainSize, tooLarge } from './size.ts';
import { encodeBase64url } from './text.ts';

const ID = 12; // names a session in a list of revoked ones; opens nothing

export interface CookieStoreOptions extends StoreOptions {
  /** Over how many cookies of 4,096 bytes one session may be split, up to 16. Default 1: too large a session is an error. */
  chunks?: number;
  /** Where a session goes that is too large for its cookies; it stays there, as in a server store. Default: it is an error. */
  overflow?: Backend;
}

/**
 * A store that keeps everything in the cookie: no server state, at most 4,096 bytes.
 *
 * @throws {TypeError | RangeError} naming the option that is wrong.
 *
 * @example
 * import { cookieStore, save } from 'sealring';
 * import { generateKey } from '@sealring/codec';
 * const store = cookieStore({ keys: [generateKey()] });
 * const request = new Request('https://example.org/');
 * const session = await store.get(request, 'login');
 * session.set('visits', 1);
 * const response = await save(request, new Response('hello'));
 * console.log(response.headers.getSetCookie().length); // 1
 */
export function cookieStore(options: CookieStoreOptions): Store {
  const settings = readSettings('cookieStore()', options, ['chunks', 'overflow']);
  const { chunks = 1, overflow } = options;
  if (!Number.isInteger(chunks) || chunks < 1 || chunks > MAX_CHUNKS) {
    throw new RangeError(`"chunks" expected a whole number from 1 to ${MAX_CHUNKS}, got ${describe(chunks)}`);
  }
  const carrier = new CookieCarrier(
    settings,
    chunks,
    overflow && new ServerCarrier(forRecords(settings, options), overflow),
  );
  return {
    get: (request, name, options) => getSession(carrier, request, name, options),
    async revokeAll(subject, { except } = {}) {
      const { revocations, now } = settings;
      if (revocations === undefined)
        throw new TypeError('revokeAll() expected the option "revocations" of cookieStore()');
      await ask(() => revocations.revoke(subject, now(), except?.id));
    },
    list() {
      throw new TypeError('list() expected a serverStore(): what is in cookies, only browsers know');
    },
  };
}

/** What a cookie that opened holds, and what its seal says. */
interface Presented {
  readonly record: SessionRecord;
  readonly issuedAt: number;
  readonly isStale: boolean;
}

/** What the request has of this session's cookies. */
interface Cookie {
  readonly name: string;
  readonly header: string | undefined;
  readonly candidates: readonly Candidate[];
}

interface Part {
  readonly name: string;
  readonly value: string;
}

class CookieCarrier implements Carrier {
  readonly #settings: Settings;
  readonly #chunks: number;
  readonly #overflow: ServerCarrier | undefined;
  readonly #sealers = new Map<string, Sealer>();

  constructor(settings: Settings, chunks: number, overflow: ServerCarrier | undefined) {
    this.#settings = settings;
    this.#chunks = chunks;
    this.#overflow = overflow;
  }

  load(name: string, header: string | undefined, options: GetOptions): MaybePromise<Carried> {
    const { attributes, now: clock } = this.#settings;
    const cookieName = cookieNameOf(name, attributes);
    const sealer = this.#sealerOf(cookieName);
    const cookie: Cookie = { name: cookieName, header, candidates: parseCookies(header, cookieName) };
    const now = clock();
    let rejected: Rejection | undefined;
    for (const candidate of cookie.candidates) {
      const presented = this.#open(sealer, candidate, now, idleOf(options, this.#settings));
      if (presented === 'spilled')
        return this.#overflow?.load(name, header, options) ?? this.#refuse(name, cookie, sealer, now, options, 'gone');
      if (typeof presented === 'object') return this.#unlessRevoked(name, cookie, sealer, presented, now, options);
      rejected ??= presented;
    }
    return this.#refuse(name, cookie, sealer, now, options, rejected);
  }

  #refuse(
    name: string,
    cookie: Cookie,
    sealer: Sealer,
    now: number,
    options: GetOptions,
    rejected: Rejection | undefined,
  ): Carried {
    if (rejected !== undefined) this.#settings.emit({ type: 'rejected', name, reason: rejected });
    return this.#carry(name, cookie, sealer, undefined, now, options, rejected);
  }

  /** The one thing for which a cookie store does I/O, and only where it was given a backend for it. */
  #unlessRevoked(
    name: string,
    cookie: Cookie,
    sealer: Sealer,
    presented: Presented,
    now: number,
    options: GetOptions,
  ): MaybePromise<Carried> {
    const { revocations } = this.#settings;
    const { subject, createdAt, id } = presented.record;
    const carry = () => this.#carry(name, cookie, sealer, presented, now, options, undefined);
    if (revocations === undefined || subject === undefined) return carry();
    return ask(() => revocations.isRevoked(subject, createdAt, id && encodeBase64url(id), now)).then((isRevoked) =>
      isRevoked ? this.#refuse(name, cookie, sealer, now, options, 'revoked') : carry(),
    );
  }

  #open(
    sealer: Sealer,
    { value, chunks, broken }: Candidate,
    now: number,
    idleTimeout: number | undefined,
  ): Presented | Rejection | 'spilled' {
    if (broken) return 'malformed';
    const opened = sealer.safeOpen(value, { now, ...contextOf(chunks) });
    if (!opened.ok) return rejectionOf(opened.code);
    const { value: content } = opened;
    if (content instanceof Uint8Array && content.length === SECRET) return 'spilled';
    const record = decodeRecord(content);
    if (record === undefined) return 'payload';
    const maxAge = maxAgeOf(record, this.#settings);
    if (now > endOf(record.createdAt, maxAge, idleTimeout, opened.issuedAt)) return 'expired';
    return { record, issuedAt: opened.issuedAt, isStale: opened.stale };
  }

  #carry(
    name: string,
    cookie: Cookie,
    sealer: Sealer,
    presented: Presented | undefined,
    now: number,
    options: GetOptions,
    rejected: Rejection | undefined,
  ): Carried {
    const { maxAge: storeMaxAge } = this.#settings;
    const { record, issuedAt: seenAt = now } = presented ?? {};
    let id = record?.id;
    const loaded = loadedFrom(record, this.#settings, options, now, { seenAt, rejected });
    const { createdAt } = loaded;
    const encode = (value: unknown) => sealer.encode(value);
    const session = new SessionObject(name, loaded, encode, (isNew) => {
      if (isNew || id === undefined) id = randomBytes(ID);
      return encodeBase64url(id);
    });
    const sealed = (context: object) => {
      if (id === undefined) void session.id; // makes one for a session that is written first
      const { contents, subject, options } = session;
      const lifetime = options.maxAge === storeMaxAge ? {} : { maxAge: options.maxAge };
      const value = encodeRecord({ contents, createdAt, subject, id, ...lifetime });
      return explainSize(session, sealer, value, this.#settings.codec.limits.bytes, () =>
        sealer.seal(value, { now, ...context }),
      );
    };
    return { session, commit: () => this.#commit(session, cookie, sealer, presented, now, sealed) };
  }

  #commit(
    session: SessionObject,
    cookie: Cookie,
    sealer: Sealer,
    presented: Presented | undefined,
    now: number,
    seal: (context: object) => string,
  ): MaybePromise<CookieChanges> {
    const { attributes, emit } = this.#settings;
    const { name, loaded } = session;
    const isChanged = session.finish().length > 0 || session.isAltered;
    if (session.isDestroyed) {
      if (presented !== undefined) emit({ type: 'destroyed', name });
      return this.#lines(cookie, [], cookie.candidates.length > 0);
    }
    const isDue =
      presented !== undefined && (presented.isStale || isRenewalDue(presented.issuedAt, loaded.idleTimeout, now));
    if (!isChanged && !isDue) return { lines: [], names: [cookie.name] };
    const parts = this.#fit(session, cookie.name, sealer, seal);
    if (loaded.isNew) emit({ type: 'created', name });
    else if (!isChanged) emit({ type: 'renewed', name });
    if (!Array.isArray(parts)) return this.#spill(session, cookie, parts, now);
    const left = session.secondsLeft(now);
    const lines = parts.map((part) => formatSetCookie(part.name, part.value, attributes, left));
    return this.#lines(cookie, lines, false);
  }

  /** @returns the cookies, or where the session has to go instead. @throws {SessionError} `ERR_SESSION_TOO_LARGE` where it can't. */
  #fit(
    session: SessionObject,
    cookieName: string,
    sealer: Sealer,
    seal: (context: object) => string,
  ): Part[] | ServerCarrier {
    try {
      return this.#split(session, cookieName, sealer, seal);
    } catch (error) {
      const isTooLarge = error instanceof SessionError && error.code === 'ERR_SESSION_TOO_LARGE';
      if (isTooLarge && this.#overflow !== undefined) return this.#overflow;
      throw error;
    }
  }

  /** Into the backend with it. */
  async #spill(session: SessionObject, cookie: Cookie, overflow: ServerCarrier, now: number): Promise<CookieChanges> {
    return this.#lines(cookie, [await overflow.adopt(session, now)], false);
  }

  /** The cookies to write, and a deletion for each that came and is no longer needed. */
  #lines(cookie: Cookie, lines: readonly string[], isDeleted: boolean): CookieChanges {
    const { attributes } = this.#settings;
    // Most requests bring no chunk at all; then the header is not read a second time.
    const hasChunks = cookie.header?.includes(`${cookie.name}.`) === true;
    const stale = hasChunks ? staleChunks(cookie.header, cookie.name, lines.length) : [];
    const deleted = isDeleted ? [cookie.name, ...stale] : stale;
    if (deleted.length === 0 && lines.length === 1) return { lines, names: [cookie.name] };
    const written = lines.map((_, at) => chunkName(cookie.name, at));
    return {
      lines: [...lines, ...deleted.map((name) => formatDeletion(name, attributes))],
      names: [...new Set([cookie.name, ...written, ...deleted])],
    };
  }

  /** @throws {SessionError} `ERR_SESSION_TOO_LARGE` with the exact size and the largest keys. */
  #split(session: SessionObject, cookieName: string, sealer: Sealer, seal: (context: object) => string): Part[] {
    const value = seal({});
    if (cookieBytes(cookieName, value) <= MAX_COOKIE_BYTES) return [{ name: cookieName, value }];
    const count = countChunks(cookieName, value.length);
    if (count > this.#chunks)
      throw tooLarge(
        session,
        sealer,
        'its cookie has',
        cookieBytes(cookieName, value),
        this.#chunks * MAX_COOKIE_BYTES,
      );
    return splitValue(cookieName, seal(contextOf(count)), this.#chunks);
  }

  #sealerOf(cookieName: string): Sealer {
    let sealer = this.#sealers.get(cookieName);
    if (sealer === undefined) {
      const { keys, codec } = this.#settings;
      sealer = createSealer({ keys, purpose: `cookie:${cookieName}`, ...codec });
      this.#sealers.set(cookieName, sealer);
    }
    return sealer;
  }
}

/** The number of chunks is sealed in: chunks of another split never join. */
function contextOf(chunks: number): { context?: string } {
  return chunks === 1 ? {} : { context: `chunks:${chunks}` };
}
