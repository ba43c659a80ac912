/** Value <-> token: the public functions, and the whole path, each way on one screen. FORMAT.md §3. */

import { fillNonce, secondsNow } from '../ambient.ts';
import { type Bytes, readBytes, utf8 } from '../bytes.ts';
import { checkSize, decode, encode } from '../cbor/cbor.ts';
import { Registry, type TypeRegistry, typeRegistry } from '../cbor/kinds/registry.ts';
import { createProfile, type Profile } from '../cbor/profile.ts';
import { authenticate, protect } from '../crypto/cipher.ts';
import { createKeyRing, findKeys, type Key, type KeyInput, type KeyRing, withSecret } from '../crypto/keys.ts';
import { Refusal, type SealErrorCode, toError } from '../error.ts';
import { type Limits, readLimits } from '../limits.ts';
import { checkOptions, checkSeconds, checkText, describe, own } from '../options.ts';
import { BLOCK, type Room } from '../room.ts';
import {
  type Frame,
  formatFrame,
  issuedAtOf,
  leadAndKeyId,
  maxTokenLength,
  RANDOM,
  readToken,
  startFrame,
  TAG,
} from '../token/token.ts';

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
  /**
   * For tests and development: `seal` opens every token that it makes, and looks for properties of arrays and bytes that are too slow to look for
   * otherwise. What would not open, such as a `decode` that throws, then throws where it is sealed. Default false.
   */
  verify?: boolean;
  /** Allows a purpose that begins with `sealring:`. For sealring itself, and for tools that open its cookies. Default false. */
  reserved?: boolean;
}

/** Options of one `seal`. */
export interface SealOptions {
  /** Seconds since the epoch, rounded down to whole ones. Default: the clock. */
  now?: number;
  /** 16 bytes, for tests and vectors only: used twice within a second, they give two values away. Default: random. Signed tokens have none. */
  random?: Uint8Array;
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
  payload: Bytes;
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
   * @returns `ceil((40 + n) * 4 / 3)` characters for n bytes of CBOR; signed `ceil((24 + n) * 4 / 3)`.
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
  encode(value: unknown): Bytes;
  /**
   * The inverse of `encode`. Says nothing of where the bytes come from: they may be anyone's.
   *
   * @throws {SealError} `ERR_SEAL_PAYLOAD` or `ERR_SEAL_TYPE_UNKNOWN`, with the offset where known.
   * @throws {TypeError} if `payload` is no Uint8Array.
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
  readonly maxLength: number;
}

const NO_OPTIONS = {};
const NOTHING: Bytes = /* @__PURE__ */ new Uint8Array(0);
const LAST_SECOND = 0xffff_ffff;
const MIN_SECRET = 16;
const RESERVED = 'sealring:';
const OPTIONS: readonly string[] = ['keys', 'purpose', 'types', 'dictionary', 'limits', 'verify', 'reserved'];

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
  const setup = readOptions(options);
  return Object.freeze({
    seal(value: unknown, options: SealOptions = NO_OPTIONS) {
      try {
        return seal(setup, value, options);
      } catch (thrown) {
        throw toError(thrown);
      }
    },
    open(token: string, options: OpenOptions = NO_OPTIONS) {
      try {
        return open(setup, token, options);
      } catch (thrown) {
        throw toError(thrown);
      }
    },
    safeOpen(token: string, options: OpenOptions = NO_OPTIONS) {
      try {
        return { ok: true as const, ...open(setup, token, options) };
      } catch (thrown) {
        if (!(thrown instanceof Refusal)) throw thrown;
        return { ok: false as const, code: thrown.code, message: thrown.message, offset: thrown.detail.offset };
      }
    },
    encode: (value: unknown) => guarded(() => takeOut(encode(value, setup.profile))),
    decode(payload: Uint8Array) {
      const bytes = readBytes(payload);
      if (bytes === undefined) throw new TypeError(`"payload" expected bytes, got ${describe(payload)}`);
      return guarded(() => decode(bytes.slice(), bytes.length, setup.profile)); // a copy that no other thread shares
    },
    authenticate(token: string, options: AuthenticateOptions = {}) {
      checkOptions('authenticate()', options, ['context', 'secret']);
      const [context, secret] = [readContext(options), readSecretOption(options)];
      return guarded(() => {
        const { frame, key, payload, stale } = unwrap(setup, token, context, secret);
        const bytes = takeOut({ room: payload, length: frame.length });
        return { payload: bytes, issuedAt: issuedAtOf(frame), keyId: key.id, stale };
      });
    },
  });
}

function readOptions(options: SealerOptions): Setup {
  checkOptions('createSealer()', options, OPTIONS);
  const limits = readLimits(own(options, 'limits'));
  const types = own(options, 'types') ?? typeRegistry();
  if (!(types instanceof Registry)) throw new TypeError(`"types" expected a typeRegistry(), got ${describe(types)}`);
  const purpose = checkText('purpose', own(options, 'purpose'));
  if (purpose.startsWith(RESERVED) && own(options, 'reserved') !== true) {
    throw new TypeError(`"purpose" must not begin with "${RESERVED}": that is for sessions`);
  }
  return {
    ring: createKeyRing(own(options, 'keys'), purpose),
    profile: createProfile(limits, types.freeze(), own(options, 'dictionary'), own(options, 'verify') === true),
    maxLength: maxTokenLength(limits.bytes),
  };
}

