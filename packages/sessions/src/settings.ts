/** The options that both kinds of store share: what came from the caller -> all of them, checked, in one place. */

import { createSealer, type KeyInput, type Limits, type SealErrorCode, type TypeRegistry } from '@sealring/codec';
import { type Attributes, type CookieOptions, MAX_COOKIE_AGE, readAttributes } from './attributes.ts';
import { type Backend, checkBackend } from './backend.ts';
import type { GetOptions } from './carrier.ts';
import { emptyContents } from './changes.ts';
import { readClock } from './clock.ts';
import { checkDuration, checkOptions, describe } from './options.ts';
import type { SessionRecord } from './record.ts';
import { createRevocations, createSubjectNames, type Revocations } from './revocations.ts';
import type { Rejection } from './session.ts';
import type { Loaded } from './session-object.ts';

/** What happened to a session, for logs and metrics. Holds no id, token or value. */
export type SessionEvent =
  | { readonly type: 'created' | 'renewed' | 'destroyed' | 'conflict' | 'gone'; readonly name: string }
  | { readonly type: 'rejected'; readonly name: string; readonly reason: Rejection }
  /** Said once, when the store is made: its backend cannot compare and set for every process that uses it, so updates may be lost. */
  | { readonly type: 'weak-cas'; readonly cas: 'process' | 'none' };

/** What a store is made of. All of it is read once and checked. */
export interface StoreOptions {
  /** The first key seals, all open: keys made by `generateKey`. `{ secret, encrypt: false }`: signed and readable. */
  keys: readonly KeyInput[];
  /** Classes that come back as themselves. Default: none. */
  types?: TypeRegistry;
  /** Append-only list of key names that are written as small numbers. Default: none. */
  dictionary?: readonly string[];
  /** Limits of the codec. Default: the codec's, with at most 16,384 bytes in a cookie and 1,048,576 in a backend. */
  limits?: Partial<Limits>;
  /** Attributes of the cookie. Default: `__Host-` prefix, Secure, HttpOnly, SameSite=Lax, Path=/. */
  cookie?: CookieOptions;
  /** Seconds from creation until a session ends, up to 400 days. Default 14 days. Undefined: until the browser closes, at most 14 days. */
  maxAge?: number | undefined;
  /** Seconds without a request after which a session ends, up to 400 days. Default: none. */
  idleTimeout?: number | undefined;
  /**
   * Remembers which logins have ended, so that `revokeAll`, `destroy` and `regenerate` end copies of a cookie too. Costs a round of reads for
   * a request with a session, and in a cookie store a second one when it writes. Default: none.
   */
  revocations?: Backend;
  /** Is told why a presented cookie was refused. Shorthand for `onEvent` with type `rejected`. */
  onReject?: (reason: Rejection) => void;
  onEvent?: (event: SessionEvent) => void;
  /** Seconds since the epoch. Default: the clock. For tests. */
  now?: () => number;
}

export interface Settings {
  readonly keys: readonly KeyInput[];
  readonly codec: {
    types?: TypeRegistry;
    dictionary?: readonly string[];
    limits: Partial<Limits> & { bytes: number };
  };
  readonly attributes: Attributes;
  readonly maxAge: number | undefined;
  readonly idleTimeout: number | undefined;
  readonly revocations: Revocations | undefined;
  /** What a subject is called in a backend: says nothing about it to whoever has not the keys. The newest key's first. */
  readonly namesOf: (subject: string) => readonly string[];
  readonly now: () => number;
  readonly emit: (event: SessionEvent) => void;
}

const STORE_OPTIONS: readonly string[] = [
  'keys',
  'types',
  'dictionary',
  'limits',
  'cookie',
  'maxAge',
  'idleTimeout',
  'revocations',
  'onReject',
  'onEvent',
  'now',
];

const DEFAULT_MAX_AGE = 14 * 86_400;
const COOKIE_BYTES = 16_384;
const RECORD_BYTES = 1_048_576;

