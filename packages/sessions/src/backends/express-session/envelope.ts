/** A record of a backend <-> a session as stores of express-session keep it: a JSON object with a cookie, by which they know when it ends. */

import { decodeBase64url, encodeBase64url } from '../../text.ts';
import type { Row } from '../kit/rows.ts';

/** A session, for the store that keeps it. */
export interface ForeignSession {
  cookie: { originalMaxAge: number | null; maxAge?: number | undefined; expires?: Date | null | undefined };
}

export interface KeptRow extends Row {
  readonly id: string;
}

/** Seconds since the epoch, in 2106: some stores count in 32 bits, so none gets a later date. */
const LAST_SECOND = 0xffff_ffff;

/** i: id, d: data, v: version, x: when the record expires, u: subject. `x` is a string, because JSON has no Infinity. */
export function formatEnvelope({ id, data, version, expiresAt, subject }: KeptRow, now: number): ForeignSession {
  // A store may round, and must remove nothing that has not expired. Whether it has is decided by x.
  const removeAt = Math.min(Math.max(Math.ceil(expiresAt) + 1, 0), LAST_SECOND);
  const maxAge = Math.round((removeAt - now) * 1000);
  const cookie = { originalMaxAge: maxAge, maxAge, expires: new Date(removeAt * 1000) };
  const record = { i: id, d: encodeBase64url(data), v: version, x: String(expiresAt) };
  return { cookie, ...record, ...(subject !== undefined && { u: subject }) };
}

/** Returns `undefined` for anything that `formatEnvelope` did not make. */
export function parseEnvelope(session: unknown): KeptRow | undefined {
  if (typeof session !== 'object' || session === null) return undefined;
  const [id, text, version, end, subject] = ['i', 'd', 'v', 'x', 'u'].map((key): unknown => Reflect.get(session, key));
  if (typeof id !== 'string' || typeof text !== 'string' || typeof version !== 'string') return undefined;
  if (typeof end !== 'string' || !(subject === undefined || typeof subject === 'string')) return undefined;
  const data = decodeBase64url(text);
  const expiresAt = Number(end);
  if (data === undefined || Number.isNaN(expiresAt)) return undefined;
  return { id, data, version, expiresAt, subject };
}
