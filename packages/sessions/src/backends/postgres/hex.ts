/** Hexadecimal digits, as PostgreSQL writes them -> bytes. */

export function decodeHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length >> 1);
  for (let at = 0; at < bytes.length; at++) {
    bytes[at] = (digit(text.charCodeAt(2 * at)) << 4) | digit(text.charCodeAt(2 * at + 1));
  }
  return bytes;
}

/** @param code of 0-9 or a-f. */
function digit(code: number): number {
  return (code & 15) + (code >> 6) * 9;
}
