/** Token string <-> its fields. Cuts and joins bytes; does not use keys. FORMAT.md §2. */

import { type Bytes, readBytes } from '../bytes.ts';
import { Refusal, toError } from '../error.ts';
import { describe } from '../options.ts';
import { BLOCK, createRoom, type Room, roomFor } from '../room.ts';
import { bytesIn, decodeInto, encodeBase64url } from './base64url.ts';

/** Whether a token is encrypted, or readable and only protected against changes. */
export type Mode = 'sealed' | 'signed';

// The first six bits are the first character of a token, so a token starts with E or S.
export const LEAD: Readonly<Record<Mode, number>> = { sealed: 0x11, signed: 0x49 };
const HEADER = 8; // lead 1, key id 3, issued at 4
export const RANDOM = 16;
export const TAG = 16; // Poly1305 tag or truncated HMAC

/** How many bytes come before the payload. In a sealed token they are the nonce. */
export const START: Readonly<Record<Mode, number>> = { sealed: HEADER + RANDOM, signed: HEADER };

/** An encrypted token. The byte fields are views into one buffer. */
export interface SealedToken {
  readonly mode: 'sealed';
  /** 3 bytes. */
  readonly keyId: Bytes;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  /** 16 bytes. */
  readonly random: Bytes;
  readonly ciphertext: Bytes;
  /** 16 bytes. */
  readonly tag: Bytes;
}

/** A readable token. The byte fields are views into one buffer. */
export interface SignedToken {
  readonly mode: 'signed';
  /** 3 bytes. */
  readonly keyId: Bytes;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  /** CBOR. */
  readonly payload: Bytes;
  /** 16 bytes. */
  readonly mac: Bytes;
}

/** The fields of a token. `mode` says which kind it is. */
export type Token = SealedToken | SignedToken;

/** The bytes of a token in a room: the `START[mode]` bytes before the payload, the payload, and the 16 bytes of tag or mac after it. */
export interface Frame {
  readonly mode: Mode;
  readonly room: Room;
  /** Bytes of the ciphertext or payload. */
  readonly length: number;
}

const kept: Room = /* @__PURE__ */ createRoom();

/** Returns the maximum number of characters of a token whose payload has `payloadBytes` bytes. */
export function maxTokenLength(payloadBytes: number): number {
  return Math.ceil(((START.sealed + TAG + payloadBytes) * 4) / 3);
}

/**
 * Cuts a token into its fields. It does not check key, tag or age, so do not trust the fields.
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
    const { mode, room, length } = readToken(text, Number.POSITIVE_INFINITY);
    const bytes = room.bytes.slice(BLOCK - START[mode], BLOCK + length + TAG);
    const [keyId, issuedAt] = [bytes.subarray(1, 4), readInteger(bytes, 4) >>> 0];
    const [start, end] = [START[mode], START[mode] + length];
    const [content, tag] = [bytes.subarray(start, end), bytes.subarray(end)];
    return mode === 'sealed'
      ? { mode, keyId, issuedAt, random: bytes.subarray(HEADER, start), ciphertext: content, tag }
      : { mode, keyId, issuedAt, payload: content, mac: tag };
  } catch (thrown) {
    throw toError(thrown);
  }
}

/**
 * Joins the fields of a token. The inverse of `parseToken`. It does not compute a tag, so the token opens only if the fields come from a valid one.
 *
 * @throws {TypeError} if a field has the wrong length.
 *
 * @example
 * import { createSealer, formatToken, generateKey, parseToken } from '@sealring/codec';
 * const token = createSealer({ keys: [generateKey()], purpose: 'example' }).seal('hello');
 * console.log(formatToken(parseToken(token)) === token); // true
 */
export function formatToken(token: Token): string {
  const { mode, keyId, issuedAt } = token;
  const content = mode === 'sealed' ? token.ciphertext : token.payload;
  const frame: Frame = { mode, room: createRoom(content.length), length: content.length };
  const { bytes } = frame.room;
  startFrame(frame, field('keyId', keyId, 3), issuedAt);
  if (mode === 'sealed') bytes.set(field('random', token.random, RANDOM), BLOCK - RANDOM);
  bytes.set(field('ciphertext or payload', content, content.length), BLOCK);
  bytes.set(mode === 'sealed' ? field('tag', token.tag, TAG) : field('mac', token.mac, TAG), BLOCK + content.length);
  return formatFrame(frame);
}

/** Reads a token of at most `max` characters. The next call uses the same memory. @throws {Refusal} with the codes of `parseToken`. */
export function readToken(text: string, max: number): Frame {
  if (typeof text !== 'string') throw malformed(`expected a string, got ${text === null ? 'null' : typeof text}`);
  if (text.length > max) throw malformed(`expected at most ${max} characters, got ${text.length}`);
  if (text === '') throw malformed('expected characters, got none');
  const total = bytesIn(text);
  const room = roomFor(kept, total);
  const mode = text.startsWith('S') ? 'signed' : 'sealed';
  const start = BLOCK - START[mode];
  if (!decodeInto(room.bytes, start, text)) throw malformed('expected canonical base64url without padding');
  const lead = room.bytes[start];
  if (lead !== LEAD[mode]) {
    throw new Refusal('ERR_SEAL_VERSION', `Cannot open token: expected a first byte of 0x11 or 0x49, got ${lead}`);
  }
  const length = total - START[mode] - TAG;
  if (length <= 0) throw malformed(`expected more than ${START[mode] + TAG} bytes, got ${total}`);
  return { mode, room, length };
}

/** Bytes -> string. The inverse of `readToken`. */
export function formatFrame({ mode, room, length }: Frame): string {
  return encodeBase64url(room.bytes, BLOCK - START[mode], BLOCK + length + TAG);
}

/** Writes lead, key id and issue time. */
export function startFrame({ mode, room: { bytes } }: Frame, keyId: Uint8Array, issuedAt: number): void {
  const start = BLOCK - START[mode];
  bytes[start] = LEAD[mode];
  bytes.set(keyId, start + 1);
  bytes[start + 4] = issuedAt >>> 24;
  bytes[start + 5] = issuedAt >>> 16;
  bytes[start + 6] = issuedAt >>> 8;
  bytes[start + 7] = issuedAt;
}

/** Returns the first four bytes, lead and key id, as `findKeys` takes them. */
export function leadAndKeyId({ mode, room }: Frame): number {
  return readInteger(room.bytes, BLOCK - START[mode]);
}

/** Returns seconds since the epoch. */
export function issuedAtOf({ mode, room }: Frame): number {
  return readInteger(room.bytes, BLOCK - START[mode] + 4) >>> 0;
}

/** Reads four bytes, big-endian, as a signed integer. */
export function readInteger(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
}

function field(name: string, given: unknown, length: number): Uint8Array {
  const bytes = readBytes(given);
  if (bytes?.length === length) return bytes;
  throw new TypeError(`"${name}" expected ${length} bytes, got ${describe(given)}`);
}

function malformed(what: string): Refusal {
  return new Refusal('ERR_SEAL_MALFORMED', `Cannot read token: ${what}`);
}
