/** The session of one name <-> the value of its cookie, which seals all of it. */

import { createSealer, type Sealer } from '@sealring/codec';
import { randomBytes } from './ambient.ts';
import { cookieNameOf } from './attributes.ts';
import { ask, type MaybePromise } from './backend.ts';
import type { Carried, Carrier, CookieChanges, GetOptions } from './carrier.ts';
import { type Candidate, chunkName, cookieBytes, countChunks, MAX_COOKIE_BYTES, splitValue } from './chunks.ts';
import { formatDeletion, formatSetCookie, parseCookies, staleChunks } from './cookie.ts';
import { SessionError } from './error.ts';
import { decodeRecord, encodeRecord, type SessionRecord } from './record.ts';
import type { Ticket } from './revocations.ts';
import { SECRET, type ServerCarrier } from './server-carrier.ts';
import type { Rejection } from './session.ts';
import { SessionObject } from './session-object.ts';
import { endOf, idleOf, isRenewalDue, loadedFrom, maxAgeOf, rejectionOf, type Settings } from './settings.ts';
import { explainSize, tooLarge } from './size.ts';
import { encodeBase64url } from './text.ts';

const ID = 12; // names a session in a list of revoked ones; opens nothing

/** What a request brings for one name, and what opens it. */
interface Visit {
  readonly name: string;
  readonly cookieName: string;
  readonly header: string | undefined;
  readonly candidates: readonly Candidate[];
  readonly sealer: Sealer;
  readonly options: GetOptions;
  readonly now: number;
}

/** What a cookie that opened holds, and what its seal says. */
interface Presented {
  readonly record: SessionRecord;
  readonly issuedAt: number;
  readonly isStale: boolean;
}

interface Part {
  readonly name: string;
  readonly value: string;
}

/** The session -> its cookie's value, for a number of chunks. */
type Seal = (chunks: number) => string;

export class CookieCarrier implements Carrier {
  readonly #settings: Settings;
  readonly #chunks: number;
  readonly #overflow: ServerCarrier | undefined;
  readonly #sealers = new Map<string, Sealer>();

  /** @param chunks over how many cookies a session may be split. */
  constructor(settings: Settings, chunks: number, overflow: ServerCarrier | undefined) {
    this.#settings = settings;
    this.#chunks = chunks;
    this.#overflow = overflow;
  }

  load(name: string, header: string | undefined, options: GetOptions): MaybePromise<Carried> {
    const cookieName = cookieNameOf(name, this.#settings.attributes);
    const candidates = parseCookies(header, cookieName);
    const sealer = this.#sealerOf(cookieName);
    const visit: Visit = { name, cookieName, header, candidates, sealer, options, now: this.#settings.now() };
    let rejected: Rejection | undefined;
    for (const candidate of candidates) {
      const presented = this.#open(visit, candidate);
      if (presented === 'spilled') return this.#overflow?.load(name, header, options) ?? this.#refuse(visit, 'gone');
      if (typeof presented === 'object') return this.#unlessRevoked(visit, presented);
      rejected ??= presented;
    }
    return this.#refuse(visit, rejected);
  }

  #refuse(visit: Visit, rejected: Rejection | undefined): Carried {
    if (rejected !== undefined) this.#settings.emit({ type: 'rejected', name: visit.name, reason: rejected });
    return this.#carry(visit, undefined, rejected);
  }

  #unlessRevoked(visit: Visit, presented: Presented): MaybePromise<Carried> {
    const carry = () => this.#carry(visit, presented, undefined);
    const isRevoked = this.#isRevoked(presented.record, visit.now);
    return isRevoked === false ? carry() : isRevoked.then((is) => (is ? this.#refuse(visit, 'revoked') : carry()));
  }

  /** The one thing for which a cookie store does I/O, and only where it was given a backend for it. */
  #isRevoked(record: SessionRecord, now: number): false | Promise<boolean> {
    const { revocations } = this.#settings;
    if (revocations === undefined) return false;
    const ticket = ticketOf(record);
    const questions = () => [revocations.hasEnded(ticket, now), revocations.isRevoked(ticket, now)];
    return ask(async () => (await Promise.all(questions())).includes(true));
  }

  #open({ sealer, options, now }: Visit, { value, chunks, broken }: Candidate): Presented | Rejection | 'spilled' {
    if (broken) return 'malformed';
    const opened = sealer.safeOpen(value, { now, ...contextOf(chunks) });
    if (!opened.ok) return rejectionOf(opened.code);
    const { value: content, issuedAt } = opened;
    if (content instanceof Uint8Array && content.length === SECRET) return 'spilled';
    const record = decodeRecord(content);
    if (record === undefined) return 'payload';
    const end = endOf(record.createdAt, maxAgeOf(record, this.#settings), idleOf(options, this.#settings), issuedAt);
    return now > end ? 'expired' : { record, issuedAt, isStale: opened.stale };
  }

  #carry(visit: Visit, presented: Presented | undefined, rejected: Rejection | undefined): Carried {
    const { name, sealer, options, now } = visit;
    const { record, issuedAt: seenAt = now } = presented ?? {};
    let id = record?.id;
    const loaded = loadedFrom(record, this.#settings, options, now, { seenAt, rejected });
    const session = new SessionObject(
      name,
      loaded,
      (value) => sealer.encode(value),
      (isNew) => {
        if (isNew || id === undefined) id = randomBytes(ID);
        return encodeBase64url(id);
      },
    );
    const seal = (chunks: number) => {
      if (id === undefined) void session.id; // makes one for a session that is written first
      return this.#seal(visit, session, id, chunks);
    };
    return { session, commit: () => this.#commit(visit, session, presented, seal) };
  }

  #seal({ sealer, now }: Visit, session: SessionObject, id: Uint8Array | undefined, chunks: number): string {
    const { maxAge: storeMaxAge, revocations, codec } = this.#settings;
    const { contents, createdAt, subject, options } = session;
    const lifetime = options.maxAge === storeMaxAge ? {} : { maxAge: options.maxAge };
    const since = revocations && session.since;
    const value = encodeRecord({ contents, createdAt, subject, id, since, ...lifetime });
    const seal = () => sealer.seal(value, { now, ...contextOf(chunks) });
    return explainSize(session, sealer, value, codec.limits.bytes, seal);
  }

  #commit(
    visit: Visit,
    session: SessionObject,
    presented: Presented | undefined,
    seal: Seal,
  ): MaybePromise<CookieChanges> {
    const { idleTimeout } = session.loaded;
    const isChanged = session.finish().length > 0 || session.isAltered;
    if (session.isDestroyed) return this.#destroy(visit, presented);
    const isDue =
      presented !== undefined && (presented.isStale || isRenewalDue(presented.issuedAt, idleTimeout, visit.now));
    if (!isChanged && !isDue) return { lines: [], names: [visit.cookieName] };
    const write = () => this.#write(visit, session, isChanged, seal);
    const isRevoked = presented === undefined ? false : this.#isRevoked(presented.record, visit.now);
    if (isRevoked === false || presented === undefined) return write();
    return isRevoked.then(async (is) => {
      if (is) return this.#gone(visit);
      const changes = await write();
      if (session.isRegenerated) await this.#end(presented.record, visit.now);
      return changes;
    });
  }

  #write(visit: Visit, session: SessionObject, isChanged: boolean, seal: Seal): MaybePromise<CookieChanges> {
    const { attributes, emit } = this.#settings;
    const parts = this.#fit(visit, session, seal);
    if (session.loaded.isNew) emit({ type: 'created', name: visit.name });
    else if (!isChanged) emit({ type: 'renewed', name: visit.name });
    if (!Array.isArray(parts)) return this.#spill(visit, session, parts);
    const left = session.secondsLeft(visit.now);
    const lines = parts.map(({ name, value }) => formatSetCookie(name, value, attributes, left));
    return this.#lines(visit, lines, false);
  }

