/** The caller's limits -> all limits of a sealer, checked and with defaults. FORMAT.md §7. */

import { checkInteger, checkOptions, own } from './options.ts';

/** How much a token may hold. The limits apply to `seal` and `open`: a sealed value can be opened under the same limits. */
export interface Limits {
  /** Bytes of the encoded value. Default 65,536. A token is at most `ceil((40 + bytes) * 4 / 3)` characters long. */
  bytes: number;
  /** How deep arrays, objects and tagged values are nested. Maps, Sets and instances count as two levels. Default 32, at most 512. */
  depth: number;
  /** Data items: every value, key and tag counts as one. Default 4,096. */
  items: number;
  /** Bytes of a bigint's magnitude. Default 1,024. */
  bignumBytes: number;
  /** Seconds that a token's time may be in the future. Default 60. */
  clockSkew: number;
}

const DEFAULT_LIMITS: Limits = { bytes: 65_536, depth: 32, items: 4_096, bignumBytes: 1_024, clockSkew: 60 };

// The maximum depth keeps every recursion of this package far from the end of the stack. The others keep sums exact.
const MAX: Limits = {
  bytes: 0x1000_0000,
  depth: 512,
  items: 0x1000_0000,
  bignumBytes: 0x10_0000,
  clockSkew: 0xffff_ffff,
};

/**
 * @throws {TypeError} if a limit is unknown.
 * @throws {RangeError} if a limit is not an integer, or is out of bounds.
 */
export function readLimits(given: Partial<Limits> = {}): Limits {
  checkOptions('"limits"', given, Object.keys(DEFAULT_LIMITS));
  const limit = (name: keyof Limits, min: number) => {
    const value = own(given, name);
    return checkInteger(`limits.${name}`, value === undefined ? DEFAULT_LIMITS[name] : value, min, MAX[name]);
  };
  return Object.freeze({
    bytes: limit('bytes', 1),
    depth: limit('depth', 1),
    items: limit('items', 1),
    bignumBytes: limit('bignumBytes', 9),
    clockSkew: limit('clockSkew', 0),
  });
}
