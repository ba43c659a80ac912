/**
 * One value <-> the cookies it is split over, where one is too small for it. Knows no header and no key.
 *
 * `name=3.<part>; name.1=<part>; name.2=<part>`: the first cookie says how many there are. No part of a value that we seal has a
 * point, so the count cannot be mistaken. Every part but the last fills its cookie: parts of values of different lengths seldom
 * fit together, and what does fit without belonging together fails when it is opened, because all parts are sealed as one.
 */

/** Browsers ignore a cookie whose name and value together have more bytes. RFC 6265bis §5.6. */
export const MAX_COOKIE_BYTES = 4096;

/**
 * How many the caller may ask for. Browsers keep about 180 cookies for a site, but servers give up long before: Node answers 431
 * to more than 16 KiB of headers, unless `maxHeaderSize` is raised, which is three full cookies.
 */
export const MAX_CHUNKS = 16;

/** How many values the session layer tries to open, and how many cookies of one name it looks at. */
export const MAX_CANDIDATES = 4;

/** What one cookie of the session's name may stand for. From the visitor: not to be trusted before it is opened. */
export interface Candidate {
  /** The whole value, its parts joined; empty where broken. */
  readonly value: string;
  /** Over how many cookies it was split: 1 means not at all. */
  readonly chunks: number;
  /** Whether the other cookies are missing or are not of this value, so that there is nothing to open. */
  readonly broken: boolean;
}

/** A cookie of a session as it came. */
export interface SessionCookie {
  /** Which part of the value it says it has, from 0. */
  readonly part: number;
  readonly value: string;
}

/** Bytes that count towards `MAX_COOKIE_BYTES`: attributes, `=` and `;` do not. Name and value are ASCII. */
export function cookieBytes(cookieName: string, value: string): number {
  return cookieName.length + value.length;
}

/** The name of the cookie with the part `at`, from 0. */
export function chunkName(cookieName: string, at: number): string {
  return at === 0 ? cookieName : `${cookieName}.${at}`;
}

const PART = /^[1-9][0-9]?$/;

/** Which part a cookie name stands for, from 0; undefined when it belongs to another session. */
export function chunkIndex(cookieName: string, name: string): number | undefined {
  if (name === cookieName) return 0;
  if (name.length > cookieName.length + 3 || !name.startsWith(`${cookieName}.`)) return undefined;
  const digits = name.slice(cookieName.length + 1);
  return PART.test(digits) && Number(digits) < MAX_CHUNKS ? Number(digits) : undefined;
}

/**
 * How many cookies a value takes, known before it is sealed, so that the number can be sealed in.
 *
 * @param valueLength in characters of ASCII; may be more than any number of cookies that `splitValue` allows.
 */
export function countChunks(cookieName: string, valueLength: number): number {
  let count = 1;
  let space = room(cookieName, 0, 1);
  while (space < valueLength) {
    count += 1;
    // At ten the count in the first cookie takes one character more.
    space += room(cookieName, count - 1, count) - (countPrefix(count).length - countPrefix(count - 1).length);
  }
  return count;
}

/**
 * Cuts a value into the cookies it is split over, in order, none over `MAX_COOKIE_BYTES`. A value that fits into one cookie stays as it is.
 *
 * @param value base64url, for at most `MAX_CHUNKS` cookies: see `countChunks`.
 */
export function splitValue(cookieName: string, value: string): { name: string; value: string }[] {
  const count = countChunks(cookieName, value.length);
  const cookies: { name: string; value: string }[] = [];
  let from = 0;
  for (let at = 0; at < count; at++) {
    const part = value.slice(from, from + room(cookieName, at, count));
    cookies.push({ name: chunkName(cookieName, at), value: at === 0 ? countPrefix(count) + part : part });
    from += part.length;
  }
  return cookies;
}

