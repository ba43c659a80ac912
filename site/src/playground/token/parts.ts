/** A token's fields -> its parts in byte order, for colours, legend and messages. FORMAT.md §2. */
import type { Token } from '@sealring/codec';

type PartName = 'lead' | 'key-id' | 'issued-at' | 'nonce' | 'ciphertext' | 'payload' | 'tag' | 'mac';

export interface Part {
  name: PartName;
  /** As people read it. */
  label: string;
  /** First byte. */
  from: number;
  /** The byte after the last. */
  to: number;
  /** What the bytes say, as far as that can be read without a key. */
  says: string;
}

/** @param when how to write `issuedAt`. */
export function partsOf(token: Token, when: (seconds: number) => string): Part[] {
  const { header, keyId, issuedAt } = token;
  const rows: [PartName, string, number, string][] = [
    ['lead', 'Lead', 1, `0x${hex(header.subarray(0, 1))}: version 1, ${token.mode}`],
    ['key-id', 'Key id', keyId.length, hex(keyId)],
    ['issued-at', 'Issued at', 4, when(issuedAt)],
  ];
  if (token.mode === 'sealed') {
    const { nonce, box } = token;
    rows.push(['nonce', 'Nonce', nonce.length, 'random, new in every token']);
    rows.push(['ciphertext', 'Ciphertext', box.length - TAG, 'the value, unreadable without the key']);
    rows.push(['tag', 'Tag', TAG, 'fits only these very bytes, key, purpose and context']);
  } else {
    rows.push(['payload', 'Payload', token.payload.length, 'the value in CBOR, readable by anyone']);
    rows.push(['mac', 'MAC', token.mac.length, 'fits only these very bytes, key, purpose and context']);
  }
  let from = 0;
  return rows.map(([name, label, length, says]) => ({ name, label, from, to: (from += length), says }));
}

const TAG = 16; // of the box; parseToken leaves it there because the cipher wants both together

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

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
