/** Bytes and an offset -> the head of the data item there: major type, argument, length. RFC 8949 §3. */

import { count } from '../text.ts';

export interface Head {
  readonly major: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;
  /** The low five bits. */
  readonly info: number;
  /** A bigint if a number cannot hold it. */
  readonly argument: number | bigint;
  /** Bytes of the head, 1 to 9. */
  readonly length: number;
}

/** What is wrong with the bytes, and at which offset. */
export interface Fault {
  readonly at: number;
  readonly message: string;
}

const MAJORS = [0, 1, 2, 3, 4, 5, 6, 7] as const;

/** Returns the head, or a fault if it is cut off, reserved, of indefinite length, or longer than needed. FORMAT.md §4. */
export function readHead(bytes: Uint8Array, at: number): Head | Fault {
  const first = bytes[at];
  if (first === undefined) return { at, message: 'the bytes end where a data item was expected' };
  const major = MAJORS[first >> 5] ?? 7;
  const info = first & 31;
  if (info < 24) return { major, info, argument: info, length: 1 };
  if (info === 31)
    return {
      at,
      message:
        major === 7
          ? 'a “break” outside an item of indefinite length'
          : 'an indefinite length, which a token never has',
    };
  if (info > 27) return { at, message: `0x${first.toString(16)}, which is reserved` };
  const size = 1 << (info - 24);
  if (at + size >= bytes.length)
    return { at, message: `a head of ${size + 1} bytes, but only ${bytesLeft(bytes.length - at)}` };
  let argument = 0n;
  for (const byte of bytes.subarray(at + 1, at + 1 + size)) argument = argument * 256n + BigInt(byte);
  const min = info === 24 ? 24n : 1n << BigInt(size * 4);
  // A head of major type 7 has a float after it, not an argument.
  if (argument < min && major !== 7) return { at, message: 'a head that is longer than it needs to be' };
  return { major, info, argument: argument <= MAX_NUMBER ? Number(argument) : argument, length: size + 1 };
}

const MAX_NUMBER = BigInt(Number.MAX_SAFE_INTEGER);

export function isFault(read: Head | Fault): read is Fault {
  return 'message' in read;
}

/** Returns `1 byte is left`, `3 bytes are left`. */
export function bytesLeft(bytes: number): string {
  return `${count(bytes, 'byte')} ${bytes === 1 ? 'is' : 'are'} left`;
}
