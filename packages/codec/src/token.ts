/** Token text <-> its fields. Cuts and joins bytes; knows nothing of keys. FORMAT.md §2. */

import { decodeBase64url, encodeBase64url } from './base64url.ts';
import { Refusal, toError } from './error.ts';

/** Whether a token is encrypted, or readable and only protected against changes. */
export type Mode = 'sealed' | 'signed';

// The high four bits are the version's letter, so that the text of a token starts with E or S.
export const LEAD: Readonly<Record<Mode, number>> = { sealed: 0x11, signed: 0x49 };
const HEADER = 8; // lead 1, key id 3, issued at 4
const NONCE = 24; // draft-irtf-cfrg-xchacha-03 §2
const TAG = 16; // Poly1305 tag or truncated HMAC

/** An encrypted token. All byte fields are views into one buffer. */
export interface SealedToken {
  readonly mode: 'sealed';
  /** 8 bytes, authenticated: lead, key id, issued at. */
  readonly header: Uint8Array;
  /** 3 bytes. */
  readonly keyId: Uint8Array;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  /** 24 bytes. */
  readonly nonce: Uint8Array;
  /** The ciphertext, then the 16-byte tag. */
  readonly box: Uint8Array;
}

/** A readable token. All byte fields are views into one buffer. */
export interface SignedToken {
  readonly mode: 'signed';
  /** 8 bytes, authenticated: lead, key id, issued at. */
  readonly header: Uint8Array;
  /** 3 bytes. */
  readonly keyId: Uint8Array;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  /** CBOR. */
  readonly payload: Uint8Array;
  /** 16 bytes. */
  readonly mac: Uint8Array;
}

/** The fields of a token; `mode` tells which kind it is. */
export type Token = SealedToken | SignedToken;

/** The longest token, in characters, whose payload has `payloadBytes` bytes. */
export function longestToken(payloadBytes: number): number {
  return Math.ceil(((HEADER + NONCE + TAG + payloadBytes) * 4) / 3);
}

/**
 * Cuts a token into its fields without checking key, tag or age: nothing in them is to be trusted.
 *
 * @param text canonical base64url without padding.
 * @throws {SealError} `ERR_SEAL_MALFORMED`: not canonical, or too short; `ERR_SEAL_VERSION`: the first byte names a format that
 *   this release cannot read.
 *
 * @example
 * import { createSealer, generateKey, parseToken } from '@sealring/codec';
 * const sealer = createSealer({ keys: [generateKey()], purpose: 'example' });
 * const { mode, issuedAt } = parseToken(sealer.seal('hello', { now: 1_800_000_000 }));
 * console.log(mode, new Date(issuedAt * 1000).getUTCFullYear()); // sealed 2027
 */
export function parseToken(text: string): Token {
  try {
    return readToken(text, Number.POSITIVE_INFINITY);
  } catch (thrown) {
    throw toError(thrown);
  }
}

/** The same for the sealer: at most `most` characters, and a Refusal where the public function throws a SealError. */
export function readToken(text: string, most: number): Token {
  if (typeof text !== 'string') throw malformed(`expected a text, got ${text === null ? 'null' : typeof text}`);
  if (text.length > most) throw malformed(`expected at most ${most} characters, got ${text.length}`);
  const bytes = decodeBase64url(text);
  if (bytes === undefined) throw malformed('expected canonical base64url without padding');
  if (bytes.length === 0) throw malformed('expected characters, got none');
  const lead = bytes[0];
  if (lead === LEAD.sealed) {
    if (bytes.length <= HEADER + NONCE + TAG) throw tooShort(HEADER + NONCE + TAG, bytes.length);
    return {
      mode: 'sealed',
      header: bytes.subarray(0, HEADER),
      keyId: bytes.subarray(1, 4),
      issuedAt: readTime(bytes),
      nonce: bytes.subarray(HEADER, HEADER + NONCE),
      box: bytes.subarray(HEADER + NONCE),
    };
  }
  if (lead === LEAD.signed) {
    if (bytes.length <= HEADER + TAG) throw tooShort(HEADER + TAG, bytes.length);
    return {
      mode: 'signed',
      header: bytes.subarray(0, HEADER),
      keyId: bytes.subarray(1, 4),
      issuedAt: readTime(bytes),
      payload: bytes.subarray(HEADER, bytes.length - TAG),
      mac: bytes.subarray(bytes.length - TAG),
    };
  }
  throw new Refusal('ERR_SEAL_VERSION', `Cannot open token: expected a first byte of 0x11 or 0x49, got ${lead}`);
}

/** The bytes of a token with its header written; nonce, box, payload and mac are for the cipher to fill in. */
export function startToken(mode: Mode, keyId: Uint8Array, issuedAt: number, payloadLength: number): Uint8Array {
  const bytes = new Uint8Array(HEADER + (mode === 'sealed' ? NONCE : 0) + payloadLength + TAG);
  bytes[0] = LEAD[mode];
  bytes.set(keyId, 1);
  bytes[4] = issuedAt >>> 24;
  bytes[5] = issuedAt >>> 16;
  bytes[6] = issuedAt >>> 8;
  bytes[7] = issuedAt;
  return bytes;
}

/** The inverse of `readToken`, once all fields stand in `bytes`. */
export function formatToken(bytes: Uint8Array): string {
  return encodeBase64url(bytes);
}

function readTime(bytes: Uint8Array): number {
  return (bytes[4] ?? 0) * 0x100_0000 + (((bytes[5] ?? 0) << 16) | ((bytes[6] ?? 0) << 8) | (bytes[7] ?? 0));
}

function malformed(what: string): Refusal {
  return new Refusal('ERR_SEAL_MALFORMED', `Cannot read token: ${what}`);
}

function tooShort(overhead: number, got: number): Refusal {
  return malformed(`expected more than ${overhead} bytes, got ${got}`);
}
