/** A record behind a secret in a backend: the cookie seals 32 bytes, the record is found under a hash of them and sealed with them. FORMAT.md §9. */

import type { Opened, Sealer } from '@sealring/codec';
import {
  bindingOf,
  formatHead,
  formatRecord,
  ID_BYTES,
  LOOKUP_LABEL,
  parseHead,
  parseRecord,
  type RawRecord,
  SECRET_BYTES,
} from '@sealring/wire';
import { createVersion, randomBytes } from '../ambient.ts';
import type { Backend, MaybePromise, StoredRecord, Version } from '../backends/backend.ts';
import { endOf, type Lifetime } from '../session/lifetime.ts';
import { rejectionOf } from '../session/rejection.ts';
import type { Rejection } from '../session/session.ts';
import { encodeBase64url, fingerprint } from '../text.ts';
import type { Numbers } from './numbers.ts';
import {
  type Draught,
  type Ended,
  type Found,
  type Identity,
  LONGER_THAN_A_REQUEST,
  type Moved,
  type Over,
  type Place,
  type Sealed,
  type Turn,
} from './place.ts';
import { explained, tooLarge } from './size.ts';
import { ask, run, type Step, settled } from './steps.ts';
import { NO_TURN, Turns } from './turns.ts';

const DAY = 86_400;
const LABEL: Uint8Array = /* @__PURE__ */ new TextEncoder().encode(LOOKUP_LABEL);
const TOMBSTONE: Uint8Array = /* @__PURE__ */ new TextEncoder().encode(formatHead({ state: 'ended' }));

/** What a backend place is made of. */
export interface BackendPlaceParts {
  readonly backend: Backend;
  /** For the secret in the cookie. */
  readonly cookieSealer: () => Sealer;
  readonly recordSealer: () => Sealer;
  /** Bytes that a record may have. */
  readonly maxBytes: number;
  /** Of subjects. `undefined`: nobody can revoke. */
  readonly numbers: Numbers | undefined;
  /** Whether the number of a subject is asked for at each load, because the backend cannot list. */
  readonly isJudgedByNumber: boolean;
  readonly namesOf: (subject: string) => readonly string[];
  readonly lifetimeOf: (record: RawRecord) => Lifetime;
  readonly now: () => number;
}

export class BackendPlace implements Place {
  readonly isAlone = false;
  readonly #parts: BackendPlaceParts;
  readonly #turns = new Turns();

  constructor(parts: BackendPlaceParts) {
    this.#parts = parts;
  }

  newIdentity(family: string | undefined): Identity {
    const bytes = randomBytes(family === undefined ? SECRET_BYTES + ID_BYTES : SECRET_BYTES);
    const secret = bytes.subarray(0, SECRET_BYTES);
    return { id: idOf(secret), secret, family: family ?? encodeBase64url(bytes.subarray(SECRET_BYTES)) };
  }

  find(value: string, _chunks: number, tenant: string | undefined): MaybePromise<Found | Moved | Rejection> {
    const opened = this.#parts.cookieSealer().safeOpen(value, bound(this.#parts.now(), tenant));
    if (!opened.ok) return rejectionOf(opened.code);
    const secret = opened.value;
    if (!(secret instanceof Uint8Array) || secret.length !== SECRET_BYTES) return 'payload';
    return this.findSecret(secret, opened);
  }

