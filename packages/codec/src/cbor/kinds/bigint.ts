/** bigint <-> the bytes of its magnitude. RFC 8949 §3.4.3; FORMAT.md §4, tags 2 and 3. */

import { BYTES } from '../cursor.ts';
import { fault } from '../fault.ts';
import type { Kind, ValueWriter } from './kind.ts';

const TAG_POSITIVE = 2;
const TAG_NEGATIVE = 3; // of -1 - n

export const bigint: Kind = {
  names: [], // a bigint is a primitive: see writeBigint
  tags: [TAG_POSITIVE, TAG_NEGATIVE],
  write: () => undefined,
  check(checker, _tag, depth) {
    const start = checker.offset;
    if (checker.peek() !== BYTES) throw fault('type', start);
    const length = checker.argument();
    if (checker.bytes[checker.offset] === 0 && length > 0) throw fault('form', start);
    if (length > checker.limits.bignumBytes) throw fault('bignum', start);
    checker.offset = start;
    checker.item(depth);
  },
  read(content, _reader, tag) {
    if (!(content instanceof Uint8Array)) throw fault('type');
    const digits = Array.from(content, (byte) => byte.toString(16).padStart(2, '0')).join('');
    const magnitude = BigInt(`0x0${digits}`);
    return tag === TAG_POSITIVE ? magnitude : -1n - magnitude;
  },
};

/** @throws {Refusal} `ERR_SEAL_TOO_LARGE`. */
export function writeBigint(value: bigint, writer: ValueWriter, depth: number): object {
  const magnitude = value < 0n ? -1n - value : value;
  const { bignumBytes } = writer.limits;
  if (magnitude >> BigInt(8 * bignumBytes) !== 0n)
    throw writer.tooLarge(depth, `a bigint of over ${bignumBytes} bytes`);
  const digits = magnitude === 0n ? '' : magnitude.toString(16);
  const bytes = Uint8Array.from({ length: (digits.length + 1) >> 1 }, (_, at) => {
    const end = digits.length - 2 * at;
    return Number.parseInt(digits.slice(Math.max(0, end - 2), end), 16);
  }).reverse();
  return writer.tagged(undefined, value < 0n ? TAG_NEGATIVE : TAG_POSITIVE, depth, bytes);
}
