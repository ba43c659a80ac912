/** Bytes <-> texts of few characters: ids, the names of records in a backend, and data where only text is kept. Tokens are the codec's. */

import { sha256 } from '@noble/hashes/sha2.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Bytes that go through `fromCharCode` at once, whose arguments lie on the stack. A multiple of three, so that only the last has a rest. */
const CHUNK = 6_144;

/** @returns `ceil(bytes.length * 4 / 3)` characters of `A–Z a–z 0–9 - _`. */
export function encodeBase64url(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) text += encodeChunk(bytes, at, Math.min(CHUNK, bytes.length - at));
  return text;
}

function encodeChunk(bytes: Uint8Array, start: number, length: number): string {
  const codes = new Array<number>(Math.ceil((length * 4) / 3));
  let bits = 0;
  let count = 0; // of bits that no character has yet
  let at = start;
  for (let to = 0; to < codes.length; to++) {
    if (count < 6) {
      bits = (bits << 8) | (at < bytes.length ? (bytes[at++] ?? 0) : 0);
      count += 8;
    }
    count -= 6;
    codes[to] = ALPHABET.charCodeAt((bits >> count) & 63);
  }
  return String.fromCharCode(...codes);
}

/** @returns undefined where `encodeBase64url` cannot have made it. */
export function decodeBase64url(text: string): Uint8Array | undefined {
  const binary = decodeBase64(text.replaceAll('-', '+').replaceAll('_', '/'));
  if (binary === undefined) return undefined;
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

/** SHA-256 as 43 characters: a name that says nothing about `bytes`. */
export function fingerprint(bytes: Uint8Array): string {
  return encodeBase64url(sha256(bytes));
}

/** SHA-256 as 64 characters of `0–9 a–f`: a name that is safe in any store, also in files and columns that know no case. */
export function nameOf(id: string): string {
  return Array.from(sha256(new TextEncoder().encode(id)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function decodeBase64(text: string): string | undefined {
  try {
    return atob(text);
  } catch {
    return undefined;
  }
}
