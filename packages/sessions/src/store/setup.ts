/** The options that both kinds of store share: what the caller passed -> all of them, checked once. */

import { createSealer, type KeyInput, type Limits, type TypeRegistry } from '@sealring/codec';
import { CHECK_PURPOSE, DEFAULT_MAX_AGE } from '@sealring/wire';
import { type Backend, checkBackend } from '../backends/backend.ts';
import { readClock } from '../backends/kit/clock.ts';
import { type CookieOptions, readAttributes } from '../cookie/attributes.ts';
import { type CodecOptions, type KeyOptions, readKeys } from '../keys.ts';
import { checkDuration } from '../options.ts';
import { type Lifetime, MAX_COOKIE_AGE } from '../session/lifetime.ts';
import { createEmit, type Emit, type EventHooks } from './events.ts';

/** What a store is made of. All of it is read once and checked. */
export interface StoreOptions extends EventHooks {
  /**
   * Keys made by `generateKey`. The first seals, all open. `{ secret, encrypt: false }`: signed and readable. A missing key (`undefined`) throws at first
   * use, so that a build without secrets works; a function is called at first use.
   */
  keys: KeyOptions;
  /** Classes that come back as themselves. Default: none. */
  types?: TypeRegistry;
  /** Append-only list of key names that are written as small numbers. Default: none. */
  dictionary?: readonly string[];
  /** Limits of the codec. Default: the codec's, but at most 16,384 bytes in cookies, and 1,048,576 bytes and 131,072 items in a backend. */
  limits?: Partial<Limits>;
  /** Attributes of the cookie. Default: `__Host-` prefix, Secure, HttpOnly, SameSite=Lax, Path=/. */
  cookie?: CookieOptions;
  /** Seconds from creation until a session ends, up to 400 days. Default 30 days. `undefined`: until the browser closes, at most 30 days. */
  maxAge?: number | undefined;
  /** Seconds without a request after which a session ends, up to 400 days. Default: none. */
  idleTimeout?: number | undefined;
  /** Seconds since the epoch. Default: the clock. For tests. */
  now?: () => number;
}

/** `StoreOptions`, checked and complete. */
export interface Setup {
  readonly keys: () => readonly KeyInput[];
  /** For what a cookie holds, and for what a backend holds. */
  readonly codec: { readonly cookie: CodecOptions; readonly record: CodecOptions };
  readonly cookie: CookieOptions;
  readonly lifetime: Lifetime;
  readonly now: () => number;
  readonly emit: Emit;
}

/** The names of `StoreOptions`. */
export const STORE_OPTIONS: readonly (keyof StoreOptions)[] = [
  'keys',
  'types',
  'dictionary',
  'limits',
  'cookie',
  'maxAge',
  'idleTimeout',
  'onReject',
  'onEvent',
  'now',
];

const COOKIE_BYTES = 16_384;
const RECORD_BYTES = 1_048_576;
const RECORD_ITEMS = 131_072;
/** When a token was sealed decides nothing here: a record of our own from a server whose clock is ahead is still our own. */
const ANY_SKEW = 0xffff_ffff;

/** @param options as `checkOptions` returns them. @throws {TypeError | RangeError} naming the option that is wrong. */
export function readStoreOptions(options: StoreOptions): Setup {
  const { types, dictionary, limits, cookie = {} } = options;
  const shared = { ...(types !== undefined && { types }), ...(dictionary !== undefined && { dictionary }) };
  const codec = {
    cookie: { ...shared, limits: { clockSkew: ANY_SKEW, bytes: COOKIE_BYTES, ...limits } },
    record: { ...shared, limits: { clockSkew: ANY_SKEW, bytes: RECORD_BYTES, items: RECORD_ITEMS, ...limits } },
  };
  readAttributes(cookie, 'cookie');
  // The keys may come later, the rest is checked now: with any key, but no random one, which Workers do not give before the first request.
  const key = Uint8Array.from({ length: 32 }, (_, at) => at);
  createSealer({ keys: [key], purpose: CHECK_PURPOSE, reserved: true, ...codec.cookie });
  return Object.freeze({
    keys: readKeys(options.keys),
    codec,
    cookie: Object.freeze({ ...cookie }),
    lifetime: readLifetime(options, { maxAge: DEFAULT_MAX_AGE, idleTimeout: undefined }),
    now: readClock(options.now),
    emit: createEmit(options),
  });
}

/** @throws {RangeError} when a duration is not a number of seconds over 0, up to 400 days. */
export function readLifetime(
  options: { maxAge?: number | undefined; idleTimeout?: number | undefined },
  otherwise: Lifetime,
): Lifetime {
  // An option that is there counts, also as `undefined`.
  const { maxAge } = Object.hasOwn(options, 'maxAge') ? options : otherwise;
  const { idleTimeout } = Object.hasOwn(options, 'idleTimeout') ? options : otherwise;
  return Object.freeze({
    maxAge: checkDuration('maxAge', maxAge, MAX_COOKIE_AGE),
    idleTimeout: checkDuration('idleTimeout', idleTimeout, MAX_COOKIE_AGE),
  });
}

/** Tells of a backend that cannot keep the promises. @throws {TypeError} when it is not a backend. */
export function acceptBackend(name: string, backend: Backend, { emit }: Setup): Backend {
  checkBackend(name, backend);
  if (backend.cas !== 'atomic') emit({ type: 'weak-cas', cas: backend.cas });
  return backend;
}
