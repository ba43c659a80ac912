/** A record <-> the one text that a key-value store keeps of it. What has no such form, or not the digest of its content, is no record. */

import { decodeBase64url, encodeBase64url, fingerprint, nameOf } from '../../text.ts';
import type { Version } from '../backend.ts';

export interface Kept {
  id: string;
  version: Version;
  /** Seconds since the epoch, with fraction. May be infinite. */
  expiresAt: number;
  /** What `hashSubject` gave. */
  subject: string;
  data: Uint8Array;
}

// mark,digest,version,expiresAt,id,subject,data: no JSON, which some stores parse by themselves, and nothing that any of them escapes
const MARK = 'sealring1';
const FORM = /^sealring1,([\w-]{22}),(([\w-]+),([\w.+-]+),([\w-]*),([\w-]*),([\w-]*))$/;

/** @returns 43 characters; none for no subject. */
export function hashSubject(subject: string | undefined): string {
  return subject === undefined ? '' : fingerprint(encodeUtf8(subject));
}

/** The id is in it, as `list` has to give it: encoded, not encrypted. */
export function formatKept({ id, version, expiresAt, subject, data }: Kept): string {
  const content = [version, expiresAt, encodeBase64url(encodeUtf8(id)), subject, encodeBase64url(data)].join(',');
  return `${MARK},${digest(content)},${content}`;
}

/**
 * @param value whatever a store gave.
 * @param name under which it was: a record that was copied from another name is none.
 * @returns undefined where it is not what `formatKept` made, whole.
 */
export function parseKept(value: unknown, name: string): Kept | undefined {
  const parts = typeof value === 'string' ? FORM.exec(value) : null;
  if (parts === null) return undefined;
  const [, given, content = '', version = '', expiresAt, encodedId = '', subject = '', data = ''] = parts;
  if (given !== digest(content)) return undefined; // half written, or by two at once
  const id = new TextDecoder().decode(decodeBase64url(encodedId));
  const bytes = decodeBase64url(data);
  if (bytes === undefined || nameOf(id) !== name) return undefined;
  return { id, version, expiresAt: Number(expiresAt), subject, data: bytes };
}

function digest(content: string): string {
  return fingerprint(encodeUtf8(content)).slice(0, 22);
}

function encodeUtf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
