/** Token text <-> its fields. Cuts and joins bytes; knows nothing of keys. FORMAT.md §2. */

import { BLOCK, TAIL } from './aead.ts';
import { bytesIn, decodeInto, encodeBase64url } from './base64url.ts';
import { Refusal, toError } from './error.ts';
import { createRoom, roomFor } from './room.ts';

/** Whether a token is encrypted, or readable and only protected against changes. */
export type Mode = 'sealed' | 'signed';

// The high four bits are the version's letter, so that the text of a token starts with E or S.
export const LEAD: Readonly<Record<Mode, number>> = { sealed: 0x11, signed: 0x49 };
export const HEADER = 8; // lead 1, key id 3, issued at 4
export const NONCE = 24; // draft-irtf-cfrg-xchacha-03 §2
export const TAG = 16; // Poly1305 tag or truncated HMAC

const header: Uint8Array = /* @__PURE__ */ new Uint8Array(HEADER);
const opening: Uint8Array = /* @__PURE__ */ createRoom();

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
    const { mode, issuedAt, room, start, length } = readToken(text, Number.POSITIVE_INFINITY);
    const bytes = room.slice(start, BLOCK + length + TAG);
    const fields = { header: bytes.subarray(0, HEADER), keyId: bytes.subarray(1, 4), issuedAt };
    return mode === 'sealed'
      ? { mode, ...fields, nonce: bytes.subarray(HEADER, -length - TAG), box: bytes.subarray(-length - TAG) }
      : { mode, ...fields, payload: bytes.subarray(HEADER, -TAG), mac: bytes.subarray(-TAG) };
  } catch (thrown) {
    throw toError(thrown);
  }
}

/** A token that was cut into its fields. Its bytes stand in a buffer that the next token overwrites. */
export interface Frame {
  readonly mode: Mode;
  /** The first four bytes, lead and key id, as `findKey` takes them. */
  readonly keyId: number;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  /** Its bytes begin at `start`, ciphertext or payload at `BLOCK`; the 16-byte tag or mac follows. */
  readonly room: Uint8Array;
  readonly start: number;
  /** Bytes of the ciphertext or payload. */
  readonly length: number;
}

/** The same for the sealer: at most `most` characters, and a Refusal where the public function throws a SealError. */
export function readToken(text: string, most: number): Frame {
  if (typeof text !== 'string') throw malformed(`expected a text, got ${text === null ? 'null' : typeof text}`);
  if (text.length > most) throw malformed(`expected at most ${most} characters, got ${text.length}`);
  const total = bytesIn(text);
  const start = BLOCK - HEADER - (text.startsWith('S') ? 0 : NONCE); // S: the lead of a signed token, or none that can be read
  const room = roomFor(opening, BLOCK + total + TAIL);
  if (!decodeInto(room, start, text)) throw malformed('expected canonical base64url without padding');
  if (total === 0) throw malformed('expected characters, got none');
  const lead = room[start];
  const mode = lead === LEAD.sealed ? 'sealed' : 'signed';
  if (lead !== LEAD[mode]) {
    throw new Refusal('ERR_SEAL_VERSION', `Cannot open token: expected a first byte of 0x11 or 0x49, got ${lead}`);
  }
  const length = start + total - BLOCK - TAG;
  if (length <= 0) throw malformed(`expected more than ${total - length} bytes, got ${total}`);
  return { mode, keyId: readInteger(room, start), issuedAt: readInteger(room, start + 4) >>> 0, room, start, length };
}

/** Returns the 8 bytes of a header, which the next token overwrites. */
export function startToken(mode: Mode, keyId: Uint8Array, issuedAt: number): Uint8Array {
  header[0] = LEAD[mode];
  header.set(keyId, 1);
  header[4] = issuedAt >>> 24;
  header[5] = issuedAt >>> 16;
  header[6] = issuedAt >>> 8;
  header[7] = issuedAt;
  return header;
}

/** The inverse of `readToken`, once all fields stand in `bytes`. */
export function formatToken(bytes: Uint8Array): string {
  return encodeBase64url(bytes);
}

/** Four bytes, big-endian, as a signed integer. */
export function readInteger(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
}

function malformed(what: string): Refusal {
  return new Refusal('ERR_SEAL_MALFORMED', `Cannot read token: ${what}`);
}
