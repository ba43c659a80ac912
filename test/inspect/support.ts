/** What the tests of the inspector share: fixed keys and time, tokens, and cookies as the session layer writes them. */
import { createSealer, type Mode, type Sealer } from '@sealring/codec';
import { type Check, type ExplainOptions, type Explanation, explain } from '@sealring/inspect';
import { protect } from '../../packages/codec/src/crypto/cipher.ts';
import { createKeyRing } from '../../packages/codec/src/crypto/keys.ts';
import { BLOCK, createRoom } from '../../packages/codec/src/room.ts';
import { formatFrame, RANDOM, startFrame } from '../../packages/codec/src/token/token.ts';

/** The secret bytes 00 01 … 1f. */
export const KEY = 'sealring_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8K-IS';
export const KEY_ID = 'dbc0e2';
/** The secret bytes 20 21 … 3f. */
export const OTHER_KEY: Uint8Array = Uint8Array.from({ length: 32 }, (_, at) => 0x20 + at);
export const now = 1_767_225_600; // 2026-01-01

const random = Uint8Array.from({ length: 16 }, (_, at) => 0x40 + at);

export function sealerOf(purpose: string, encrypt = true, secret: string | Uint8Array = KEY): Sealer {
  return createSealer({ keys: [{ secret, encrypt }], purpose, reserved: true });
}

/** A token of the cookie `login`, the same bytes each time. */
export function loginToken(value: unknown = { userId: 42 }, encrypt = true, issuedAt = now): string {
  return sealerOf('sealring:cookie:login', encrypt).seal(
    value,
    encrypt ? { now: issuedAt, random } : { now: issuedAt },
  );
}

/** With the key, the name and the time that fit `loginToken`. */
export function explainLogin(token: string, options: ExplainOptions = {}): Explanation {
  return explain(token, { secrets: [KEY], name: 'login', now, ...options });
}

/** The check that failed; fails where none did. */
export function failedOf({ checks }: Explanation): Check {
  const failed = checks.find(({ state }) => state === 'failed');
  if (failed === undefined)
    throw new Error(`no check failed: ${checks.map(({ id, state }) => `${id} ${state}`).join()}`);
  return failed;
}

export function fromBase64url(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
}

export function toBase64url(bytes: Uint8Array): string {
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The token with one bit of one byte turned round. */
export function flip(token: string, byte: number, bit = 0): string {
  const bytes = fromBase64url(token);
  bytes[byte] = (bytes[byte] ?? 0) ^ (1 << bit);
  return toBase64url(bytes);
}

/** The Cookie header of a value that is split, as the session layer does it. */
export function splitOver(name: string, value: string, count: number): string {
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < count; at++) {
    const own = at === 0 ? name : `${name}.${at}`;
    const prefix = at === 0 ? `${count}.` : '';
    const room = 4096 - own.length - prefix.length;
    parts.push(`${own}=${prefix}${value.slice(from, from + room)}`);
    from += room;
  }
  return parts.join('; ');
}

/** An authentic token of the cookie `login` around any bytes, which no sealer would write. */
export function forge(payload: Uint8Array, mode: Mode = 'signed'): string {
  const { current } = createKeyRing([{ secret: KEY, encrypt: mode === 'sealed' }], 'sealring:cookie:login');
  const frame = { mode, room: createRoom(payload.length), length: payload.length };
  startFrame(frame, current.keyId, now);
  if (mode === 'sealed') frame.room.bytes.set(random, BLOCK - RANDOM);
  frame.room.payload.set(payload);
  protect(current, frame, new Uint8Array());
  return formatFrame(frame);
}

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16));
}
