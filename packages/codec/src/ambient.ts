/** The only ambient inputs of the package: random bytes and the time. Both can be given to `seal` instead. */

/**
 * Fills `bytes` from the platform's random source and returns it. One call per token, never a pool: a pool that a snapshot or a
 * checkpoint copies would repeat nonces.
 */
export function fillRandom(bytes: Uint8Array): Uint8Array {
  crypto.getRandomValues(bytes);
  return bytes;
}

/** Seconds since 1970-01-01T00:00:00Z, with fraction. */
export function secondsNow(): number {
  return Date.now() / 1000;
}
