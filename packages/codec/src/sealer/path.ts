/** Value <-> token: all steps, in their order. FORMAT.md §3. */

import { fillNonce, secondsNow } from '../ambient.ts';
import { type Bytes, readBytes, utf8 } from '../bytes.ts';
import { checkSize, decode, encode } from '../cbor/cbor.ts';
import type { Profile } from '../cbor/profile.ts';
import { authenticate, protect } from '../crypto/cipher.ts';
import { findKeys, type Key, type KeyRing, withSecret } from '../crypto/keys.ts';
import { Refusal } from '../error.ts';
import { checkOptions, checkSeconds, describe, own } from '../options.ts';
import { BLOCK, type Room } from '../room.ts';
import {
  type Frame,
  formatFrame,
  issuedAtOf,
  leadAndKeyId,
  RANDOM,
  readToken,
  startFrame,
  TAG,
} from '../token/token.ts';
import type { AuthenticateOptions, Opened, OpenOptions, SealOptions } from './interface.ts';

/** The options of a sealer after `createSealer` has read them. */
export interface Setup {
  readonly ring: KeyRing;
  readonly profile: Profile;
  /** The maximum number of characters of a token. */
  readonly maxLength: number;
}

const NOTHING: Bytes = /* @__PURE__ */ new Uint8Array(0);
const LAST_SECOND = 0xffff_ffff;
const MIN_SECRET = 16;

export function seal({ ring, profile }: Setup, value: unknown, options: SealOptions): string {
  checkOptions('seal()', options, ['now', 'random', 'context', 'secret']);
  const now = checkSeconds('now', own(options, 'now') ?? secondsNow(), LAST_SECOND);
  const context = readContext(options);
  const random = readRandom(own(options, 'random'));
  const key = withSecret(ring.current, readSecretOption(options));
  const { room, length } = encode(value, profile); // value -> CBOR bytes
  try {
    checkSize(length, profile);
    if (profile.verify) verify(room, length, profile);
    const frame: Frame = { mode: key.mode, room, length };
    startFrame(frame, key.keyId, Math.floor(now)); // header
    if (key.mode === 'sealed') {
      if (random === undefined) fillNonce(room.bytes, BLOCK - RANDOM);
      else room.bytes.set(random, BLOCK - RANDOM);
    }
    protect(key, frame, context); // CBOR -> ciphertext and tag, or mac
    return formatFrame(frame); // bytes -> string
  } finally {
    wipe(room, length);
  }
}

export function open(setup: Setup, text: string, options: OpenOptions): Opened {
  checkOptions('open()', options, ['now', 'maxAge', 'context', 'secret']);
  const now = checkSeconds('now', own(options, 'now') ?? secondsNow(), Number.MAX_VALUE);
  const maxAge = own(options, 'maxAge');
  if (maxAge !== undefined) checkSeconds('maxAge', maxAge, Number.MAX_VALUE);
  const { frame, key, payload, stale } = unwrap(setup, text, readContext(options), readSecretOption(options));
  try {
    const issuedAt = issuedAtOf(frame);
    checkAge(issuedAt, maxAge, now, setup.profile.limits.clockSkew);
    const value = decode(payload.payload, frame.length, setup.profile); // CBOR bytes -> value
    return { value, issuedAt, keyId: key.id, stale };
  } finally {
    wipe(payload, frame.length);
  }
}

/** Token -> authentic bytes. The caller must wipe them. */
export function unwrap(
  { ring, maxLength }: Setup,
  text: string,
  context: Uint8Array,
  secret: Uint8Array | undefined,
): { frame: Frame; key: Key; payload: Room; stale: boolean } {
  const frame = readToken(text, maxLength); // string -> bytes
  const keys = findKeys(ring, leadAndKeyId(frame)); // 4 bytes -> one key, in rare cases two
  if (keys.length === 0) {
    throw new Refusal('ERR_SEAL_KEY_UNKNOWN', `Cannot open token: no ${frame.mode} key with its id`);
  }
  const bound = secret === undefined ? keys : keys.map((key) => withSecret(key, secret));
  const { key, payload } = authenticate(bound, frame, context); // ciphertext and tag, or mac -> CBOR
  return { frame, key, payload, stale: key.keyId !== ring.current.keyId }; // compares the arrays themselves: each key has its own
}

function checkAge(issuedAt: number, maxAge: number | undefined, now: number, clockSkew: number): void {
  if (maxAge !== undefined && now > issuedAt + maxAge) {
    const late = Math.ceil(now - issuedAt - maxAge);
    throw new Refusal('ERR_SEAL_EXPIRED', `Cannot open token: expired ${late} seconds ago`);
  }
  if (issuedAt > now + clockSkew) {
    const early = Math.ceil(issuedAt - now);
    throw new Refusal(
      'ERR_SEAL_FUTURE',
      `Cannot open token: issued ${early} seconds in the future, expected at most ${clockSkew}`,
    );
  }
}

/** Decodes a payload before it is sealed. @throws {Refusal} `ERR_SEAL_TYPE_UNKNOWN` if that fails. */
function verify(room: Room, length: number, profile: Profile): void {
  const copy = room.payload.slice(0, length);
  try {
    decode(copy, length, profile);
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    const { message, detail } = thrown;
    throw new Refusal('ERR_SEAL_TYPE_UNKNOWN', `$: the sealed value cannot be opened again. ${message}`, detail);
  } finally {
    room.payload.set(copy); // a decode of the application may have sealed something itself, in the same memory
    copy.fill(0);
  }
}

/** Returns the payload in its own buffer, and wipes the room. */
export function takeOut({ room, length }: { room: Room; length: number }): Bytes {
  const bytes = room.payload.slice(0, length);
  wipe(room, length);
  return bytes;
}

function wipe(room: Room, length: number): void {
  room.payload.fill(0, 0, length + TAG);
}

export function readContext(options: AuthenticateOptions): Uint8Array {
  const context = own(options, 'context');
  if (context === undefined) return NOTHING;
  const isString = typeof context === 'string' && context.isWellFormed();
  const bytes = isString ? utf8(context) : readBytes(context);
  if (bytes !== undefined) return bytes;
  throw new TypeError(`"context" expected a string without lone surrogates, or bytes, got ${describe(context)}`);
}

export function readSecretOption(options: AuthenticateOptions): Uint8Array | undefined {
  const secret = own(options, 'secret');
  if (secret === undefined) return undefined;
  const bytes = readBytes(secret);
  if (bytes !== undefined && bytes.length >= MIN_SECRET) return bytes;
  throw new TypeError(`"secret" expected ${MIN_SECRET} bytes or more, got ${describe(secret)}`);
}

function readRandom(random: unknown): Uint8Array | undefined {
  if (random === undefined) return undefined;
  const bytes = readBytes(random);
  if (bytes?.length === RANDOM) return bytes;
  throw new TypeError(`"random" expected ${RANDOM} bytes, got ${describe(random)}`);
}
