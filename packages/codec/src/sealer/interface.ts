/** What a sealer is to those who use it: its options, its functions, and what they return. */

import type { Bytes } from '../bytes.ts';
import type { TypeRegistry } from '../cbor/kinds/registry.ts';
import type { KeyInput } from '../crypto/keys.ts';
import type { SealErrorCode } from '../error.ts';
import type { Limits } from '../limits.ts';

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
