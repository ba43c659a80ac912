/** A cookie's name and value -> what it takes of a browser's limit, and over how many cookies a session of that size is split. */
import type { PastedCookie } from '@sealring/inspect';

/** Browsers drop a cookie whose name and value have more bytes together. RFC 6265bis §5.6. */
export const COOKIE_LIMIT = 4096;

/** Over how many cookies the session layer splits a session at most. */
const MOST_CHUNKS = 16;

export interface CookieSize {
  /** Of name and value: `=`, `;` and the attributes do not count. */
  readonly bytes: number;
  readonly isDropped: boolean;
  /** 1: one cookie is enough. */
  readonly chunks: number;
}

const bytesOf = (text: string) => new TextEncoder().encode(text).length;

export function measureCookie(name: string, value: string): CookieSize {
  return measureLengths(bytesOf(name), bytesOf(value));
}

/** Of a cookie that was pasted, as it was sent: quotes and percent signs count. @param name another one, where it was typed. */
export function measurePasted(cookie: PastedCookie, name: string): CookieSize {
  return measureLengths(bytesOf(name), cookie.size - bytesOf(cookie.name));
}

/** The same by lengths in bytes. */
export function measureLengths(name: number, value: number): CookieSize {
  const bytes = name + value;
  return { bytes, isDropped: bytes > COOKIE_LIMIT, chunks: countChunks(name, value) };
}

/** For example `Name and value are 179 of 4,096 bytes.` */
export function describeSize({ bytes, isDropped, chunks }: CookieSize): string {
  const text = `Name and value are ${count(bytes)} of ${count(COOKIE_LIMIT)} bytes`;
  if (!isDropped) return `${text}.`;
  const split =
    chunks > MOST_CHUNKS
      ? `It would take ${count(chunks)} cookies, and a session is split over ${MOST_CHUNKS} at most.`
      : `The store option chunks: ${chunks} splits a session of this size over ${chunks} cookies.`;
  return `${text}: browsers will drop this cookie. ${split}`;
}

const count = (number: number) => number.toLocaleString('en');

/** `name=3.<part>; name.1=<part>; name.2=<part>`: the first says how many there are. */
function countChunks(name: number, value: number): number {
  let chunks = 1;
  let room = COOKIE_LIMIT - name;
  while (room < value && name < COOKIE_LIMIT - 8) {
    chunks += 1;
    const first = COOKIE_LIMIT - name - `${chunks}.`.length;
    room = first + Array.from({ length: chunks - 1 }, (_, at) => COOKIE_LIMIT - name - `.${at + 1}`.length).reduce(sum);
  }
  return chunks;
}

const sum = (one: number, other: number) => one + other;
