/** A row <-> the one string that Redis keeps of it: a line of words, then the bytes as they are. */

import { Buffer } from 'node:buffer';
import type { StoredRecord, Version } from '../backend.ts';
import type { Row } from '../kit/rows.ts';

/**
 * The line is `version expiresAt` or `version expiresAt listedUntil subject`, and ends with a newline. The version comes first: a script
 * compares it. Times are seconds since the epoch; the subject is percent-encoded, so that it is one word.
 */
interface Head {
  readonly version: Version;
  readonly expiresAt: number;
  /** Where the record is listed, if it has a subject. */
  readonly listing: Listing | undefined;
  /** Bytes of the line, with its newline. */
  readonly length: number;
}

export interface Listing {
  /** The subject, as a word. */
  readonly place: string;
  /** The subject's index has the id at least until then. 0: it is not known to have it. */
  readonly until: number;
}

/** Bytes that the line may have beside the word of the subject. */
const MAX_LINE = 128;
const NEWLINE = 0x0a;

/** A record as it was read. It knows the bytes that Redis has, to which the next write can compare. */
export class RedisRecord implements StoredRecord {
  readonly data: Uint8Array;
  readonly version: Version;
  readonly expiresAt: number;
  readonly #stored: Buffer;
  readonly #listing: Listing | undefined;

  /** @throws {Error} if `formatRow` did not make it. */
  constructor(stored: Buffer) {
    const head = parseHead(stored);
    if (head === undefined) throw new Error('A key that sessions use holds something other than a session');
    this.version = head.version;
    this.expiresAt = head.expiresAt;
    this.data = new Uint8Array(stored.subarray(head.length)); // bytes of their own, not a part of the client's
    this.#stored = stored;
    this.#listing = head.listing;
  }

  /** The bytes that Redis has of a record, if this is as `read` returned it. */
  static storedOf(record: StoredRecord): Buffer | undefined {
    return #stored in record ? record.#stored : undefined;
  }

  static listingOf(record: StoredRecord): Listing | undefined {
    return #listing in record ? record.#listing : undefined;
  }
}

/** @param listedUntil as in `Listing`; of no meaning without a subject. */
export function formatRow({ version, expiresAt, subject, data }: Row, listedUntil: number): Buffer {
  const listing = subject === undefined ? '' : ` ${listedUntil} ${placeOf(subject)}`;
  const line = `${version} ${expiresAt}${listing}\n`;
  const bytes = Buffer.allocUnsafe(line.length + data.length);
  bytes.write(line, 'latin1');
  bytes.set(data, line.length);
  return bytes;
}

/** Returns what the line says, or `undefined` if these bytes do not begin with one. */
export function parseHead(bytes: Buffer): Head | undefined {
  const end = bytes.indexOf(NEWLINE);
  if (end < 0) return undefined;
  const [version = '', expiry, until, place] = bytes.toString('latin1', 0, end).split(' ');
  const expiresAt = Number(expiry);
  if (version === '' || Number.isNaN(expiresAt)) return undefined;
  const listing = place === undefined ? undefined : { place, until: Number(until) };
  return { version, expiresAt, listing, length: end + 1 };
}

/** A subject as one word. */
export function placeOf(subject: string): string {
  return encodeURIComponent(subject);
}

/** How many bytes of a record say whether it is the subject's: a line that is longer is not. */
export function lineLength(place: string): number {
  return MAX_LINE + place.length;
}
