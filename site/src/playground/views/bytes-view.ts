/** Bytes -> rows of eight in hexadecimal, with the characters they would be; what is no printable ASCII is a dot. */

const ROW = 8;
const MOST_ROWS = 64;

export function formatBytes(bytes: Uint8Array): string {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length && rows.length < MOST_ROWS; at += ROW) {
    const row = [...bytes.subarray(at, at + ROW)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    rows.push(`${hex.padEnd(3 * ROW)} ${text}`);
  }
  const left = bytes.length - ROW * rows.length;
  return left > 0 ? `${rows.join('\n')}\n… and ${left} bytes more` : rows.join('\n');
}