/** @throws {TypeError | RangeError} naming the option that is wrong. Keys, types and limits are the codec's to check. */
export function readSettings(where: string, options: StoreOptions, more: readonly string[] = []): Settings {
  checkOptions(where, options, [...STORE_OPTIONS, ...more]);
  const { types, dictionary, limits = {}, onReject, onEvent } = options;
  for (const [name, hook] of Object.entries({ onReject, onEvent })) {
    if (hook !== undefined && typeof hook !== 'function') {
      throw new TypeError(`"${name}" expected a function, got ${describe(hook)}`);
    }
  }
  if (options.revocations !== undefined) checkBackend('revocations', options.revocations);
  const maxAge = 'maxAge' in options ? checkDuration('maxAge', options.maxAge, MAX_COOKIE_AGE) : DEFAULT_MAX_AGE;
  const codec = {
    ...(types && { types }),
    ...(dictionary && { dictionary }),
    limits: { bytes: COOKIE_BYTES, ...limits },
  };
  createSealer({ keys: options.keys, purpose: 'check', ...codec }); // a wrong key throws here, not in the first request
  const namesOf = createSubjectNames(options.keys);
  return Object.freeze({
    keys: options.keys,
    codec,
    attributes: readAttributes(options.cookie, 'cookie'),
    maxAge,
    idleTimeout: checkDuration('idleTimeout', options.idleTimeout, MAX_COOKIE_AGE),
    namesOf,
    revocations: options.revocations && createRevocations(options.revocations, options.keys, namesOf),
    now: readClock(options.now),
    emit(event: SessionEvent) {
      // A hook that fails must not make a request fail, least of all for what a visitor sent.
      try {
        onEvent?.(event);
        if (event.type === 'rejected') onReject?.(event.reason);
      } catch (error) {
        console.error(error);
      }
    },
  });
}

/** The same for what is kept in a backend, where there is more room. */
export function forRecords(settings: Settings, { limits }: StoreOptions): Settings {
  const { codec } = settings;
  return { ...settings, codec: { ...codec, limits: { bytes: RECORD_BYTES, ...limits } } };
}

/** When a session ends: its lifetime and its idle time, whichever is over first. Seconds since the epoch. */
export function endOf(
  createdAt: number,
  maxAge: number | undefined,
  idleTimeout: number | undefined,
  seenAt: number,
): number {
  const end = createdAt + (maxAge ?? DEFAULT_MAX_AGE);
  return idleTimeout === undefined ? end : Math.min(end, seenAt + idleTimeout);
}

/** The lifetime that counts for a record: its own where it has one. */
export function maxAgeOf(record: { maxAge?: number | undefined }, settings: Settings): number | undefined {
  return 'maxAge' in record ? record.maxAge : settings.maxAge;
}

/** The idle timeout that counts for one `get`. */
export function idleOf(options: { idleTimeout?: number | undefined }, settings: Settings): number | undefined {
  return 'idleTimeout' in options ? options.idleTimeout : settings.idleTimeout;
}

/** Whether enough of the idle time has gone by for a renewal to be worth a write: a tenth of it. */
export function isRenewalDue(seenAt: number, idleTimeout: number | undefined, now: number): boolean {
  return idleTimeout !== undefined && now - seenAt > idleTimeout / 10;
}

const REJECTIONS: Readonly<Record<SealErrorCode, Rejection>> = {
  ERR_SEAL_MALFORMED: 'malformed',
  ERR_SEAL_VERSION: 'version',
  ERR_SEAL_KEY_UNKNOWN: 'unknown-key',
  ERR_SEAL_TAMPERED: 'tampered',
  ERR_SEAL_EXPIRED: 'expired',
  ERR_SEAL_FUTURE: 'future',
  ERR_SEAL_PAYLOAD: 'payload',
  ERR_SEAL_TYPE_UNKNOWN: 'unknown-type',
  ERR_SEAL_TOO_LARGE: 'payload',
};

/** The codec's reason in this package's words. */
export function rejectionOf(code: SealErrorCode): Rejection {
  return REJECTIONS[code];
}

/** What a request starts from: the record that was presented, or a new session. */
export function loadedFrom(
  record: SessionRecord | undefined,
  settings: Settings,
  options: GetOptions,
  now: number,
  { seenAt, rejected }: { seenAt: number; rejected: Rejection | undefined },
): Loaded {
  const loadedAt = Math.round(now * 1000) / 1000;
  const createdAt = record?.createdAt ?? loadedAt;
  const maxAge = maxAgeOf(record ?? options, settings);
  const idleTimeout = idleOf(options, settings);
  return {
    contents: record?.contents ?? emptyContents(),
    createdAt,
    expiresAt: endOf(createdAt, maxAge, idleTimeout, seenAt),
    maxAge,
    idleTimeout,
    subject: record?.subject,
    loadedAt,
    since: record?.since,
    isNew: record === undefined,
    rejected,
  };
}
