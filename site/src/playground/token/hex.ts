/** Bytes <-> hexadecimal digits, two for each byte. */

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** For example `a1 64 74`: lines can break between bytes. */
export function spaced(hex: string): string {
  return hex.replace(/..(?=.)/g, '$& ');
}
