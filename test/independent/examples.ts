/** The worked examples of FORMAT.md, row by row. */
import { readFileSync } from 'node:fs';

const text = readFileSync(new URL('../../packages/codec/FORMAT.md', import.meta.url), 'utf8');
const part = (from: string, to: string) => text.slice(text.indexOf(`\n${from}`), text.indexOf(`\n${to}`));

/** The first two columns of each table, as they stand but for the backticks around the second. */
function rowsOf(section: string): [name: string, value: string][] {
  return [...section.matchAll(/^\| (.+?) \| `([^`]+)`/gm)].map(([, name = '', value = '']) => [name, value]);
}

export const tokens = rowsOf(part('## 8. Worked examples', '### Values and their payloads'));
export const payloads = rowsOf(part('### Values and their payloads', '### Payloads of the tags'));
export const temporal = rowsOf(part('### Payloads of the tags', '### Payloads that a reader accepts'));
export const spellings = rowsOf(part('### Payloads that a reader accepts', '## 9. Sessions'));
export const sessions = rowsOf(part('### Sessions, worked', '## 10.'));

/** The key of all examples, their random bytes, the second secret of some, and the second in which they were issued. */
export const key: Uint8Array = Uint8Array.from({ length: 32 }, (_, at) => at);
export const random: Uint8Array = Uint8Array.from({ length: 16 }, (_, at) => 0x40 + at);
export const secret: Uint8Array = Uint8Array.from({ length: 32 }, (_, at) => 0xa0 + at);
export const issuedAt = 1_767_225_600;
export const purpose = 'magic-link';

/** The value of the first row whose name starts so. */
export function cell(rows: readonly (readonly [string, string])[], name: string): string {
  const found = rows.find(([given]) => given.startsWith(name));
  if (found === undefined) throw new Error(`FORMAT.md has no row ${name}`);
  return found[1];
}
