/** The contents of a session <-> the bytes that a backend keeps, and the name it keeps them under. Neither says anything without the session's id. */

import { createSealer, type KeyInput, SealError } from '@sealring/codec';
import { randomBytes } from '../ambient.ts';
import { SessionError } from '../error.ts';
import { describe } from '../options.ts';
import type { Rejection } from '../session.ts';
import { rejectionOf } from '../settings.ts';
import { encodeBase64url, fingerprint } from '../text.ts';
import { type Fields, formatFields, parseFields } from './fields.ts';

const MOST_BYTES = 16_777_216;
/** Seconds. When a record was sealed decides nothing here, and a server whose clock is behind must be able to read. */
const ANY_SKEW = 0xffff_ffff;

export interface Place {
  /** Under what the backend keeps the record. 43 characters. */
  readonly id: string;
  /** What is mixed into the key: another hash of the session's id, so that neither leads to the other. 43 bytes. */
  readonly secret: Uint8Array;
}

export interface Contents {
  /** Told from what comes under the same id after a logout. 16 characters, random. */
  readonly birth: string;
  readonly record: Fields;
}

export interface Seals {
  seal(place: Place, contents: Contents, now: number): Uint8Array;
  open(place: Place, data: Uint8Array, now: number): (Contents & { readonly isStale: boolean }) | Rejection;
}

/** @throws {TypeError | RangeError} on wrong keys. */
export function createSeals(keys: readonly KeyInput[]): Seals {
  const limits = { bytes: MOST_BYTES, clockSkew: ANY_SKEW };
  const sealer = createSealer({ keys, purpose: 'express-session', limits });
  return {
    seal({ secret }, { birth, record }, now) {
      const text = formatFields(record); // a text: it has no limits but its length
      try {
        return new TextEncoder().encode(sealer.seal([birth, text], { now, secret }));
      } catch (cause) {
        if (!(cause instanceof SealError) || cause.code !== 'ERR_SEAL_TOO_LARGE') throw cause;
        const message = `Cannot save session: it has ${text.length} characters of JSON, there is room for ${MOST_BYTES} bytes`;
        throw new SessionError('ERR_SESSION_TOO_LARGE', message, { cause });
      }
    },
    open({ secret }, data, now) {
      const opened = sealer.safeOpen(new TextDecoder().decode(data), { now, secret });
      if (!opened.ok) return rejectionOf(opened.code);
      const [birth, text]: unknown[] = Array.isArray(opened.value) ? opened.value : [];
      const record = typeof text === 'string' ? parseFields(text) : undefined;
      if (typeof birth !== 'string' || record === undefined) return 'payload';
      return { birth, record, isStale: opened.stale };
    },
  };
}

/** @throws {TypeError} when the id of a session is no text. */
export function placeOf(sid: unknown): Place {
  if (typeof sid !== 'string') throw new TypeError(`"sid" expected a text, got ${describe(sid)}`);
  const hash = (label: string) => fingerprint(new TextEncoder().encode(`sealring/express-${label}:${sid}`));
  return { id: hash('id'), secret: new TextEncoder().encode(hash('secret')) };
}

export function createBirth(): string {
  return encodeBase64url(randomBytes(12));
}
