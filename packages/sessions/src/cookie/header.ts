/** Cookie header -> what may be a session's value; a value -> Set-Cookie header. Knows no key and no clock. */

import { type Candidate, chunkIndex, chunkName, joinChunks, MAX_CANDIDATES, type SessionCookie } from '@sealring/wire';
import { MAX_COOKIE_AGE } from '../session/lifetime.ts';
import type { Attributes } from './attributes.ts';

/**
 * The values that cookies of one session may stand for: at most 4, in the order of the header. Of several cookies with one name
 * the caller takes the one that opens, as any subdomain can set another. Never throws, in time linear in the header's length.
 *
 * @param header every Cookie header of the request, joined by `; `.
 * @param cookieName as `cookieNameOf` gives it; compared exactly, upper and lower case differ.
 */
export function parseCookies(header: string | null | undefined, cookieName: string): Candidate[] {
  return joinChunks(readCookies(header, cookieName), cookieName);
}

/**
 * Chunk cookies that came with the request and that the session no longer uses. The caller deletes them.
 *
 * @param keep over how many cookies the session is split now; 0 and 1 both keep no chunk.
 * @returns their names, lowest number first.
 */
export function staleChunks(header: string | null | undefined, cookieName: string, keep: number): string[] {
  if (typeof header !== 'string' || !hasChunk(header, cookieName)) return []; // most requests bring none
  const parts = new Set(readCookies(header, cookieName).map(({ part }) => part));
  const stale = [...parts].filter((part) => part > 0 && part >= keep).sort((a, b) => a - b);
  return stale.map((part) => chunkName(cookieName, part));
}

function hasChunk(header: string, cookieName: string): boolean {
  let at = header.indexOf(cookieName);
  while (at >= 0 && header.charAt(at + cookieName.length) !== '.') at = header.indexOf(cookieName, at + 1);
  return at >= 0;
}

/** The Cookie header that a browser would send once it has these cookies: other cookies stay as they are, in their order. */
export function cookieHeaderAfter(
  header: string,
  cookies: readonly Pick<SetCookie, 'name' | 'value' | 'maxAge'>[],
): string {
  const names = new Set(cookies.map(({ name }) => name));
  const others = header.split(';').map((pair) => pair.trim());
  const kept = others.filter((pair) => pair !== '' && !names.has(pair.split('=', 1)[0]?.trimEnd() ?? ''));
  const set = cookies.filter(({ maxAge }) => maxAge !== 0).map(({ name, value }) => `${name}=${value}`);
  return [...kept, ...set].join('; ');
}

/** A cookie to set, as `commit` returns it: its parts, and the whole Set-Cookie line. */
export interface SetCookie {
  readonly name: string;
  /** Base64url, or a count and base64url; empty for a deletion. */
  readonly value: string;
  readonly attributes: Attributes;
  /** Seconds; `undefined`: until the browser closes; 0: a deletion. */
  readonly maxAge: number | undefined;
  readonly line: string;
}

/**
 * Formats a cookie.
 *
 * @param name as `cookieNameOf` or `splitValue` returns it for the same attributes.
 * @param seconds limited to 400 days, fractions rounded up; `undefined`: until the browser closes; 0 or less: a deletion, because a value that nobody
 *   is to keep is better not sent.
 * @throws {TypeError} if `value` has characters that no cookie may have.
 */
export function setCookieOf(
  name: string,
  value: string,
  attributes: Attributes,
  seconds: number | undefined,
): SetCookie {
  if (seconds !== undefined && seconds <= 0) return deletionOf(name, attributes);
  // No Expires: Max-Age wins in every browser of today, and Expires goes by the visitor's clock, which may be wrong.
  const maxAge = seconds === undefined ? undefined : Math.ceil(Math.min(seconds, MAX_COOKIE_AGE));
  const line = format(name, value, attributes, maxAge);
  return { name, value, attributes, maxAge, line };
}

/** Browsers delete only a cookie of the same name, domain, path and partition, and accept a prefixed name only with its attributes. */
export function deletionOf(name: string, attributes: Attributes): SetCookie {
  const line = format(name, '', attributes, 0, '; Expires=Thu, 01 Jan 1970 00:00:00 GMT'); // for clients without Max-Age
  return { name, value: '', attributes, maxAge: 0, line };
}

// RFC 6265 §4.1.1 cookie-octet, and what else browsers take: all of printable ASCII but spaces and semicolons.
const VALUE = /^[\x21-\x3a\x3c-\x7e]*$/;

function format(name: string, value: string, attributes: Attributes, maxAge: number | undefined, expires = ''): string {
  if (!VALUE.test(value)) throw new TypeError(`The cookie "${name}" expected a value of printable ASCII`);
  if (maxAge !== undefined && !Number.isInteger(maxAge))
    throw new TypeError(`"maxAge" expected seconds, got ${maxAge}`);
  const [scope, rules] = texts.get(attributes) ?? textsOf(attributes);
  return `${name}=${value}${maxAge === undefined ? '' : `; Max-Age=${maxAge}`}${scope}${expires}${rules}`;
}

/** What was written of attributes before: those of a store or definition are always the same object. */
const texts: WeakMap<Attributes, readonly string[]> = /* @__PURE__ */ new WeakMap();

function textsOf(attributes: Attributes): readonly string[] {
  const { domain, path, secure, httpOnly, sameSite, partitioned, priority } = attributes;
  const scope = `${domain === undefined ? '' : `; Domain=${domain}`}; Path=${path}`;
  const flags = `${httpOnly ? '; HttpOnly' : ''}${secure ? '; Secure' : ''}${partitioned ? '; Partitioned' : ''}`;
  const rank = priority === undefined ? '' : `; Priority=${capitalize(priority)}`;
  const made = [scope, `${flags}${rank}; SameSite=${capitalize(sameSite)}`];
  texts.set(attributes, made);
  return made;
}

function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/**
 * The cookies of one session and its chunks, at most 4 of each name, in the order of the header. Ten thousand foreign or repeated
 * cookies keep nothing. Spaces and tabs around names and values are dropped and nothing else; what has no `=` is no cookie.
 */
function readCookies(header: unknown, cookieName: string): readonly SessionCookie[] {
  let cookies: readonly SessionCookie[] = [];
  if (typeof header !== 'string') return cookies;
  for (let from = 0; from < header.length; ) {
    const end = header.indexOf(';', from);
    const next = end < 0 ? header.length : end;
    const start = skipSpace(header, from, next);
    if (header.startsWith(cookieName, start)) cookies = withCookie(cookies, header.slice(start, next), cookieName);
    from = next + 1;
  }
  return cookies;
}

function withCookie(cookies: readonly SessionCookie[], pair: string, cookieName: string): readonly SessionCookie[] {
  const at = pair.indexOf('=');
  const part = at < 0 ? undefined : chunkIndex(cookieName, trimEnd(pair.slice(0, at)));
  if (part === undefined) return cookies;
  if (cookies.length >= MAX_CANDIDATES && cookies.filter((one) => one.part === part).length >= MAX_CANDIDATES)
    return cookies;
  return cookies.concat({ part, value: unquote(trimEnd(pair.slice(skipSpace(pair, at + 1, pair.length)))) });
}

/** No other: a browser takes whatever else looks like a space for a part of the name, and does not see a prefix behind it. */
const SPACE = ' \t';

function skipSpace(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && SPACE.includes(text.charAt(at))) at++;
  return at;
}

function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && SPACE.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** RFC 6265 §4.1.1 allows quotes around a value. Nothing else is decoded: base64url has no percent sign. */
function unquote(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}
