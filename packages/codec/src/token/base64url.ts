/** Bytes <-> canonical base64url without padding. RFC 4648 §5; FORMAT.md §2. */

import { ascii, type Bytes } from '../bytes.ts';

const ALPHABET: Bytes = /* @__PURE__ */ ascii('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');

/** The runtime's own functions. They are faster than a loop, but not strict: they skip or guess characters that they do not know. */
interface Native {
  encode(bytes: Uint8Array, start: number, end: number): string;
  decode(text: string, bytes: Uint8Array, at: number): void;
}

let native: Native | undefined;

/** Returns `ceil((end - start) * 4 / 3)` characters of `A–Z a–z 0–9 - _`. */
export function encodeBase64url(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  native ??= findNative();
  return native.encode(bytes, start, end);
}

/** Returns how many bytes a base64url string decodes to, if it is valid. */
export function bytesIn(text: string): number {
  return (text.length * 3) >>> 2;
}

/** Returns the bytes, or `undefined` if `text` is not canonical base64url. */
export function decodeBase64url(text: string): Bytes | undefined {
  const bytes = new Uint8Array(bytesIn(text));
  return decodeInto(bytes, 0, text) ? bytes : undefined;
}

/**
 * Writes `bytesIn(text)` bytes at `at`.
 *
 * @returns false if `text` is not canonical base64url: it has a foreign character (such as padding or white space), a length of 1 modulo 4, or
 *   non-zero spare bits in the last character. Then nothing is written.
 */
export function decodeInto(bytes: Uint8Array, at: number, text: string): boolean {
  if (!isCanonical(text)) return false;
  native ??= findNative();
  native.decode(text, bytes, at);
  return true;
}

function isCanonical(text: string): boolean {
  const rest = text.length % 4;
  if (rest === 1 || !/^[\w-]*$/.test(text)) return false;
  if (rest === 0) return true;
  const spare = rest === 2 ? 15 : 3; // RFC 4648 §3.5: the bits of the last character that belong to no byte
  return (ALPHABET.indexOf(text.charCodeAt(text.length - 1)) & spare) === 0;
}

/** Node.js and Bun have Buffer. Other new runtimes have methods of Uint8Array (ES2026). Older ones use a loop. */
function findNative(): Native {
  const { base64urlSlice, base64urlWrite } = Reflect.get(globalThis, 'Buffer')?.prototype ?? {};
  if (typeof base64urlSlice === 'function' && typeof base64urlWrite === 'function') {
    return {
      encode: (bytes, start, end) => base64urlSlice.call(bytes, start, end),
      decode: (text, bytes, at) => base64urlWrite.call(bytes, text, at, bytesIn(text)), // workerd needs the length
    };
  }
  const toBase64 = Reflect.get(Uint8Array.prototype, 'toBase64');
  const setFromBase64 = Reflect.get(Uint8Array.prototype, 'setFromBase64');
  if (typeof toBase64 === 'function' && typeof setFromBase64 === 'function') {
    const options = { alphabet: 'base64url', omitPadding: true };
    return {
      encode: (bytes, start, end) => toBase64.call(bytes.subarray(start, end), options),
      decode: (text, bytes, at) => setFromBase64.call(bytes.subarray(at), text, options),
    };
  }
  return { encode: encodeByLoop, decode: decodeByLoop };
}

function encodeByLoop(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at += 3) {
    const bits = ((bytes[at] ?? 0) << 16) | (byteBefore(bytes, at + 1, end) << 8) | byteBefore(bytes, at + 2, end);
    text += letter(bits >> 18) + letter(bits >> 12) + letter(bits >> 6) + letter(bits);
  }
  return text.slice(0, Math.ceil(((end - start) * 4) / 3));
}

function decodeByLoop(text: string, bytes: Uint8Array, at: number): void {
  let bits = 0;
  let count = 0;
  let to = at;
  for (let from = 0; from < text.length; from++) {
    bits = ((bits << 6) | ALPHABET.indexOf(text.charCodeAt(from))) & 0xfff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes[to++] = bits >> count;
  }
}

function byteBefore(bytes: Uint8Array, at: number, end: number): number {
  return at < end ? (bytes[at] ?? 0) : 0;
}

function letter(bits: number): string {
  return String.fromCharCode(ALPHABET[bits & 63] ?? 0);
}
