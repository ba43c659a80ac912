/** Milliseconds of a Date <-> seconds on the wire, exactly. FORMAT.md §4, tag 1. */

const MOST = 8.64e15; // ECMA-262 §21.4.1.1: time values

/** Whole seconds stay integers, which are shorter. */
export function encodeDate(milliseconds: number): number {
  return milliseconds / 1000;
}

/**
 * @returns the one time value that `encodeDate` makes `seconds` of, or undefined if there is none. Rounding alone would miss by one
 *   where float64 resolves half milliseconds, from the year 141,000 on.
 */
export function decodeDate(seconds: number): number | undefined {
  if (Object.is(seconds, -0)) return undefined;
  const below = Math.floor(seconds * 1000);
  return [below, below + 1].find((time) => Math.abs(time) <= MOST && encodeDate(time) === seconds);
}
