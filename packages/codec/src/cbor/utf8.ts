/** Bytes -> the offset at which they stop being UTF-8. The Unicode Standard, table 3-7: well-formed byte sequences. */

/** @returns the offset of the first sequence from `start` to `end` that is overlong, cut off, a surrogate or above U+10FFFF; -1 if there is none. */
export function utf8Fault(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const first = bytes[at] ?? 0;
    if (first < 0x80) {
      at++;
      continue;
    }
    const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (length === 0 || at + length > end) return at;
    const second = bytes[at + 1] ?? 0;
    const min = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
    const max = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
    if (second < min || second > max) return at;
    for (let next = at + 2; next < at + length; next++) if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return at;
    at += length;
  }
  return -1;
}
