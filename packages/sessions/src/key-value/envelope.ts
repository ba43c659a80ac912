/** A record <-> the one text that a key-value store keeps of it. What has no such form, or not the digest of its content, is no record. */

import { sha256 } from '@noble/hashes/sha2.js';
import type { Version } from '../backend.ts';
import { encodeBase64url, fingerprint } from '../text.ts';

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

/** Bytes that go through `fromCharCode` at once, whose arguments lie on the stack. A multiple of three, so that no padding stands within. */
const CHUNK = 6_144;

/** @returns 64 characters of `0–9 a–f`: a name that is safe in any store, also in files whose names know no case. */
export function nameOf(id: string): string {
  return Array.from(sha256(encodeUtf8(id)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @returns 43 characters; none for no subject. */
export function hashSubject(subject: string | undefined): string {
  return subject === undefined ? '' : fingerprint(encodeUtf8(subject));
}

/** The id is in it, as `list` has to give it: encoded, not encrypted. */
export function formatKept({ id, version, expiresAt, subject, data }: Kept): string {
  const content = [version, expiresAt, encodeBytes(encodeUtf8(id)), subject, encodeBytes(data)].join(',');
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
  const id = new TextDecoder().decode(decodeBytes(encodedId));
  if (nameOf(id) !== name) return undefined;
  return { id, version, expiresAt: Number(expiresAt), subject, data: decodeBytes(data) };
}

function digest(content: string): string {
  return fingerprint(encodeUtf8(content)).slice(0, 22);
}

function encodeUtf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function encodeBytes(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) text += encodeBase64url(bytes.subarray(at, at + CHUNK));
  return text;
}

/** @param text of which the digest says that `encodeBytes` made it. */
function decodeBytes(text: string): Uint8Array {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