function seal({ ring, profile }: Setup, value: unknown, options: SealOptions): string {
  checkOptions('seal()', options, ['now', 'random', 'context', 'secret']);
  const now = checkSeconds('now', own(options, 'now') ?? secondsNow(), LAST_SECOND);
  const context = readContext(options);
  const random = readRandom(own(options, 'random'));
  const key = withSecret(ring.current, readSecretOption(options));
  const { room, length } = encode(value, profile); // value -> CBOR bytes
  try {
    checkSize(length, profile);
    if (profile.verify) verify(room, length, profile);
    const frame: Frame = { mode: key.mode, room, length };
    startFrame(frame, key.keyId, Math.floor(now)); // header
    if (key.mode === 'sealed') {
      if (random === undefined) fillNonce(room.bytes, BLOCK - RANDOM);
      else room.bytes.set(random, BLOCK - RANDOM);
    }
    protect(key, frame, context); // CBOR -> ciphertext and tag, or mac
    return formatFrame(frame); // bytes -> text
  } finally {
    wipe(room, length);
  }
}

function open(setup: Setup, text: string, options: OpenOptions): Opened {
  checkOptions('open()', options, ['now', 'maxAge', 'context', 'secret']);
  const now = checkSeconds('now', own(options, 'now') ?? secondsNow(), Number.MAX_VALUE);
  const maxAge = own(options, 'maxAge');
  if (maxAge !== undefined) checkSeconds('maxAge', maxAge, Number.MAX_VALUE);
  const { frame, key, payload, stale } = unwrap(setup, text, readContext(options), readSecretOption(options));
  try {
    const issuedAt = issuedAtOf(frame);
    checkAge(issuedAt, maxAge, now, setup.profile.limits.clockSkew);
    const value = decode(payload.payload, frame.length, setup.profile); // CBOR bytes -> value
    return { value, issuedAt, keyId: key.id, stale };
  } finally {
    wipe(payload, frame.length);
  }
}

/** Text -> authentic bytes, which have to be wiped. */
function unwrap(
  { ring, maxLength }: Setup,
  text: string,
  context: Uint8Array,
  secret: Uint8Array | undefined,
): { frame: Frame; key: Key; payload: Room; stale: boolean } {
  const frame = readToken(text, maxLength); // text -> bytes
  const keys = findKeys(ring, leadAndKeyId(frame)); // 4 bytes -> key, and its rare twin
  if (keys.length === 0) {
    throw new Refusal('ERR_SEAL_KEY_UNKNOWN', `Cannot open token: no ${frame.mode} key with its id`);
  }
  const bound = secret === undefined ? keys : keys.map((key) => withSecret(key, secret));
  const { key, payload } = authenticate(bound, frame, context); // ciphertext and tag, or mac -> CBOR
  return { frame, key, payload, stale: key.keyId !== ring.current.keyId }; // the array of each entry of the ring is its own
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

/** Reads what is about to be sealed. @throws {Refusal} `ERR_SEAL_TYPE_UNKNOWN` if it would not open. */
function verify(room: Room, length: number, profile: Profile): void {
  const copy = room.payload.slice(0, length); // a decode may seal something itself
  try {
    decode(copy, length, profile);
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    const { message, detail } = thrown;
    throw new Refusal('ERR_SEAL_TYPE_UNKNOWN', `$: a value that would not open again. ${message}`, detail);
  } finally {
    copy.fill(0);
  }
}

/** A copy in a buffer of its own. */
function takeOut({ room, length }: { room: Room; length: number }): Bytes {
  const bytes = room.payload.slice(0, length);
  wipe(room, length);
  return bytes;
}

function wipe(room: Room, length: number): void {
  room.payload.fill(0, 0, length + TAG);
}

/** The error that users see for a refusal from inside. */
function guarded<T>(run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    throw toError(thrown);
  }
}

function readContext(options: AuthenticateOptions): Uint8Array {
  const context = own(options, 'context');
  if (context === undefined) return NOTHING;
  const isString = typeof context === 'string' && context.isWellFormed();
  const bytes = isString ? utf8(context) : readBytes(context);
  if (bytes !== undefined) return bytes;
  throw new TypeError(`"context" expected a string without lone surrogates, or bytes, got ${describe(context)}`);
}

function readSecretOption(options: AuthenticateOptions): Uint8Array | undefined {
  const secret = own(options, 'secret');
  if (secret === undefined) return undefined;
  const bytes = readBytes(secret);
  if (bytes !== undefined && bytes.length >= MIN_SECRET) return bytes;
  throw new TypeError(`"secret" expected ${MIN_SECRET} bytes or more, got ${describe(secret)}`);
}

function readRandom(random: unknown): Uint8Array | undefined {
  if (random === undefined) return undefined;
  const bytes = readBytes(random);
  if (bytes?.length === RANDOM) return bytes;
  throw new TypeError(`"random" expected ${RANDOM} bytes, got ${describe(random)}`);
}
