/** Bytes <-> base64url without padding, in the one canonical spelling. RFC 4648 §5; FORMAT.md §2. */

import { createRoom, roomFor } from './room.ts';

const FOREIGN = -1; // negative, and so is whatever it is ORed into
const codes: Uint8Array = /* @__PURE__ */ new TextEncoder().encode(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
);
// The 6 bits of each character, or FOREIGN.
const values: Int8Array = /* @__PURE__ */ createValues();
const ascii: TextDecoder = /* @__PURE__ */ new TextDecoder();
const kept: Uint8Array = /* @__PURE__ */ createRoom();

/** @returns `ceil(bytes.length * 4 / 3)` characters of `A–Z a–z 0–9 - _`. */
export function encodeBase64url(bytes: Uint8Array): string {
  const length = Math.ceil((bytes.length * 4) / 3);
  const text = roomFor(kept, length + 2); // the last group is written whole
  let to = 0;
  for (let from = 0; from < bytes.length; from += 3) {
    const bits = ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
    text[to++] = codes[bits >> 18] ?? 0;
    text[to++] = codes[(bits >> 12) & 63] ?? 0;
    text[to++] = codes[(bits >> 6) & 63] ?? 0;
    text[to++] = codes[bits & 63] ?? 0;
  }
  const encoded = ascii.decode(text.subarray(0, length));
  text.fill(0, 0, to); // it may be a secret
  return encoded;
}

/** How many bytes the characters stand for, if they are the spelling of any. */
export function bytesIn(text: string): number {
  return (text.length * 3) >>> 2;
}

/** @returns the bytes, or undefined where `text` is not the canonical spelling of any. */
export function decodeBase64url(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(bytesIn(text));
  return decodeInto(bytes, 0, text) ? bytes : undefined;
}

/**
 * Writes `bytesIn(text)` bytes at `to`.
 *
 * @returns false where `text` is not the canonical spelling of any: a foreign character (padding and white space included), a length
 *   of 1 modulo 4, non-zero spare bits in the last character. Then what was written means nothing.
 */
export function decodeInto(bytes: Uint8Array, to: number, text: string): boolean {
  const rest = text.length % 4;
  const whole = text.length - rest;
  let flags = 0; // every group, ORed
  let at = to;
  for (let from = 0; from < whole; from += 4) {
    const bits = groupAt(text, from);
    flags |= bits;
    bytes[at++] = bits >> 16;
    bytes[at++] = bits >> 8;
    bytes[at++] = bits;
  }
  if (rest === 0) return flags >= 0;
  const bits = groupAt(`${text.slice(whole)}AA`, 0); // A stands for zeros; one character and two As are no group
  bytes[at++] = bits >> 16;
  if (rest === 3) bytes[at] = bits >> 8;
  return (flags | bits) >= 0 && (bits & (rest === 3 ? 0xff : 0xffff)) === 0;
}

/** The 24 bits of four characters, or a negative number where one is foreign. */
function groupAt(text: string, at: number): number {
  return (
    ((values[text.charCodeAt(at)] ?? FOREIGN) << 18) |
    ((values[text.charCodeAt(at + 1)] ?? FOREIGN) << 12) |
    ((values[text.charCodeAt(at + 2)] ?? FOREIGN) << 6) |
    (values[text.charCodeAt(at + 3)] ?? FOREIGN)
  );
}

function createValues(): Int8Array {
  return Int8Array.from({ length: 128 }, (_, code) => codes.indexOf(code));
}
