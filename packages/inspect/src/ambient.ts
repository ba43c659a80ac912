/** The only ambient input of the package: the time, if the caller gives none. */

/** Returns seconds since 1970-01-01T00:00:00Z, with fraction. */
export function secondsNow(): number {
  return Date.now() / 1000;
}
