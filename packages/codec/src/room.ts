/** A number of bytes -> memory for one token: its payload, and what stands before and behind it. One is kept for whatever fits in a cookie. */

import type { Bytes } from './bytes.ts';

/** Bytes before the payload: one block of the cipher's stream. The header of the token is the last of them. */
export const BLOCK = 64;
/** Bytes behind the payload: padding and two lengths while a tag is computed, then the tag. */
const TAIL = 32;

const KEPT = 32_768; // for a cookie's payload of 4 KB at its longest bound

export interface Room {
  readonly bytes: Bytes;
  /** The same memory from `BLOCK` on. */
  readonly payload: Bytes;
}

/** Returns memory for `length` bytes of payload. What is secret in it has to be wiped before a call ends, also if it throws. */
export function createRoom(length: number = KEPT): Room {
  const bytes = new Uint8Array(BLOCK + length + TAIL);
  return { bytes, payload: bytes.subarray(BLOCK) };
}

/** Returns `kept` if it is large enough, and otherwise a new one. */
export function roomFor(kept: Room, length: number): Room {
  return length <= KEPT ? kept : createRoom(length);
}
