/** Cookie header -> what may be a session's value; a value -> Set-Cookie header. Knows no key and no clock. */

import { type Candidate, type CookieValues, chunkIndex, chunkName, joinChunks, MAX_CANDIDATES } from '@sealring/wire';
import { parseCookie, serializeCookie } from 'cookie-es';
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
  return joinChunks(readValues(header, cookieName), cookieName);
}

/**
 * Chunk cookies that came with the request and that the session no longer uses. The caller deletes them.
 *
 * @param keep over how many cookies the session is split now; 0 and 1 both keep no chunk.
 * @returns their names, lowest number first.
 */
export function staleChunks(header: string | null | undefined, cookieName: string, keep: number): string[] {
  if (typeof header !== 'string' || !header.includes(`${cookieName}.`)) return []; // most requests bring none
  const numbers = [...readValues(header, cookieName).keys()].map((name) => chunkIndex(cookieName, name) ?? 0);
  const stale = numbers.filter((number) => number > 0 && number >= keep).sort((a, b) => a - b);
  return stale.map((number) => chunkName(cookieName, number));
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
  const line = format(name, value, attributes, maxAge === undefined ? {} : { maxAge });
  return { name, value, attributes, maxAge, line };
}

/** Browsers delete only a cookie of the same name, domain, path and partition, and accept a prefixed name only with its attributes. */
export function deletionOf(name: string, attributes: Attributes): SetCookie {
  const line = format(name, '', attributes, { maxAge: 0, expires: new Date(0) }); // Expires for clients without Max-Age
  return { name, value: '', attributes, maxAge: 0, line };
}

/** cookie-es writes attributes in an order of its own, always the same one, and checks once more what attributes.ts let through. */
function format(
  name: string,
  value: string,
  { domain, path, secure, httpOnly, sameSite, partitioned, priority }: Attributes,
  lifetime: { maxAge?: number; expires?: Date },
): string {
  const given = { ...(domain === undefined ? {} : { domain }), ...(priority === undefined ? {} : { priority }) };
  const cookie = { name, value, path, secure, httpOnly, sameSite, partitioned, ...given, ...lifetime };
  return serializeCookie(cookie, { encode: (text) => text });
}

/**
 * The cookies of one session and its chunks, at most 4 of each name.
 *
 * Of cookie-es this relies on, and the tests hold: one pass over the header; `filter` is asked before a value is cut out, so that
 * ten thousand foreign or repeated cookies keep nothing; text without `=` is skipped; spaces and tabs around names and values
 * are dropped and nothing else; repeated names keep their order; the result has no prototype.
 */
function readValues(header: string | null | undefined, cookieName: string): CookieValues {
  const values = new Map<string, readonly string[]>();
  if (typeof header !== 'string' || !header.includes(cookieName)) return values;
  const counts = new Map<string, number>();
  const filter = (name: string) => {
    if (chunkIndex(cookieName, name) === undefined) return false;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count <= MAX_CANDIDATES;
  };
  const found = parseCookie(header, { filter, allowMultiple: true, decode: unquote });
  for (const [name, value = []] of Object.entries(found)) values.set(name, typeof value === 'string' ? [value] : value);
  return values;
}

/** RFC 6265 §4.1.1 allows quotes around a value. Nothing else is decoded: base64url has no percent sign. */
function unquote(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}