  /** Finds the record of a secret that a cookie has sealed. */
  findSecret(secret: Uint8Array, cookie: Pick<Opened, 'issuedAt' | 'stale'>): MaybePromise<Found | Moved | Rejection> {
    return run(this.#find(secret, cookie));
  }

  *#find(secret: Uint8Array, { issuedAt, stale }: Pick<Opened, 'issuedAt' | 'stale'>): Step<Found | Moved | Rejection> {
    const id = idOf(secret);
    const stored = yield* ask(() => this.#parts.backend.get(id));
    const found = this.#read(stored, { id, secret, family: '' }, issuedAt, stale);
    if (found === undefined) return 'gone';
    const { isJudgedByNumber, numbers } = this.#parts;
    if (typeof found === 'string' || found.state === 'moved' || !isJudgedByNumber) return found;
    const { subject } = found.record;
    if (subject === undefined || numbers === undefined || (yield* numbers.counts(subject, found.claim))) return found;
    return 'revoked';
  }

  seal({ draft, record, identity, from, now }: Draught): Sealed {
    const { backend, recordSealer, maxBytes } = this.#parts;
    const seenAt = Math.floor(Math.max(now, record.createdAt));
    const head = formatHead({ state: 'live', family: identity.family, from, seenAt });
    const value = formatRecord(record, { id: undefined, family: undefined, stamp: record.stamp });
    const sealer = recordSealer();
    const { secret } = identity;
    try {
      const isOpen = backend.inProcess === true || secret === undefined;
      const payload = isOpen ? sealer.encode(value) : sealer.seal(value, { now: seenAt, secret, context: head });
      if (isOpen && payload.length > maxBytes) throw tooLarge(draft, sealer, 'it has', payload.length, maxBytes);
      const expiresAt = endOf(record.createdAt, seenAt, this.#parts.lifetimeOf(record)) + LONGER_THAN_A_REQUEST;
      return { identity, from, record, content: { data: join(head, payload), expiresAt }, values: undefined };
    } catch (error) {
      throw explained(error, draft, sealer, value, maxBytes);
    }
  }

  cookieValues({ identity }: Sealed, tenant: string | undefined, now: number): readonly string[] {
    return [this.#parts.cookieSealer().seal(identity.secret, bound(now, tenant))];
  }

  *put({ identity, record, content }: Sealed, over: Over | null, version: Version): Step<boolean> {
    if (content === undefined) throw new TypeError('A record of a backend expected bytes, got none');
    const { backend } = this.#parts;
    const { data, expiresAt } = content;
    const [subject] = record.subject === undefined ? [] : this.#parts.namesOf(record.subject);
    const old = over?.stored ?? null;
    const options =
      subject === undefined ? { version, expiresAt, over: old } : { version, expiresAt, over: old, subject };
    return yield* ask(() => backend.set(identity.id, data, options));
  }

  *reread({ id, secret, family, issuedAt, isStale }: Found): Step<Found | Moved | undefined> {
    const stored = yield* ask(() => this.#parts.backend.get(id));
    const found = this.#read(stored, { id, secret, family }, issuedAt, isStale);
    return typeof found === 'string' ? undefined : found;
  }

  *standing({ id }: Identity): Step<StoredRecord | undefined> {
    const stored = yield* ask(() => this.#parts.backend.get(id));
    return stored && parseHead(stored.data)?.head.state === 'live' ? stored : undefined;
  }

  *confirm({ record, identity }: Sealed): Step<boolean> {
    const { subject, stamp = 0 } = record;
    const { numbers } = this.#parts;
    if (subject === undefined || numbers === undefined) return true;
    return yield* numbers.counts(subject, { stamp, family: identity.family });
  }

  *point(old: Pick<Found, 'id' | 'stored'>, { identity, record }: Sealed): Step<boolean> {
    const [subject] = record.subject === undefined ? [] : this.#parts.namesOf(record.subject);
    const since = Math.floor(this.#parts.now());
    const head = formatHead({ state: 'moved', family: identity.family, to: identity.id, since, subject });
    const { backend, now } = this.#parts;
    return yield* close(backend, now, old.id, old.stored, join(head, ''), subject);
  }

  *remove({ id }: Identity): Step<void> {
    yield* ask(() => this.#parts.backend.delete(id));
  }

  *end(id: string, known?: Pick<Found, 'stored'>): Step<Ended | undefined> {
    return yield* endRecord(this.#parts.backend, this.#parts.now, id, known?.stored);
  }

  turn(id: string): Step<Turn> {
    return this.#parts.backend.inProcess === true ? settled(NO_TURN) : this.#turns.take(id); // in a process nobody has to wait
  }

  #read(
    stored: StoredRecord | undefined,
    { id, secret }: Identity,
    issuedAt: number,
    isStale: boolean,
  ): Found | Moved | Rejection | undefined {
    const parsed = stored && parseHead(stored.data);
    if (stored === undefined || parsed?.head.state === 'ended') return undefined;
    if (parsed === undefined) return 'payload';
    const { head, length } = parsed;
    if (head.state === 'moved') {
      const { to, since, family, subject } = head;
      const isOf = (other: string) => subject !== undefined && this.#parts.namesOf(other).includes(subject);
      return { state: 'moved', place: this, id, secret, family, to, since, isOf, claim: { family, stamp: undefined } };
    }
    if (head.state !== 'live') return undefined;
    const opened = this.#open(stored.data, length, secret);
    if (typeof opened === 'string') return opened;
    const { record } = opened;
    const { family, seenAt } = head;
    const claim = { family, stamp: this.#parts.isJudgedByNumber ? (record.stamp ?? 0) : undefined };
    const isOld = isStale || opened.isStale;
    return { state: 'live', place: this, id, secret, family, record, seenAt, stored, issuedAt, isStale: isOld, claim };
  }

  #open(
    data: Uint8Array,
    from: number,
    secret: Uint8Array | undefined,
  ): { record: RawRecord; isStale: boolean } | Rejection {
    const { backend, recordSealer, now } = this.#parts;
    const sealer = recordSealer();
    let value: unknown;
    let isStale = false;
    if (backend.inProcess === true) value = sealer.decode(data.subarray(from));
    else if (secret !== undefined) {
      const text = new TextDecoder().decode(data);
      const opened = sealer.safeOpen(text.slice(from), { now: now(), secret, context: text.slice(0, from) });
      if (!opened.ok) return rejectionOf(opened.code);
      value = opened.value;
      isStale = opened.stale;
    }
    const record = parseRecord(value);
    return record === undefined ? 'payload' : { record, isStale };
  }
}

/**
 * Ends a record, or what it has moved to: the compare-and-set end of PROTOCOL, "End(id)".
 *
 * @param known the record as it was read before.
 * @returns the id that the ended record had moved from; `undefined` if there was no record.
 */
export function* endRecord(
  backend: Backend,
  now: () => number,
  id: string,
  known?: StoredRecord,
): Step<Ended | undefined> {
  let at = id;
  for (let stored = known; ; stored = undefined) {
    const found: StoredRecord | undefined = stored ?? (yield* ask(() => backend.get(at)));
    const head = found && parseHead(found.data)?.head;
    if (found === undefined || head === undefined) return undefined;
    if (head.state === 'ended') return { from: undefined };
    if (head.state === 'moved') at = head.to;
    else if (yield* close(backend, now, at, found, TOMBSTONE, undefined)) return { from: head.from };
  }
}

/** Puts a pointer or a tombstone in the place of a live record. Nothing leaves these states. */
function* close(
  backend: Backend,
  now: () => number,
  id: string,
  stored: StoredRecord | undefined,
  data: Uint8Array,
  subject: string | undefined,
): Step<boolean> {
  const expiresAt = Math.min(stored?.expiresAt ?? Infinity, now() + DAY);
  const options = { version: createVersion(), expiresAt, over: stored ?? null, ...(subject && { subject }) };
  return yield* ask(() => backend.set(id, data, options));
}

/** Under what a backend keeps the record of a secret: 43 characters that say nothing about it. */
function idOf(secret: Uint8Array): string {
  const labelled = new Uint8Array(LABEL.length + secret.length);
  labelled.set(LABEL);
  labelled.set(secret, LABEL.length);
  return fingerprint(labelled);
}

/** What the cookie is bound to. */
export function bound(now: number, tenant: string | undefined, chunks = 1): { now: number; context?: string } {
  const context = bindingOf(chunks, tenant);
  return context === undefined ? { now } : { now, context };
}

function join(head: string, payload: string | Uint8Array): Uint8Array {
  if (typeof payload === 'string') return new TextEncoder().encode(head + payload);
  const data = new Uint8Array(head.length + payload.length);
  for (let at = 0; at < head.length; at++) data[at] = head.charCodeAt(at); // ASCII
  data.set(payload, head.length);
  return data;
}
