/** Bytes <-> base64url without padding, in the one canonical spelling. RFC 4648 §5; FORMAT.md §2. */

import { createRoom, roomFor } from './room.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const ZERO = 65; // the code of A, whose bits are 0
const FOREIGN = 0x0100_0000; // a flag above the 24 bits that four characters hold

// Two characters for every 12 bits, laid out as this machine lays out 16-bit numbers.
const pairs: Uint16Array = /* @__PURE__ */ createPairs();
// The 6 bits of a character in each of its four places, or FOREIGN.
const decoding: readonly [Uint32Array, Uint32Array, Uint32Array, Uint32Array] = [
  /* @__PURE__ */ createPlace(18),
  /* @__PURE__ */ createPlace(12),
  /* @__PURE__ */ createPlace(6),
  /* @__PURE__ */ createPlace(0),
];
const ascii: TextDecoder = /* @__PURE__ */ new TextDecoder();
const kept: Uint8Array = /* @__PURE__ */ createRoom();
const keptInPairs: Uint16Array = /* @__PURE__ */ new Uint16Array(/* @__PURE__ */ kept.buffer);

/** @returns `ceil(bytes.length * 4 / 3)` characters of `A–Z a–z 0–9 - _`. */
export function encodeBase64url(bytes: Uint8Array): string {
  const whole = bytes.length - (bytes.length % 3);
  const length = Math.ceil((bytes.length * 4) / 3);
  const text = roomFor(kept, length + (length & 1));
  const inPairs = text === kept ? keptInPairs : new Uint16Array(text.buffer);
  let to = 0;
  for (let from = 0; from < whole; from += 3) {
    const three = ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
    inPairs[to++] = pairs[three >> 12] ?? 0;
    inPairs[to++] = pairs[three & 4095] ?? 0;
  }
  if (whole < bytes.length) {
    const last = ((bytes[whole] ?? 0) << 16) | ((bytes[whole + 1] ?? 0) << 8);
    inPairs[to++] = pairs[last >> 12] ?? 0;
    if (2 * to < length) text[2 * to] = ALPHABET.charCodeAt((last >> 6) & 63);
  }
  const written = text.subarray(0, length);
  const encoded = ascii.decode(written);
  written.fill(0); // it may be a secret
  return encoded;
}

/** How many bytes the characters stand for, if they are the spelling of any. */
export function bytesIn(text: string): number {
  return Math.floor((text.length * 3) / 4);
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
  const { length } = text;
  if (length % 4 === 1) return false;
  const [first, second, third, fourth] = decoding;
  const whole = length - (length % 4);
  let codes = 0; // every code unit, ORed: those above 127 would be looked up modulo 128
  let flags = 0; // every group of bits, ORed: shows FOREIGN if one was
  for (let from = 0; from < whole; from += 4) {
    const c0 = text.charCodeAt(from);
    const c1 = text.charCodeAt(from + 1);
    const c2 = text.charCodeAt(from + 2);
    const c3 = text.charCodeAt(from + 3);
    const bits = (first[c0 & 127] ?? 0) | (second[c1 & 127] ?? 0) | (third[c2 & 127] ?? 0) | (fourth[c3 & 127] ?? 0);
    codes |= c0 | c1 | c2 | c3;
    flags |= bits;
    bytes[to++] = bits >> 16;
    bytes[to++] = bits >> 8;
    bytes[to++] = bits;
  }
  let spare = 0;
  if (whole < length) {
    const c0 = text.charCodeAt(whole);
    const c1 = text.charCodeAt(whole + 1);
    const c2 = whole + 2 < length ? text.charCodeAt(whole + 2) : ZERO;
    const bits = (first[c0 & 127] ?? 0) | (second[c1 & 127] ?? 0) | (third[c2 & 127] ?? 0);
    codes |= c0 | c1 | c2;
    flags |= bits;
    spare = bits & (whole + 2 < length ? 0xff : 0xffff);
    bytes[to] = bits >> 16;
    if (whole + 2 < length) bytes[to + 1] = bits >> 8;
  }
  return codes < 128 && flags < FOREIGN && spare === 0;
}

function createPlace(shift: number): Uint32Array {
  return Uint32Array.from({ length: 128 }, (_, code) => {
    const value = ALPHABET.indexOf(String.fromCharCode(code));
    return value < 0 ? FOREIGN : value << shift;
  });
}

function createPairs(): Uint16Array {
  const text = Uint8Array.from({ length: 2 * 4096 }, (_, at) =>
    ALPHABET.charCodeAt(at % 2 === 0 ? at >> 7 : (at >> 1) & 63),
  );
  return new Uint16Array(text.buffer);
}
