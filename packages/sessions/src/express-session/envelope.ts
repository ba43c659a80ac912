/** A record of a backend <-> a session as stores of express-session keep it: an object of JSON with a cookie, by which they tell when it ends. */

import type { StoredRecord } from '../backend.ts';
import { decodeBase64url, encodeBase64url } from '../text.ts';

/** A session to whoever keeps it. */
export interface ForeignSession {
  cookie: { originalMaxAge: number | null; maxAge?: number | undefined; expires?: Date | null | undefined };
}

export interface KeptRecord extends StoredRecord {
  readonly id: string;
  readonly subject: string | undefined;
}

/** Seconds since the epoch: in 2106. What a store gets to see is no later, as some count in 32 bits. */
const LAST_SECOND = 0xffff_ffff;

/** i: id, d: data, v: version, x: end of the record, u: subject. Texts, as JSON has no Infinity. */
export function formatEnvelope({ id, data, version, expiresAt, subject }: KeptRecord, now: number): ForeignSession {
  // A store may round, and remove nothing that has not expired: when it has is looked up in x.
  const removeAt = Math.min(Math.max(Math.ceil(expiresAt) + 1, 0), LAST_SECOND);
  const maxAge = Math.round((removeAt - now) * 1000);
  const cookie = { originalMaxAge: maxAge, maxAge, expires: new Date(removeAt * 1000) };
  const record = { i: id, d: encodeBase64url(data), v: version, x: String(expiresAt) };
  return { cookie, ...record, ...(subject !== undefined && { u: subject }) };
}

/** @returns undefined for what `formatEnvelope` did not make. */
export function parseEnvelope(session: unknown): KeptRecord | undefined {
  if (typeof session !== 'object' || session === null) return undefined;
  const [id, text, version, end, subject] = ['i', 'd', 'v', 'x', 'u'].map((key): unknown => Reflect.get(session, key));
  if (typeof id !== 'string' || typeof text !== 'string' || typeof version !== 'string') return undefined;
  if (typeof end !== 'string' || !(subject === undefined || typeof subject === 'string')) return undefined;
  const data = decodeBase64url(text);
  const expiresAt = Number(end);
  if (data === undefined || Number.isNaN(expiresAt)) return undefined;
  return { id, data, version, expiresAt, subject };
}
