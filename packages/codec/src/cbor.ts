/** Value <-> payload: lower and encode, gate and decode and raise. FORMAT.md §4. */

import { decodeItem, encodeItem } from './engine.ts';
import { Refusal } from './error.ts';
import { checkPayload, type Mark } from './gate.ts';
import { lower } from './lower.ts';
import type { Profile } from './profile.ts';
import { raise } from './raise.ts';

/**
 * @returns a view into the engine's buffer, to be wiped before anything else is encoded.
 * @throws {Refusal} `ERR_SEAL_TYPE_UNKNOWN` with the path of what cannot be sealed; `ERR_SEAL_TOO_LARGE`.
 */
export function encode(value: unknown, profile: Profile): Uint8Array {
  const lowered = lower(value, profile);
  return encodeItem(lowered);
}

/** @throws {Refusal} `ERR_SEAL_PAYLOAD` with offset; `ERR_SEAL_TYPE_UNKNOWN`. */
export function decode(payload: Uint8Array, profile: Profile): unknown {
  const { marks, isPlain } = checkPayload(payload, profile);
  const bytes = marks.length === 0 ? payload : doubleMarks(payload, marks);
  const item = decodeItem(bytes, isPlain);
  if (bytes !== payload) bytes.fill(0);
  return isPlain ? item : raise(item, profile);
}

/** The size of what `encode` gave, held against the limit. @throws {Refusal} `ERR_SEAL_TOO_LARGE`. */
export function checkSize(payload: Uint8Array, profile: Profile): void {
  const { bytes } = profile.limits;
  if (payload.length > bytes) {
    throw new Refusal(
      'ERR_SEAL_TOO_LARGE',
      `Cannot seal value: expected at most ${bytes} bytes, got ${payload.length}`,
    );
  }
}

/** A copy in which each marked text starts with U+FEFF twice: the engine strips one. */
function doubleMarks(payload: Uint8Array, marks: readonly Mark[]): Uint8Array {
  const copy: number[] = [];
  let copied = 0;
  for (const { start, from, length } of marks) {
    for (; copied < start; copied++) copy.push(payload[copied] ?? 0);
    const longer = length + 3;
    copy.push(0x7a, longer >>> 24, (longer >>> 16) & 255, (longer >>> 8) & 255, longer & 255, 0xef, 0xbb, 0xbf);
    copied = from;
  }
  return Uint8Array.from([...copy, ...payload.subarray(copied)]);
}
