/** A cookie's name and value -> what it takes of a browser's limit, and over how many cookies a session of that size is split. */
import type { PastedCookie } from '@sealring/inspect';
import { countChunks, MAX_CHUNKS, MAX_COOKIE_BYTES } from '@sealring/wire';

const LONGEST_NAME = 1024; // characters; no chunk of a cookie with a longer name has room worth the while

export interface CookieSize {
  /** Of name and value: `=`, `;` and the attributes do not count. */
  readonly bytes: number;
  readonly isDropped: boolean;
  /** 1: one cookie is enough. */
  readonly chunks: number;
}

const bytesOf = (text: string) => new TextEncoder().encode(text).length;

export function measureCookie(name: string, value: string): CookieSize {
  return measureLength(name, bytesOf(value));
}

/** Of a cookie that was pasted, as it was sent: quotes and percent signs count. @param name another one, where it was typed. */
export function measurePasted(cookie: PastedCookie, name: string): CookieSize {
  return measureLength(name, cookie.size - bytesOf(cookie.name));
}

/** @param length of the value in bytes. */
export function measureLength(name: string, length: number): CookieSize {
  const bytes = bytesOf(name) + length;
  const isDropped = bytes > MAX_COOKIE_BYTES;
  return { bytes, isDropped, chunks: isDropped && name.length <= LONGEST_NAME ? countChunks(name, length) : 1 };
}

/** For example `Name and value are 179 of 4,096 bytes.` */
export function describeSize({ bytes, isDropped, chunks }: CookieSize): string {
  const text = `Name and value are ${count(bytes)} of ${count(MAX_COOKIE_BYTES)} bytes`;
  if (!isDropped) return `${text}.`;
  const split =
    chunks > MAX_CHUNKS
      ? `It would take ${count(chunks)} cookies, and a session is split over ${MAX_CHUNKS} at most.`
      : `The store option chunks: ${chunks} splits a session of this size over ${chunks} cookies.`;
  return `${text}: browsers will drop this cookie. ${split}`;
}

const count = (number: number) => number.toLocaleString('en');
