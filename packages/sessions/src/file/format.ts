/** The bytes of a record's file <-> its parts. What has no such form, or not the digest of its content, is no record. */

import { createHash } from 'node:crypto';
import { randomBytes, secondsNow } from '../ambient.ts';
import type { Version } from '../backend.ts';

export interface FileContent {
  id: string;
  version: Version;
  /** What `hashSubject` gave. */
  subject: Uint8Array;
  data: Uint8Array;
}

// magic[8] digest[16] version[16] subject[32] length of id[1] id data
const MAGIC: Uint8Array = /* @__PURE__ */ new TextEncoder().encode('sealrec1');
const DIGEST = 8;
const VERSION = 24; // the digest covers everything from here on
const SUBJECT = 40;
const ID = 72;

export function formatFile({ id, version, subject, data }: FileContent): Uint8Array {
  const idBytes = Buffer.from(id);
  if (idBytes.length > 255) throw new RangeError(`An id expected at most 255 bytes, got ${idBytes.length}`);
  const bytes = new Uint8Array(ID + 1 + idBytes.length + data.length);
  bytes.set(MAGIC);
  bytes.set(Buffer.from(version, 'base64url'), VERSION);
  bytes.set(subject, SUBJECT);
  bytes[ID] = idBytes.length;
  bytes.set(idBytes, ID + 1);
  bytes.set(data, ID + 1 + idBytes.length);
  bytes.set(digest(bytes), DIGEST);
  return bytes;
}

/** @returns undefined where the bytes are not what `formatFile` made, whole. */
export function parseFile(bytes: Uint8Array): FileContent | undefined {
  const idEnd = ID + 1 + (bytes[ID] ?? 0);
  if (bytes.length < idEnd || !isEqual(bytes.subarray(0, DIGEST), MAGIC)) return undefined;
  if (!isEqual(bytes.subarray(DIGEST, VERSION), digest(bytes))) return undefined;
  return {
    id: Buffer.from(bytes.subarray(ID + 1, idEnd)).toString(),
    version: Buffer.from(bytes.subarray(VERSION, SUBJECT)).toString('base64url'),
    subject: bytes.subarray(SUBJECT, ID),
    data: new Uint8Array(bytes.subarray(idEnd)),
  };
}

/**
 * @returns 22 characters for 6 bytes of the time in milliseconds and 10 random ones. Nothing of a deleted record is kept, so what
 *   comes after it must be told from it by these: neither a clock set back nor a copied random generator alone repeats a version.
 */
export function createVersion(): Version {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(Math.floor(secondsNow() * 1000), 0, 6);
  bytes.set(randomBytes(10), 6);
  return bytes.toString('base64url');
}

/** @returns 32 bytes; zeros for no subject. */
export function hashSubject(subject: string | undefined): Uint8Array {
  return subject === undefined ? new Uint8Array(32) : createHash('sha256').update(subject).digest();
}

/** @returns 64 hexadecimal digits. */
export function hashId(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}

export function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function digest(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes.subarray(VERSION)).digest().subarray(0, 16);
}
