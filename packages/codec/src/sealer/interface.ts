/** The public interface of a sealer: its options, its functions and their results. */

import type { Bytes } from '../bytes.ts';
import type { TypeRegistry } from '../cbor/kinds/registry.ts';
import type { KeyInput } from '../crypto/keys.ts';
import type { SealErrorCode } from '../error.ts';
import type { Limits } from '../limits.ts';

/** Options of `createSealer`. They are checked and copied once. */
export interface SealerOptions {
  /** At least one key. The first seals, and all of them open. Add a new key as the second entry on every server before you move it to the front. */
  keys: readonly KeyInput[];
  /** What the tokens are for, for example `magic-link`. A token opens only under the purpose it was sealed for. */
  purpose: string;
  /** The classes whose instances can be sealed. Default: none. */
  types?: TypeRegistry;
  /** Field names that are written as small numbers. The array is append-only. Default: none. */
  dictionary?: readonly string[];
  /** Default: see `Limits`. */
  limits?: Partial<Limits>;
  /**
   * For tests and development: `seal` opens each token that it makes, and throws if that fails, for example because a `decode` throws. It also
   * looks for extra properties of arrays and bytes, which is slow. Default false.
   */
  verify?: boolean;
  /** Allows a purpose that begins with `sealring:`. For the package `sealring`, and for tools that open its cookies. Default false. */
  reserved?: boolean;
}

/** Options of `seal`. */
export interface SealOptions {
  /** The issue time, in seconds since the epoch. Rounded down to an integer. Default: the current time. */
  now?: number;
  /** 16 bytes, for tests and vectors only: if two tokens of one second have the same bytes, both values are revealed. Signed tokens have none. Default: random. */
  random?: Uint8Array;
  /** What the token is bound to besides its purpose, for example a user's id. Not part of the token. Default: nothing. */
  context?: string | Uint8Array;
  /** 16 bytes or more that are mixed into the key. Nobody can open the token without them, even with the sealer's keys. Default: none. */
  secret?: Uint8Array;
}

/** Options of `open` and `safeOpen`. */
export interface OpenOptions {
  /** Seconds since the epoch. Default: the current time. */
  now?: number;
  /** Seconds for which a token is valid. Default: no limit. */
  maxAge?: number;
  /** The context that the token was sealed with. Default: nothing. */
  context?: string | Uint8Array;
  /** The secret that the token was sealed with. Default: none. */
  secret?: Uint8Array;
}

/** Options of `authenticate`. */
export interface AuthenticateOptions {
  /** The context that the token was sealed with. Default: nothing. */
  context?: string | Uint8Array;
  /** The secret that the token was sealed with. Default: none. */
  secret?: Uint8Array;
}

/** The result of `authenticate`: authentic bytes. The token may be expired, and the bytes may not be a valid payload. */
export interface Authentic {
  /** CBOR, in its own buffer. */
  payload: Bytes;
  /** Seconds since the epoch. */
  issuedAt: number;
  /** The id of the key that opened the token: 6 hexadecimal digits, not secret. */
  keyId: string;
  /** Whether another key than the first opened the token. */
  stale: boolean;
}

/** The result of `open`: the value, and the facts in its token. */
export interface Opened {
  value: unknown;
  /** Seconds since the epoch. */
  issuedAt: number;
  /** The id of the key that opened the token: 6 hexadecimal digits, not secret. */
  keyId: string;
  /** Whether another key than the first opened the token. Then seal the value again. */
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

/** Seals values for one purpose, and opens the tokens. A sealer has no state, so all requests can share it. */
export interface Sealer {
  /**
   * Converts a value to a token.
   *
   * @returns `ceil((40 + n) * 4 / 3)` characters for n bytes of CBOR; signed `ceil((24 + n) * 4 / 3)`.
   * @throws {SealError} `ERR_SEAL_TYPE_UNKNOWN`: a part of `value` would not come back as it was; the message has its path.
   *   `ERR_SEAL_TOO_LARGE`: `value` exceeds a limit.
   * @throws {TypeError | RangeError} if an option is wrong.
   */
  seal(value: unknown, options?: SealOptions): string;
  /**
   * Converts a token to its value.
   *
   * @throws {SealError} with any code except `ERR_SEAL_TOO_LARGE`.
   * @throws {TypeError | RangeError} if an option is wrong.
   */
  open(token: string, options?: OpenOptions): Opened;
  /** Does the same as `open`, but returns a rejection instead of throwing a SealError. */
  safeOpen(token: string, options?: OpenOptions): ({ ok: true } & Opened) | Refused;
  /**
   * Returns the payload of a value, without encryption. Equal bytes mean equal values. The number of bytes decides the length of the token.
   *
   * @returns CBOR, in its own buffer.
   * @throws {SealError} as `seal` does, except for the limit on bytes.
   */
  encode(value: unknown): Bytes;
  /**
   * The inverse of `encode`. It does not authenticate the bytes: anyone could have made them.
   *
   * @throws {SealError} `ERR_SEAL_PAYLOAD` or `ERR_SEAL_TYPE_UNKNOWN`, with the offset if it is known.
   * @throws {TypeError} if `payload` is not a Uint8Array.
   */
  decode(payload: Uint8Array): unknown;
  /**
   * The first half of `open`, for tools that explain a token. It checks that the token is authentic, but not its age or its value. It also accepts
   * expired tokens, so do not use it to log in a visitor.
   *
   * @throws {SealError} `ERR_SEAL_MALFORMED`, `ERR_SEAL_VERSION`, `ERR_SEAL_KEY_UNKNOWN`, `ERR_SEAL_TAMPERED`.
   * @throws {TypeError} if an option is wrong.
   */
  authenticate(token: string, options?: AuthenticateOptions): Authentic;
}
