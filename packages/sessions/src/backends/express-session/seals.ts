/** The contents of a session <-> the bytes that a backend keeps, and the names it keeps them under. Without the session's id the bytes open nothing. */

import { type KeyInput, SealError } from '@sealring/codec';
import { EXPRESS_PURPOSES } from '@sealring/wire';
import { randomBytes } from '../../ambient.ts';
import { SessionError } from '../../error.ts';
import { createIndexNames, lazySealer } from '../../keys.ts';
import { describe } from '../../options.ts';
import { rejectionOf } from '../../session/rejection.ts';
import type { Rejection } from '../../session/session.ts';
import { encodeBase64url, fingerprint } from '../../text.ts';
import { type Fields, formatFields, parseFields } from './fields.ts';

const MAX_BYTES = 16_777_216;
/** Seconds. The time of sealing decides nothing here, and a server whose clock is behind must be able to read. */
const ANY_SKEW = 0xffff_ffff;
/** Stands between the two tokens of a record. No token has one. */
const SEPARATOR = '.';

export interface Place {
  readonly sid: string;
  /** The id under which the backend keeps the record. 43 characters. */
  readonly id: string;
  /** Mixed into the key: another hash of the session's id, so that neither hash leads to the other. 43 bytes. */
  readonly secret: Uint8Array;
}

export interface Contents {
  /** Differs from the birth of a session that is saved under the same id after a logout. 16 characters, random. */
  readonly birth: string;
  readonly fields: Fields;
}

export interface Opened extends Contents {
  /** Whether the record should be sealed again: with the first key, and with or without the session's id. */
  readonly isStale: boolean;
}

export interface Seals {
  /** The index names of all sessions: keyed hashes. Records are written under the first, which is the newest key's. */
  readonly names: () => readonly string[];
  seal(place: Place, contents: Contents, now: number): Uint8Array;
  open(place: Place, data: Uint8Array, now: number): Opened | Rejection;
  /** Returns whose record it is, or `undefined` if it was sealed without the session's id. */
  openPlace(id: string, data: Uint8Array, now: number): Place | undefined;
}

/** @param isListable whether the session's id is sealed beside the contents, for whoever has the keys. */
export function createSeals(keys: () => readonly KeyInput[], isListable: boolean): Seals {
  const codec = { limits: { bytes: MAX_BYTES, clockSkew: ANY_SKEW } };
  const sealer = lazySealer(keys, EXPRESS_PURPOSES.contents, codec);
  const sids = lazySealer(keys, EXPRESS_PURPOSES.id, codec);
  const namesOf = createIndexNames(keys, EXPRESS_PURPOSES.index);
  let names: readonly string[] | undefined;
  return {
    names: () => (names ??= namesOf('all')),
    seal({ sid, id, secret }, { birth, fields }, now) {
      const json = formatFields(fields); // a string: it has no limits except its length
      try {
        const tokens = [sealer().seal([birth, json], { now, secret })];
        if (isListable) tokens.push(sids().seal(sid, { now, context: id }));
        return new TextEncoder().encode(tokens.join(SEPARATOR));
      } catch (cause) {
        if (!(cause instanceof SealError) || cause.code !== 'ERR_SEAL_TOO_LARGE') throw cause;
        const message = `Cannot save session: it has ${json.length} characters of JSON, the limit is ${MAX_BYTES} bytes`;
        throw new SessionError('ERR_SESSION_TOO_LARGE', message, { cause });
      }
    },
    open({ secret }, data, now) {
      const [token, sidToken] = readTokens(data);
      const opened = sealer().safeOpen(token, { now, secret });
      if (!opened.ok) return rejectionOf(opened.code);
      const [birth, json]: unknown[] = Array.isArray(opened.value) ? opened.value : [];
      const fields = typeof json === 'string' ? parseFields(json) : undefined;
      if (typeof birth !== 'string' || fields === undefined) return 'payload';
      return { birth, fields, isStale: opened.stale || (sidToken !== undefined) !== isListable };
    },
    openPlace(id, data, now) {
      const [, sidToken] = readTokens(data);
      if (sidToken === undefined) return undefined;
      const opened = sids().safeOpen(sidToken, { now, context: id });
      return opened.ok ? placeOf(opened.value) : undefined;
    },
  };
}

/** @throws {TypeError} if the session's id is not a string. */
export function placeOf(sid: unknown): Place {
  if (typeof sid !== 'string') throw new TypeError(`"sid" expected a string, got ${describe(sid)}`);
  const hash = (label: string) => fingerprint(new TextEncoder().encode(`sealring/express-${label}:${sid}`));
  return { sid, id: hash('id'), secret: new TextEncoder().encode(hash('secret')) };
}

export function createBirth(): string {
  return encodeBase64url(randomBytes(12));
}

function readTokens(data: Uint8Array): readonly [token: string, sidToken: string | undefined] {
  const [token = '', sidToken] = new TextDecoder().decode(data).split(SEPARATOR, 2);
  return [token, sidToken];
}
