/** Value <-> token: the whole path, each way on one screen. FORMAT.md §3. */

import { secondsNow } from './ambient.ts';
import { checkSize, decode, encode } from './cbor.ts';
import { decrypt, encrypt, sign, verify } from './cipher.ts';
import { wipe } from './engine.ts';
import { Refusal, type SealErrorCode, toError } from './error.ts';
import { createKeyRing, findKey, type KeyInput, type KeyRing, withSecret } from './keys.ts';
import { type Limits, readLimits } from './limits.ts';
import { checkOptions, checkSeconds, checkText, describe, own } from './options.ts';
import { createProfile, type Profile } from './profile.ts';
import { Registry, type TypeRegistry, typeRegistry } from './registry.ts';
import { formatToken, longestToken, readToken, startToken } from './token.ts';

/** What a sealer is made of. All of it is read once, checked and copied. */
export interface SealerOptions {
  /** The first key seals, all open; at least one. Give new keys to every server as second entry before moving them to the front. */
  keys: readonly KeyInput[];
  /** What the tokens are for, e.g. `magic-link`. A token opens only under the purpose it was sealed for. */
  purpose: string;
  /** Classes that come back as themselves. Default: none. */
  types?: TypeRegistry;
  /** Append-only list of field names that are written as small numbers. Default: none. */
  dictionary?: readonly string[];
  /** Default: see `Limits`. */
  limits?: Partial<Limits>;
}

/** Options of one `seal`. */
export interface SealOptions {
  /** Seconds since the epoch, rounded down to whole ones. Default: the clock. */
  now?: number;
  /** 24 bytes, for tests and vectors only: one nonce must never serve two values. Default: random. Signed tokens have none. */
  nonce?: Uint8Array;
  /** What the token is bound to beyond its purpose, e.g. a user's id. Not part of the token. Default: nothing. */
  context?: string | Uint8Array;
  /** 16 bytes or more, mixed into the key: whoever has the sealer's keys but not these bytes opens nothing. Default: none. */
  secret?: Uint8Array;
}

/** Options of one `open` or `safeOpen`: how old the token may be, and what it is bound to. */
export interface OpenOptions {
  /** Seconds since the epoch. Default: the clock. */
  now?: number;
  /** Seconds for which a token is good. Default: for ever. */
  maxAge?: number;
  /** The context that it was sealed with. Default: nothing. */
  context?: string | Uint8Array;
  /** The secret that it was sealed with. Default: none. */
  secret?: Uint8Array;
}

/** Options of one `authenticate`: what the token is bound to. */
export interface AuthenticateOptions {
  /** The context that it was sealed with. Default: nothing. */
  context?: string | Uint8Array;
  /** The secret that it was sealed with. Default: none. */
  secret?: Uint8Array;
}

/** The bytes that a token's tag or mac vouches for, whatever its age and whatever they hold. */
export interface Authentic {
  /** CBOR, in a buffer of its own. */
  payload: Uint8Array;
  /** Seconds since the epoch. */
  issuedAt: number;
  /** Which key: 6 hexadecimal digits, not secret. */
  keyId: string;
  /** Whether it was not the first key. */
  stale: boolean;
}

/** A value that was sealed, and what its token says of itself. */
export interface Opened {
  value: unknown;
  /** Seconds since the epoch. */
  issuedAt: number;
  /** Which key: 6 hexadecimal digits, not secret. */
  keyId: string;
  /** Whether it was not the first key: seal again. */
  stale: boolean;
}

/** Why `safeOpen` did not open a token. */
export interface Refused {
  ok: false;
  code: SealErrorCode;
  message: string;
  /** The byte of the payload at which reading stopped, if known. */
  offset: number | undefined;
}

