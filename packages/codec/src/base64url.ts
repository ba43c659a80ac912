/** Bytes <-> base64url without padding, in the one canonical spelling. RFC 4648 §5; FORMAT.md §2. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const FOREIGN = 0x80; // a flag above the 6 value bits

const encoding: Uint8Array = /* @__PURE__ */ Uint8Array.from(ALPHABET, (character) => character.charCodeAt(0));
const decoding: Uint8Array = /* @__PURE__ */ Uint8Array.from({ length: 128 }, (_, code) => {
  const value = ALPHABET.indexOf(String.fromCharCode(code));
  return value < 0 ? FOREIGN : value;
});
const ascii: TextDecoder = /* @__PURE__ */ new TextDecoder();

/** @returns `ceil(bytes.length * 4 / 3)` characters of `A–Z a–z 0–9 - _`. */
export function encodeBase64url(bytes: Uint8Array): string {
  const whole = bytes.length - (bytes.length % 3);
  const text = new Uint8Array(Math.ceil((bytes.length * 4) / 3));
  let to = 0;
  for (let from = 0; from < whole; from += 3) {
    const three = ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
    text[to++] = encoding[three >> 18] ?? 0;
    text[to++] = encoding[(three >> 12) & 63] ?? 0;
    text[to++] = encoding[(three >> 6) & 63] ?? 0;
    text[to++] = encoding[three & 63] ?? 0;
  }
  if (whole < bytes.length) {
    const last = ((bytes[whole] ?? 0) << 16) | ((bytes[whole + 1] ?? 0) << 8);
    text[to++] = encoding[last >> 18] ?? 0;
    text[to++] = encoding[(last >> 12) & 63] ?? 0;
    if (to < text.length) text[to] = encoding[(last >> 6) & 63] ?? 0;
  }
  return ascii.decode(text);
}

/**
 * @returns the bytes, or undefined where `text` is not the canonical spelling of any: a foreign character (padding and white
 *   space included), a length of 1 modulo 4, non-zero spare bits in the last character.
 */
export function decodeBase64url(text: string): Uint8Array | undefined {
  const { length } = text;
  if (length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((length * 3) / 4));
  let codes = 0; // every code unit, ORed: above 127 the table below would be read modulo 128
  let values = 0; // every table entry, ORed: shows FOREIGN if one was
  let to = 0;
  let from = 0;
  for (const whole = length - (length % 4); from < whole; from += 4) {
    const c0 = text.charCodeAt(from);
    const c1 = text.charCodeAt(from + 1);
    const c2 = text.charCodeAt(from + 2);
    const c3 = text.charCodeAt(from + 3);
    const v0 = decoding[c0 & 127] ?? FOREIGN;
    const v1 = decoding[c1 & 127] ?? FOREIGN;
    const v2 = decoding[c2 & 127] ?? FOREIGN;
    const v3 = decoding[c3 & 127] ?? FOREIGN;
    codes |= c0 | c1 | c2 | c3;
    values |= v0 | v1 | v2 | v3;
    bytes[to++] = (v0 << 2) | (v1 >> 4);
    bytes[to++] = (v1 << 4) | (v2 >> 2);
    bytes[to++] = (v2 << 6) | v3;
  }
  let spare = 0;
  if (from < length) {
    let bits = 0;
    for (; from < length; from++) {
      const code = text.charCodeAt(from);
      const value = decoding[code & 127] ?? FOREIGN;
      codes |= code;
      values |= value;
      bits = (bits << 6) | value;
    }
    if (length % 4 === 3) {
      spare = bits & 3;
      bytes[to++] = bits >> 10;
      bytes[to] = bits >> 2;
    } else {
      spare = bits & 15;
      bytes[to] = bits >> 4;
    }
  }
  return codes > 127 || (values & FOREIGN) !== 0 || spare !== 0 ? undefined : bytes;
}
