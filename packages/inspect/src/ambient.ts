/** The only ambient input of the package: the time, where the caller gives none. */

/** Seconds since 1970-01-01T00:00:00Z, with fraction. */
export function secondsNow(): number {
  return Date.now() / 1000;
}
