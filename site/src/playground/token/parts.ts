/** A token's segments -> its parts in byte order, for colours, legend and messages; and which part a character belongs to. FORMAT.md §2. */
import type { Segment } from '@sealring/inspect';

export interface Part extends Pick<Segment, 'name' | 'label' | 'says'> {
  /** First byte. */
  readonly from: number;
  /** The byte after the last. */
  readonly to: number;
}

export const partsOf = (segments: readonly Segment[]): Part[] =>
  segments.map(({ name, label, says, bytes }) => ({ name, label, says, ...bytes }));

/**
 * The part that holds a character's first bit. A character is 6 bits and a byte 8, so where two parts meet in the middle of a
 * character this one is named, and `alsoIn` tells of the other.
 */
export function partAt(parts: readonly Part[], character: number): Part | undefined {
  return partOfByte(parts, Math.floor((character * 6) / 8));
}

/** The part that holds a character's last bits, where it is another one than `partAt` says. */
export function alsoIn(parts: readonly Part[], character: number): Part | undefined {
  const last = partOfByte(parts, Math.floor((character * 6 + 5) / 8));
  return last === partAt(parts, character) ? undefined : last;
}

const partOfByte = (parts: readonly Part[], byte: number) => parts.find(({ from, to }) => from <= byte && byte < to);
