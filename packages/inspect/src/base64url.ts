/** String <-> bytes, or the first error that makes a string invalid base64url. RFC 4648 §5; FORMAT.md §2. */

import type { Range } from './explanation.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const values: ReadonlyMap<string, number> = /* @__PURE__ */ new Map(
  Array.from(ALPHABET, (character, at) => [character, at]),
);

export interface Spelling {
  /** The decoded bytes, without a last character that does not complete one. `undefined` if there is a foreign character. */
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
  /** Why the string is not canonical base64url, or `undefined` if it is. */
  readonly fault: SpellingFault | undefined;
}

export interface SpellingFault {
  readonly reason: 'foreign' | 'padding' | 'length' | 'spare';
  /** The characters of the string that are wrong. */
  readonly characters: Range;
  /** For people: what is wrong, and where. */
  readonly found: string;
}

export function readBase64url(text: string): Spelling {
  const at = text.search(/[^A-Za-z0-9_-]/);
  if (at >= 0) return { bytes: undefined, fault: foreign(text, at) };
  const { length } = text;
  if (length % 4 === 1) {
    const found = `${length} characters; base64url never has this length, so at least one character is missing or was added`;
    const { bytes } = decode(text.slice(0, -1));
    return { bytes, fault: { reason: 'length', characters: { from: length - 1, to: length }, found } };
  }
  const { bytes, spare, width } = decode(text);
  if (spare === 0) return { bytes, fault: undefined };
  const last = text.slice(-1);
  const expected = ALPHABET[(values.get(last) ?? 0) - spare] ?? '';
  const bits = spare.toString(2).padStart(width, '0');
  const found = `the last ${width} bits of the last character, “${last}”, are ${bits}, but must be zero: expected “${expected}”`;
  return { bytes, fault: { reason: 'spare', characters: { from: length - 1, to: length }, found } };
}

/** Encodes without padding. */
export function encodeBase64url(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second = 0, third = 0] = bytes.subarray(at, at + 3);
    const bits = (first << 16) | (second << 8) | third;
    for (const shift of [18, 12, 6, 0]) text += ALPHABET[(bits >> shift) & 63];
  }
  return text.slice(0, Math.ceil((bytes.length * 4) / 3));
}

/** Decodes a valid string. For an invalid one the bytes are meaningless. */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> {
  return decode(text).bytes;
}

function decode(text: string): { bytes: Uint8Array<ArrayBuffer>; spare: number; width: number } {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let width = 0;
  let to = 0;
  for (const character of text) {
    bits = ((bits << 6) | (values.get(character) ?? 0)) & 0xffff;
    width += 6;
    if (width < 8) continue;
    width -= 8;
    bytes[to++] = bits >> width;
    bits &= (1 << width) - 1;
  }
  return { bytes, spare: bits, width };
}

function foreign(text: string, at: number): SpellingFault {
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const characters = { from: at, to: at + character.length };
  if (/^=+$/.test(text.slice(at))) {
    return {
      reason: 'padding',
      characters: { from: at, to: text.length },
      found: `“=” at character ${at + 1}: a token has no padding`,
    };
  }
  const others = text.slice(at).match(/[^A-Za-z0-9_-]/gu)?.length ?? 1;
  const more =
    others > 1 ? `, the first of ${others} characters that a token cannot have` : ', which a token cannot have';
  return { reason: 'foreign', characters, found: `${nameOf(character)} at character ${at + 1}${more}` };
}

const NAMES: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  [' ', 'a space'],
  ['\t', 'a tab'],
  ['\n', 'a line break'],
  ['\r', 'a line break'],
  ['+', '“+”, which is “-” in base64url,'],
  ['/', '“/”, which is “_” in base64url,'],
]);

function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return (
    NAMES.get(character) ??
    (code < 0x21 || (code > 0x7e && code < 0xa1) ? hex : code > 0x7e ? `“${character}” (${hex})` : `“${character}”`)
  );
}
