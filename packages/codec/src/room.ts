/** A number of bytes -> memory for one token: its payload with room before and after it. Memory for a cookie's payload is kept and used again. */

import type { Bytes } from './bytes.ts';

/** Bytes before the payload: one block of the cipher's stream. The header of the token is the last of them. */
export const BLOCK = 64;
/** Bytes after the payload: padding and two lengths while a tag is computed, then the tag. */
const TAIL = 32;

const KEPT = 32_768; // enough for the largest bound (see write.ts) of a 4 KB payload

export interface Room {
  readonly bytes: Bytes;
  /** The same memory from `BLOCK` on. */
  readonly payload: Bytes;
}

/** Returns memory for `length` bytes of payload. Secrets in it must be wiped before a call returns or throws. */
export function createRoom(length: number = KEPT): Room {
  const bytes = new Uint8Array(BLOCK + length + TAIL);
  return { bytes, payload: bytes.subarray(BLOCK) };
}

/** Returns `kept` if it is large enough, and new memory otherwise. */
export function roomFor(kept: Room, length: number): Room {
  return length <= KEPT ? kept : createRoom(length);
}
