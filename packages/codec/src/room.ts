/** A number of bytes -> a buffer with at least as many: one that is kept for whatever fits in a cookie, so that a call allocates none. */

/** A buffer to keep. What is secret in it has to be wiped before a call ends, also when it throws. */
export function createRoom(): Uint8Array {
  return new Uint8Array(8192);
}

/** Returns `kept` if it has `length` bytes, and a new buffer otherwise. */
export function roomFor(kept: Uint8Array, length: number): Uint8Array {
  return length <= kept.length ? kept : new Uint8Array(length);
}
