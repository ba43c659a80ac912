/** Bytes and times <-> the texts in which they are kept: every client sends and gives texts, and all the same. */

import { FOREVER } from './scripts.ts';

/** At once through `fromCharCode`, whose arguments lie on the stack. */
const CHUNK = 8_192;

/** Seconds. What no finite time reaches; Lua has no word for infinity that all its versions read. */
const INFINITE = 1e300;

/**
 * @returns a character from U+0000 to U+00FF for each byte: as UTF-8 one byte for each below 0x80, two for others. What a store seals is text
 *   of the former, so it takes no more room than its bytes.
 */
export function encodeBytes(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return text;
}

export function decodeBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** Seconds since the epoch, exactly. Infinity too; what is no number is long ago. */
export function formatTime(seconds: number): string {
  return String(seconds >= -INFINITE ? Math.min(seconds, INFINITE) : -INFINITE);
}

export function parseTime(text: string): number {
  const seconds = Number(text);
  return Math.abs(seconds) >= INFINITE ? seconds * Infinity : seconds;
}

/** Seconds since the epoch -> milliseconds as the server takes them, rounded up: from 1, which is long ago, to `FOREVER`. */
export function formatMilliseconds(seconds: number): string {
  return String(seconds > 0 ? Math.min(Math.ceil(seconds * 1_000), FOREVER) : 1);
}
