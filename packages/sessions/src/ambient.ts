/** The only ambient inputs of the package beside I/O: the time and random bytes. Stores take a clock of their own for tests. */

/** Seconds since the epoch, with milliseconds. */
export function secondsNow(): number {
  return Date.now() / 1000;
}

/** @returns `length` bytes from the platform's random source. */
export function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}
