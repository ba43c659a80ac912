/** Value <-> payload. FORMAT.md §4. */

import { Refusal } from '../error.ts';
import { checkPayload } from './check.ts';
import { decodeItem, encodeItem, type Payload } from './engine.ts';
import type { Profile } from './profile.ts';
import { readValue } from './read.ts';
import { writeValue } from './write.ts';

/**
 * @returns the payload. The caller must wipe it before it encodes another value.
 * @throws {Refusal} `ERR_SEAL_TYPE_UNKNOWN` with the path of the part that cannot be sealed; `ERR_SEAL_TOO_LARGE`.
 */
export function encode(value: unknown, profile: Profile): Payload {
  return writeValue(value, profile, encodeItem);
}

/**
 * @param payload memory with the payload in its first `length` bytes.
 * @throws {Refusal} `ERR_SEAL_PAYLOAD` with offset; `ERR_SEAL_TYPE_UNKNOWN`.
 */
export function decode(payload: Uint8Array, length: number, profile: Profile): unknown {
  const { isPlain, members } = checkPayload(payload, length, profile);
  const item = decodeItem(payload, length, isPlain);
  return isPlain ? item : readValue(item, profile, members);
}

/** Checks the size of a payload. @throws {Refusal} `ERR_SEAL_TOO_LARGE`. */
export function checkSize(length: number, profile: Profile): void {
  const { bytes } = profile.limits;
  if (length > bytes) {
    throw new Refusal('ERR_SEAL_TOO_LARGE', `Cannot seal value: expected at most ${bytes} bytes, got ${length}`);
  }
}