  #destroy(visit: Visit, presented: Presented | undefined): MaybePromise<CookieChanges> {
    const lines = this.#lines(visit, [], visit.candidates.length > 0);
    if (presented === undefined) return lines;
    this.#settings.emit({ type: 'destroyed', name: visit.name });
    const ended = this.#end(presented.record, visit.now);
    return ended === undefined ? lines : ended.then(() => lines);
  }

  /** No cookie with this id opens any more, wherever a copy of it may be. */
  #end(record: SessionRecord, now: number): Promise<void> | undefined {
    const { revocations } = this.#settings;
    const { id } = ticketOf(record);
    if (revocations === undefined || id === undefined) return undefined;
    return ask(() => revocations.end(id, now));
  }

  /** Ended meanwhile: that wins. No cookie is cleared, as it may be a newer login's by now. */
  #gone({ name, cookieName }: Visit): CookieChanges {
    this.#settings.emit({ type: 'gone', name });
    return { lines: [], names: [cookieName] };
  }

  /** @returns the cookies, or where the session has to go instead. @throws {SessionError} `ERR_SESSION_TOO_LARGE` where it can't. */
  #fit(visit: Visit, session: SessionObject, seal: Seal): Part[] | ServerCarrier {
    try {
      return this.#split(visit, session, seal);
    } catch (error) {
      const isTooLarge = error instanceof SessionError && error.code === 'ERR_SESSION_TOO_LARGE';
      if (isTooLarge && this.#overflow !== undefined) return this.#overflow;
      throw error;
    }
  }

  /** @throws {SessionError} `ERR_SESSION_TOO_LARGE` with the exact size and the largest keys. */
  #split({ cookieName, sealer }: Visit, session: SessionObject, seal: Seal): Part[] {
    const value = seal(1);
    const bytes = cookieBytes(cookieName, value);
    if (bytes <= MAX_COOKIE_BYTES) return [{ name: cookieName, value }];
    const count = countChunks(cookieName, value.length);
    if (count <= this.#chunks) return splitValue(cookieName, seal(count), this.#chunks);
    throw tooLarge(session, sealer, 'its cookie has', bytes, this.#chunks * MAX_COOKIE_BYTES);
  }

  /** Into the backend with it. */
  async #spill(visit: Visit, session: SessionObject, overflow: ServerCarrier): Promise<CookieChanges> {
    return this.#lines(visit, [await overflow.adopt(session, visit.now)], false);
  }

  /** The cookies to write, and a deletion for each that came and is no longer needed. */
  #lines({ cookieName, header }: Visit, lines: readonly string[], isDeleted: boolean): CookieChanges {
    const { attributes } = this.#settings;
    // Most requests bring no chunk at all; then the header is not read a second time.
    const hasChunks = header?.includes(`${cookieName}.`) === true;
    const stale = hasChunks ? staleChunks(header, cookieName, lines.length) : [];
    const deleted = isDeleted ? [cookieName, ...stale] : stale;
    if (deleted.length === 0 && lines.length === 1) return { lines, names: [cookieName] };
    const written = lines.map((_, at) => chunkName(cookieName, at));
    return {
      lines: [...lines, ...deleted.map((name) => formatDeletion(name, attributes))],
      names: [...new Set([cookieName, ...written, ...deleted])],
    };
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

/** What revocations know a session in a cookie by. */
function ticketOf({ id, subject, createdAt, since = createdAt }: SessionRecord): Ticket {
  return { id: id && encodeBase64url(id), subject, since };
}
