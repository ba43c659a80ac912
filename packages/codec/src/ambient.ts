/** The only ambient inputs of the package: random bytes and the time. Both can be given to `seal` instead. */

import type { Bytes } from './bytes.ts';

/** Fills `bytes` from the platform's random source and returns it. */
export function fillRandom(bytes: Bytes): Bytes {
  crypto.getRandomValues(bytes);
  return bytes;
}

/** Seconds since 1970-01-01T00:00:00Z, with fraction. */
export function secondsNow(): number {
  return Date.now() / 1000;
}

const NONCE_BYTES = 16;
const pool: Bytes = /* @__PURE__ */ new Uint8Array(64 * NONCE_BYTES);
let used = pool.length;
let filledIn = -1;

/**
 * Writes the 16 random bytes of a nonce at `at`. They are drawn for 64 tokens at a time. Unused bytes are thrown away when the second is over, so
 * that no bytes from an old heap snapshot, or from before a process slept, are used.
 *
 * A copy of a running process (fork, checkpoint, snapshot of a virtual machine) draws the same random bytes as the original. In Node.js this is so
 * with or without a pool. Therefore the bytes are combined by XOR with a high-resolution clock. They stay uniform, and they differ if the two
 * processes seal at different moments.
 */
export function fillNonce(bytes: Uint8Array, at: number): void {
  const second = Math.floor(secondsNow());
  if (used >= pool.length || second !== filledIn) {
    used = pool.length; // nothing to give out, should the next line throw
    fillRandom(pool);
    filledIn = second;
    used = 0;
  }
  for (let index = 0; index < NONCE_BYTES; index++) bytes[at + index] = pool[used + index] ?? 0;
  used += NONCE_BYTES;
  let ticks = Math.floor(typeof performance === 'object' ? performance.now() * 1e6 : Date.now());
  for (let index = 0; ticks > 0; index++, ticks = Math.floor(ticks / 256)) {
    bytes[at + index] = (bytes[at + index] ?? 0) ^ (ticks & 255);
  }
}