/** Seals values for one purpose and opens them again. It can be shared: no call leaves anything behind. */
export interface Sealer {
  /**
   * @returns `ceil((48 + n) * 4 / 3)` characters for n bytes of CBOR; signed `ceil((24 + n) * 4 / 3)`.
   * @throws {SealError} `ERR_SEAL_TYPE_UNKNOWN`: something in `value` would not come back as it was, with its path;
   *   `ERR_SEAL_TOO_LARGE`: `value` goes beyond a limit.
   * @throws {TypeError | RangeError} on a wrong option.
   */
  seal(value: unknown, options?: SealOptions): string;
  /**
   * @throws {SealError} with any code but `ERR_SEAL_TOO_LARGE`.
   * @throws {TypeError | RangeError} on a wrong option.
   */
  open(token: string, options?: OpenOptions): Opened;
  /** The same with a result instead of a SealError. */
  safeOpen(token: string, options?: OpenOptions): ({ ok: true } & Opened) | Refused;
  /**
   * The payload alone: equal bytes mean equal values, and their number decides how long a token gets.
   *
   * @returns CBOR, in a buffer of its own.
   * @throws {SealError} as `seal` does, except for the limit on bytes.
   */
  encode(value: unknown): Uint8Array;
  /**
   * The inverse of `encode`. Says nothing of where the bytes come from: they may be anyone's.
   *
   * @throws {SealError} `ERR_SEAL_PAYLOAD` or `ERR_SEAL_TYPE_UNKNOWN`, with the offset where known.
   * @throws {TypeError} when `payload` is no Uint8Array.
   */
  decode(payload: Uint8Array): unknown;
  /**
   * The first half of `open`, for tools that explain a token: who made it is checked, its age and its value are not. What expired
   * long ago passes, so this is no way to let a visitor in.
   *
   * @throws {SealError} `ERR_SEAL_MALFORMED`, `ERR_SEAL_VERSION`, `ERR_SEAL_KEY_UNKNOWN`, `ERR_SEAL_TAMPERED`.
   * @throws {TypeError} on a wrong option.
   */
  authenticate(token: string, options?: AuthenticateOptions): Authentic;
}

interface Setup {
  readonly ring: KeyRing;
  readonly profile: Profile;
  readonly longest: number;
}

const NOTHING: Uint8Array = /* @__PURE__ */ new Uint8Array(0);
const LAST_SECOND = 0xffff_ffff;
const LEAST_SECRET = 16;

/**
 * Makes a sealer for one purpose.
 *
 * @throws {TypeError} on an unknown option, no keys, a malformed or repeated key, no purpose, a wrong dictionary.
 * @throws {RangeError} on a key of under 32 bytes or not random, or a limit out of bounds.
 *
 * @example
 * import { createSealer, generateKey } from '@sealring/codec';
 * const sealer = createSealer({ keys: [generateKey()], purpose: 'magic-link' });
 * const token = sealer.seal({ team: 7 });
 * const { value } = sealer.open(token, { maxAge: 900 });
 * console.log(value); // { team: 7 }
 */
export function createSealer(options: SealerOptions): Sealer {
  checkOptions('createSealer()', options, ['keys', 'purpose', 'types', 'dictionary', 'limits']);
  const limits = readLimits(own(options, 'limits'));
  const given = own(options, 'types');
  const types = given === undefined ? typeRegistry() : given;
  if (!(types instanceof Registry)) throw new TypeError(`"types" expected a typeRegistry(), got ${describe(types)}`);
  const setup: Setup = {
    ring: createKeyRing(own(options, 'keys'), checkText('purpose', own(options, 'purpose'))),
    profile: createProfile(limits, types.freeze(), own(options, 'dictionary')),
    longest: longestToken(limits.bytes),
  };
  return Object.freeze({
    seal(value: unknown, options: SealOptions = {}) {
      try {
        return seal(setup, value, options);
      } catch (thrown) {
        throw toError(thrown);
      }
    },
    open(token: string, options: OpenOptions = {}) {
      try {
        return open(setup, token, options);
      } catch (thrown) {
        throw toError(thrown);
      }
    },
    safeOpen(token: string, options: OpenOptions = {}) {
      try {
        return { ok: true as const, ...open(setup, token, options) };
      } catch (thrown) {
        if (!(thrown instanceof Refusal)) throw thrown;
        return { ok: false as const, code: thrown.code, message: thrown.message, offset: thrown.detail.offset };
      }
    },
    encode(value: unknown) {
      try {
        const payload = encode(value, setup.profile);
        const copy = payload.slice();
        wipe(payload);
        return copy;
      } catch (thrown) {
        throw toError(thrown);
      }
    },
    decode(payload: Uint8Array) {
      if (!(payload instanceof Uint8Array)) throw new TypeError(`"payload" expected bytes, got ${describe(payload)}`);
      try {
        return decode(new Uint8Array(payload), setup.profile); // a copy, which the engine leaves a mark on, and no other thread shares
      } catch (thrown) {
        throw toError(thrown);
      }
    },
    authenticate(token: string, options: AuthenticateOptions = {}) {
      checkOptions('authenticate()', options, ['context', 'secret']);
      try {
        const view = authenticate(setup, token, readContext(options), readSecretOption(options));
        const payload = view.payload.slice();
        view.payload.fill(0);
        return { ...view, payload };
      } catch (thrown) {
        throw toError(thrown);
      }
    },
  });
}

