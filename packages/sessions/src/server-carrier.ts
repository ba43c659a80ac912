/** The session of one name <-> a record in a backend: the cookie seals 32 random bytes, the record is found under a hash of them. */

import { createSealer, type Sealer } from '@sealring/codec';
import { randomBytes } from './ambient.ts';
import { cookieNameOf } from './attributes.ts';
import { ask, type Backend } from './backend.ts';
import type { Carried, Carrier, CookieChanges, GetOptions } from './carrier.ts';
import { formatDeletion, formatSetCookie, parseCookies } from './cookie.ts';
import { type FoundRecord, lookupOf, Records } from './records.ts';
import type { Rejection } from './session.ts';
import { SessionObject } from './session-object.ts';
import { endOf, isRenewalDue, loadedFrom, maxAgeOf, rejectionOf, type Settings } from './settings.ts';

/** Bytes of what the cookie of a record seals. */
export const SECRET = 32;

/** What serves one session name. */
interface Place {
  readonly cookieName: string;
  /** For the cookie's secret. */
  readonly sealer: Sealer;
  readonly records: Records;
}

/** Loads and commits what a backend keeps: for server stores, and for what a cookie store spills. */
export class ServerCarrier implements Carrier {
  readonly #settings: Settings;
  readonly #backend: Backend;
  readonly #places = new Map<string, Place>();

  constructor(settings: Settings, backend: Backend) {
    this.#settings = settings;
    this.#backend = backend;
    if (backend.cas !== 'atomic') settings.emit({ type: 'weak-cas', cas: backend.cas });
  }

  async load(name: string, header: string | undefined, options: GetOptions): Promise<Carried> {
    const place = this.#placeOf(name);
    const candidates = parseCookies(header, place.cookieName);
    const now = this.#settings.now();
    let rejected: Rejection | undefined;
    for (const { value } of candidates) {
      const presented = await this.#open(place, value, now);
      if (typeof presented === 'object') return this.#carry(name, place, presented, true, now, options, undefined);
      rejected ??= presented;
    }
    if (rejected !== undefined) this.#settings.emit({ type: 'rejected', name, reason: rejected });
    return this.#carry(name, place, undefined, candidates.length > 0, now, options, rejected);
  }

  async #open(place: Place, value: string, now: number): Promise<FoundRecord | Rejection> {
    const opened = place.sealer.safeOpen(value, { now });
    if (!opened.ok) return rejectionOf(opened.code);
    const secret = opened.value;
    if (!(secret instanceof Uint8Array) || secret.length !== SECRET) return 'payload';
    const found = await place.records.find(secret, now);
    if (typeof found === 'string') return found;
    const { stored, record } = found;
    const maxAge = maxAgeOf(record, this.#settings);
    if (now > Math.min(stored.expiresAt, endOf(record.createdAt, maxAge, undefined, now))) return 'expired';
    const { revocations } = this.#settings;
    const { subject, createdAt, since = createdAt } = record;
    // Without a subject there is nothing to ask: to end one session, its record is deleted.
    if (revocations !== undefined && subject !== undefined) {
      if (await ask(() => revocations.isRevoked({ id: found.id, subject, since }, now))) return 'revoked';
    }
    return { ...found, isStale: opened.stale || found.isStale };
  }

  #carry(
    name: string,
    place: Place,
    presented: FoundRecord | undefined,
    hadCookie: boolean,
    now: number,
    options: GetOptions,
    rejected: Rejection | undefined,
  ): Carried {
    let secret = presented?.secret;
    const { record, stored } = presented ?? {};
    const facts = { seenAt: now, rejected };
    const loaded = loadedFrom(record, this.#settings, options, now, facts);
    const session = new SessionObject(
      name,
      stored === undefined ? loaded : { ...loaded, expiresAt: stored.expiresAt },
      (value) => place.records.encode(value),
      (isNew) => {
        if (!isNew && presented !== undefined) return presented.id;
        secret = randomBytes(SECRET);
        return lookupOf(secret);
      },
    );
    const commit = async (): Promise<CookieChanges> => {
      const lines = await this.#commit(session, place, presented, hadCookie, now, () => {
        void session.id; // makes one for a session that is written first
        return secret ?? randomBytes(SECRET);
      });
      return { lines, names: [place.cookieName] };
    };
    return { session, commit };
  }

  /** @returns Set-Cookie lines. */
  async #commit(
    session: SessionObject,
    place: Place,
    presented: FoundRecord | undefined,
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
        await place.records.destroy(presented.secret, now);
        emit({ type: 'destroyed', name });
      }
      return hadCookie ? [formatDeletion(place.cookieName, attributes)] : [];
    }
    if (presented === undefined) {
      if (changes.length === 0 && !session.isAltered) return [];
      const secret = secretOf();
      await place.records.create(session, secret, now);
      emit({ type: 'created', name });
      return [this.#setCookie(session, place, secret, now)];
    }
    if (session.isRegenerated) {
      const secret = secretOf();
      const isMoved = await place.records.move(session, presented, secret, changes, now);
      return isMoved ? [this.#setCookie(session, place, secret, now)] : this.#gone(name);
    }
    if (changes.length > 0 || session.isAltered || presented.isStale) {
      const isWritten = await place.records.write(session, presented, changes, now);
      if (!isWritten) return this.#gone(name);
      const isCookieChanged = presented.isStale || session.options.maxAge !== session.loaded.maxAge;
      return isCookieChanged ? [this.#setCookie(session, place, presented.secret, now)] : [];
    }
    if (idleTimeout !== undefined && isRenewalDue(presented.stored.expiresAt - idleTimeout, idleTimeout, now)) {
      await place.records.renew(session, presented.id, now);
      emit({ type: 'renewed', name });
    }
    return [];
  }

  /** Takes over a session that has outgrown its cookie: from now on the cookie holds an id. @returns the Set-Cookie line. */
  async adopt(session: SessionObject, now: number): Promise<string> {
    const place = this.#placeOf(session.name);
    const secret = randomBytes(SECRET);
    await place.records.create(session, secret, now);
    return this.#setCookie(session, place, secret, now);
  }

  /** Deleted meanwhile: delete wins. No cookie is cleared, as it may be a newer login's by now. */
  #gone(name: string): string[] {
    this.#settings.emit({ type: 'gone', name });
    return [];
  }

  #setCookie(session: SessionObject, place: Place, secret: Uint8Array, now: number): string {
    const value = place.sealer.seal(secret, { now });
    return formatSetCookie(place.cookieName, value, this.#settings.attributes, session.secondsLeft(now));
  }

  #placeOf(name: string): Place {
    let place = this.#places.get(name);
    if (place === undefined) {
      const { keys, attributes } = this.#settings;
      const cookieName = cookieNameOf(name, attributes);
      const sealer = createSealer({ keys, purpose: `cookie:${cookieName}` });
      place = { cookieName, sealer, records: new Records(this.#settings, this.#backend, cookieName) };
      this.#places.set(name, place);
    }
    return place;
  }
}
