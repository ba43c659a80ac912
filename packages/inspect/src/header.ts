/** The value of a Cookie or Set-Cookie header -> its cookies. RFC 6265bis §4. */

import type { RawCookie } from './joined-cookies.ts';

/** A cookie's name: token, RFC 9110 §5.6.2. */
export const NAME: RegExp = /^[\w.!#$%&'*+^`|~-]+$/;

const ATTRIBUTES: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'path',
  'domain',
  'max-age',
  'expires',
  'secure',
  'httponly',
  'samesite',
  'partitioned',
  'priority',
]);

/**
 * @param isSetCookie whether it is a Set-Cookie header. `undefined`: decide by the parts after the first pair, and accept only pairs.
 * @returns the cookies, or `undefined` if there is no pair. With `isSetCookie` undefined, also if any part is not a pair.
 */
export function readHeader(header: string, isSetCookie: boolean | undefined): RawCookie[] | undefined {
  const [first = '', ...others] = header.split(';').map((piece) => piece.trim());
  const rest = others.filter((piece) => piece !== '');
  const areAttributes = rest.length > 0 && rest.every((piece) => ATTRIBUTES.has(readAttribute(piece)[0]));
  if (isSetCookie ?? areAttributes) {
    const pair = readPair(first, new Map(rest.map(readAttribute)));
    return pair && [pair];
  }
  const pieces = first === '' ? rest : [first, ...rest];
  const pairs = pieces.map((piece) => readPair(piece, undefined)).filter((pair) => pair !== undefined);
  const isWhole = isSetCookie === false || pairs.length === pieces.length;
  return pairs.length > 0 && isWhole ? pairs : undefined;
}

/** @param raw the value as it was sent, which counts towards the cookie's size. */
export function cookieOf(name: string, raw: string, attributes: ReadonlyMap<string, string> | undefined): RawCookie {
  return { name, value: unescapeValue(raw), attributes, size: byteLength(name) + byteLength(raw) };
}

/** Removes quotes at both ends, which RFC 6265 allows and copying can leave, and decodes percent-encoding if it is valid. */
export function unescapeValue(raw: string): string {
  const value = unquote(raw);
  if (!value.includes('%')) return value;
  try {
    return unquote(decodeURIComponent(value));
  } catch {
    return value;
  }
}

function unquote(text: string): string {
  return text.replace(/^\\?["'`]/, '').replace(/\\?["'`],?$/, '');
}

function byteLength(text: string): number {
  return FOREIGN.test(text) ? new TextEncoder().encode(text).length : text.length;
}

const FOREIGN = /[^ -~]/;

function readPair(piece: string, attributes: ReadonlyMap<string, string> | undefined): RawCookie | undefined {
  const at = piece.indexOf('=');
  const name = piece
    .slice(0, Math.max(at, 0))
    .trim()
    .replace(/^["'`]/, '');
  return NAME.test(name) ? cookieOf(name, piece.slice(at + 1).trim(), attributes) : undefined;
}

function readAttribute(piece: string): [string, string] {
  const at = piece.indexOf('=');
  if (at < 0) return [piece.toLowerCase(), ''];
  return [piece.slice(0, at).trim().toLowerCase(), piece.slice(at + 1).trim()];
}