function seal({ ring, profile }: Setup, value: unknown, options: SealOptions): string {
  checkOptions('seal()', options, ['now', 'nonce', 'context', 'secret']);
  const now = checkSeconds('now', own(options, 'now') ?? secondsNow(), LAST_SECOND);
  const context = readContext(options);
  const nonce = readNonce(own(options, 'nonce'));
  const current = withSecret(ring.current, readSecretOption(options));
  const payload = encode(value, profile); // value -> CBOR bytes, in the engine's buffer
  try {
    checkSize(payload, profile);
    const header = startToken(current.mode, current.keyId, Math.floor(now)); // fields -> header
    const bytes =
      current.mode === 'sealed'
        ? encrypt(current, header, payload, context, nonce) // CBOR -> nonce, ciphertext, tag
        : sign(current, header, payload, context); // CBOR -> CBOR, mac
    return formatToken(bytes); // bytes -> text
  } finally {
    wipe(payload);
  }
}

function open(setup: Setup, text: string, options: OpenOptions): Opened {
  checkOptions('open()', options, ['now', 'maxAge', 'context', 'secret']);
  const now = checkSeconds('now', own(options, 'now') ?? secondsNow(), Number.MAX_VALUE);
  const maxAge = own(options, 'maxAge');
  if (maxAge !== undefined) checkSeconds('maxAge', maxAge, Number.MAX_VALUE);
  const context = readContext(options);
  const secret = readSecretOption(options);
  const { payload, issuedAt, keyId, stale } = authenticate(setup, text, context, secret); // text -> CBOR bytes
  try {
    checkAge(issuedAt, maxAge, now, setup.profile.limits.clockSkew);
    const value = decode(payload, setup.profile); // CBOR bytes -> value
    return { value, issuedAt, keyId, stale };
  } finally {
    payload.fill(0);
  }
}

/** Its payload is a view into a buffer that is used again: it has to be wiped, and before that copied if it is kept. */
function authenticate(
  { ring, longest }: Setup,
  text: string,
  context: Uint8Array,
  secret: Uint8Array | undefined,
): Authentic {
  const token = readToken(text, longest); // text -> fields
  const keys = findKey(ring, token.keyId); // 3 bytes -> key, and its rare twin
  if (keys.length === 0) {
    throw new Refusal('ERR_SEAL_KEY_UNKNOWN', `Cannot open token: no ${token.mode} key with its id`);
  }
  const bound = secret === undefined ? keys : keys.map((key) => withSecret(key, secret));
  const { key, payload } = token.mode === 'sealed' ? decrypt(bound, token, context) : verify(bound, token, context);
  const stale = key.keyId !== ring.current.keyId; // of its own for each entry of the ring
  return { payload, issuedAt: token.issuedAt, keyId: key.id, stale }; // fields -> CBOR bytes
}

function checkAge(issuedAt: number, maxAge: number | undefined, now: number, clockSkew: number): void {
  if (maxAge !== undefined && now > issuedAt + maxAge) {
    const late = Math.ceil(now - issuedAt - maxAge);
    throw new Refusal('ERR_SEAL_EXPIRED', `Cannot open token: expired ${late} seconds ago`);
  }
  if (issuedAt > now + clockSkew) {
    const early = Math.ceil(issuedAt - now);
    throw new Refusal(
      'ERR_SEAL_FUTURE',
      `Cannot open token: its time is ${early} seconds in the future, ${clockSkew} are allowed`,
    );
  }
}

function readContext(options: AuthenticateOptions): Uint8Array {
  const context = own(options, 'context');
  if (context === undefined) return NOTHING;
  if (context instanceof Uint8Array) return context;
  if (typeof context === 'string' && context.isWellFormed()) return new TextEncoder().encode(context);
  throw new TypeError(`"context" expected a text without lone surrogates, or bytes, got ${describe(context)}`);
}

function readSecretOption(options: AuthenticateOptions): Uint8Array | undefined {
  const secret = own(options, 'secret');
  if (secret === undefined || (secret instanceof Uint8Array && secret.length >= LEAST_SECRET)) return secret;
  throw new TypeError(`"secret" expected ${LEAST_SECRET} bytes or more, got ${describe(secret)}`);
}

function readNonce(nonce: unknown): Uint8Array | undefined {
  if (nonce === undefined || (nonce instanceof Uint8Array && nonce.length === 24)) return nonce;
  throw new TypeError(`"nonce" expected 24 bytes, got ${describe(nonce)}`);
}
