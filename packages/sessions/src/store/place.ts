/** Where a record lives: inside the cookie, or behind a secret in a backend. What both places have in common is protocol.ts. */

import type { RawRecord } from '@sealring/wire';
import type { MaybePromise, StoredRecord, Version } from '../backends/backend.ts';
import type { Draft } from '../session/draft.ts';
import type { Rejection } from '../session/session.ts';
import type { Claim } from './numbers.ts';
import type { Step } from './steps.ts';

/** What a session is called. */
export interface Identity {
  /** Opens nothing. */
  readonly id: string;
  /** All ids that a session had and will have belong to one family. */
  readonly family: string;
  /** In a backend, the 32 bytes that the cookie seals. Who has them has the session. */
  readonly secret: Uint8Array | undefined;
}

/** A session that was found, and can be opened. */
export interface Found extends Identity {
  readonly state: 'live';
  readonly place: Place;
  readonly record: RawRecord;
  /** When it was last written, in seconds since the epoch. */
  readonly seenAt: number;
  /** In a backend, what compare-and-set compares. */
  readonly stored: StoredRecord | undefined;
  /** When its cookie was sealed: of several genuine cookies of one name the newest counts. */
  readonly issuedAt: number;
  /** Whether another key than the first sealed its cookie or its record. */
  readonly isStale: boolean;
  /** What `revokeAll` spares it by. */
  readonly claim: Claim;
}

/** A session that has moved to another id. Requests that still carry the old id change nothing. */
export interface Moved extends Identity {
  readonly state: 'moved';
  readonly place: Place;
  readonly to: string;
  /** When, in seconds since the epoch. */
  readonly since: number;
  readonly claim: Claim;
  /** Whether it is a session of this subject. */
  isOf(subject: string): boolean;
}

/** What a record is to be sealed from. */
export interface Draught {
  readonly draft: Draft;
  readonly record: RawRecord;
  readonly identity: Identity;
  /** The id that the session moves from. */
  readonly from: string | undefined;
  readonly tenant: string | undefined;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** A record that is ready to be written. */
export interface Sealed {
  readonly identity: Identity;
  readonly from: string | undefined;
  readonly record: RawRecord;
  /** In a backend: the bytes, and until when they are kept. */
  readonly data: { readonly bytes: Uint8Array; readonly expiresAt: number } | undefined;
  /** Inside the cookie: its values, one for each chunk. */
  readonly values: readonly string[] | undefined;
}

/** What a write has left: in a backend, the record as it stands there now. */
export interface Written {
  readonly stored: StoredRecord | undefined;
}

/** What a write goes over. */
export type Over = Pick<Found, 'id' | 'stored'>;

export interface Place {
  /** Whether only the visitor has the records: then no write is in the way of another, and there is nobody to ask. */
  readonly isAlone: boolean;
  /** Chooses a new id. @param family of the session that it continues, or `undefined` for a new family. */
  newIdentity(family: string | undefined): Identity;
  /** Finds what a cookie leads to, or why it is rejected. @param chunks how many cookies the value was joined from. */
  find(value: string, chunks: number, tenant: string | undefined): MaybePromise<Found | Moved | Rejection>;
  /**
   * Seals a record. It does no I/O: if it throws, nothing has happened.
   *
   * @throws {SessionError} `ERR_SESSION_TOO_LARGE`.
   * @throws {SealError} if a value cannot be sealed.
   */
  seal(draught: Draught): Sealed;
  /** The values of the cookies that lead to a record. */
  cookieValues(sealed: Sealed, tenant: string | undefined, now: number): readonly string[];
  /** Writes over what was read, or for null only where nothing is. Returns false if something else is there, or the session may not go on. */
  put(sealed: Sealed, over: Over | null, version: Version): Step<Written | false>;
  /** What stands by now where a session was found. In a backend with contents of its own. */
  reread(found: Found): Step<Found | Moved | undefined>;
  /** The live record under a new id of this request, if there is one: then the answer to its write was lost. */
  standing(identity: Identity): Step<StoredRecord | undefined>;
  /** Whether a login still counts, asked after its record was written. */
  confirm(sealed: Sealed): Step<boolean>;
  /** Turns a record into a pointer to its successor. Returns false if it is not what was read any more. */
  point(old: Pick<Found, 'id' | 'record' | 'stored'>, successor: Sealed): Step<boolean>;
  /** Removes a new record that nobody has been told of. */
  remove(identity: Identity): Step<void>;
  /** Ends an id, and what it has moved to. @param known as it was loaded. Returns what it ended, or `undefined` if there was nothing. */
  end(id: string, known?: Pick<Found, 'stored' | 'record'>): Step<Ended | undefined>;
  /** Waits until no other write of this process to the record is under way. */
  turn(id: string): Step<Turn>;
}

/** The id that an ended session had moved from, if its place knows it. */
export interface Ended {
  readonly from: string | undefined;
}

/** The right to write to a record. */
export interface Turn {
  /** Whether others have written in the meantime. */
  readonly hasWaited: boolean;
  release(): void;
}

/**
 * Seconds for which a request that carries an old id sets no cookie; after that a visitor whose answer was lost can log in again. They are counted
 * from one server's clock to another's: a minute, which a double click never takes, and 120 seconds by which the two may differ.
 */
export const SILENCE = 180;

/** Seconds that no request takes: so long a backend keeps pointers, tombstones, and records whose time is over. */
export const LONGER_THAN_A_REQUEST = 3_600;