/**
 * The values that the cookies may stand for, at most `MAX_CANDIDATES`, each once: first one for each cookie of the session's own
 * name, in the order of the header, then what else other parts of the same names give. Never throws.
 *
 * An empty cookie is none: that is what a deletion leaves behind in clients that keep it.
 */
export function joinChunks(cookies: readonly SessionCookie[], cookieName: string): Candidate[] {
  const only = cookies[0];
  if (only === undefined) return [];
  if (cookies.length === 1 && only.part === 0 && only.value !== '' && chunkCount(only.value) === 1) {
    return [{ value: only.value, chunks: 1, broken: false }]; // as almost always
  }
  const firsts: Candidate[] = [];
  const others: Candidate[] = [];
  for (const [rank, start] of valuesOf(cookies, 0).entries()) {
    if (start === '') continue;
    const count = chunkCount(start);
    const [value = '', ...more] = count === 1 ? [start] : joinParts(cookies, cookieName, start, count, rank);
    firsts.push({ value, chunks: count, broken: value === '' });
    for (const other of more) others.push({ value: other, chunks: count, broken: false });
  }
  const seen = new Set<string>();
  const distinct = [...firsts, ...others].filter(({ value }) => !seen.has(value) && seen.add(value));
  return distinct.slice(0, MAX_CANDIDATES);
}

function valuesOf(cookies: readonly SessionCookie[], part: number): string[] {
  return cookies.filter((cookie) => cookie.part === part).map(({ value }) => value);
}

/**
 * @param start the value under the bare name, count included.
 * @param rank which of its name it is, from 0.
 * @returns at most `MAX_CANDIDATES` values, none when no choice of parts has the right lengths.
 */
function joinParts(
  cookies: readonly SessionCookie[],
  cookieName: string,
  start: string,
  count: number,
  rank: number,
): string[] {
  const choices = [[start.slice(countPrefix(count).length)]];
  for (let at = 1; at < count; at++) choices.push([...new Set(valuesOf(cookies, at))]);
  const fitting = choices.map((parts, at) => parts.filter((part) => isChunk(cookieName, part.length, at, count)));
  const joins = fitting.reduce((product, parts) => product * parts.length, 1);
  if (joins === 0) return [];

  // Two sessions of one name, as from two paths, come in the same order under every name: so parts of one rank first.
  const joined = new Set([fitting.map((parts) => parts[Math.min(rank, parts.length - 1)]).join('')]);
  for (let number = 0; number < joins && joined.size < MAX_CANDIDATES; number++) joined.add(pick(fitting, number));
  return [...joined];
}

/** The join with this number, as an odometer counts them: each number another choice of parts. */
function pick(choices: readonly (readonly string[])[], number: number): string {
  let rest = number;
  const parts = choices.map((parts) => {
    const part = parts[rest % parts.length];
    rest = Math.floor(rest / parts.length);
    return part;
  });
  return parts.join('');
}

/**
 * Whether a part has the length that it must have: every part but the last fills its cookie, and the last is not empty.
 *
 * @param length without the count of the first part.
 */
export function isChunk(cookieName: string, length: number, at: number, count: number): boolean {
  const max = room(cookieName, at, count);
  return at === count - 1 ? length > 0 && length <= max : length === max;
}

/** Characters of the value that fit into the cookie with the part `at` of `count`. Names and values are ASCII. */
function room(cookieName: string, at: number, count: number): number {
  return MAX_COOKIE_BYTES - chunkName(cookieName, at).length - (at === 0 ? countPrefix(count).length : 0);
}

const COUNT = /^([2-9]|1[0-9])\./;

function countPrefix(count: number): string {
  return count === 1 ? '' : `${count}.`;
}

/**
 * Over how many cookies a value is split, as the value under the bare name says: 1 if it has no count, or none that `splitValue` writes. Such a value is
 * then tried as it is, and rejected.
 */
export function chunkCount(start: string): number {
  const count = Number(COUNT.exec(start)?.[1] ?? 1);
  return count <= MAX_CHUNKS ? count : 1;
}
