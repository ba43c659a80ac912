/** A row <-> the one string that a key-value store keeps of it. What has no such form, or not the digest of its content, is no record. */

import { decodeBase64url, encodeBase64url, fingerprint } from '../../text.ts';
import type { StoredRecord } from '../backend.ts';
import type { Row } from '../kit/rows.ts';

export interface Kept extends StoredRecord {
  id: string;
  /** Empty for none. */
  subject: string;
}

// mark,digest,version,expiresAt,id,subject,data: no JSON, which some stores parse by themselves, and nothing that any of them escapes
const MARK = 'sealring1';
const FORM = /^sealring1,([\w-]{22}),(([\w-]+),([\w.+-]+),([\w-]+),([^,]*),([\w-]*))$/;

/** @param name the name of the key: a record that was copied to another one is none. */
export function formatKept(name: string, id: string, { version, expiresAt, subject = '', data }: Row): string {
  const content = [version, expiresAt, id, encodeURIComponent(subject), encodeBase64url(data)].join(',');
  return `${MARK},${digest(name, content)},${content}`;
}

/** Returns `undefined` if the value is not what `formatKept` returned for this name, whole. */
export function parseKept(name: string, value: unknown): Kept | undefined {
  const parts = typeof value === 'string' ? FORM.exec(value) : null;
  if (parts === null) return undefined;
  const [, given, content = '', version = '', expiresAt, id = '', subject = '', encoded = ''] = parts;
  if (given !== digest(name, content)) return undefined; // half written, or by two at once
  const data = decodeBase64url(encoded);
  return data && { id, version, expiresAt: Number(expiresAt), subject: decodeURIComponent(subject), data };
}

function digest(name: string, content: string): string {
  return fingerprint(new TextEncoder().encode(`${name},${content}`)).slice(0, 22);
}
