/** Payload <-> ciphertext and tag, or payload and mac. FORMAT.md §2. */

import { Refusal } from '../error.ts';
import { BLOCK, type Room } from '../room.ts';
import { type Frame, START, TAG } from '../token/token.ts';
import { decryptBox, encryptBox, equalBytes } from './aead.ts';
import type { Key } from './keys.ts';

/** Encrypts or signs the payload of a frame in place. The header must be written before. */
export function protect(key: Key, { mode, room, length }: Frame, context: Uint8Array): void {
  if (mode === 'sealed') encryptBox(key.subkey, context, room, length);
  else room.bytes.set(macOf(key, room, length, context), BLOCK + length);
}

/**
 * Decrypts or verifies a frame.
 *
 * @returns the key that fits, and the payload. The caller must wipe the payload before it opens another token.
 * @throws {Refusal} `ERR_SEAL_TAMPERED`: the tag or mac fits none of `keys`. The token was changed, or is for another purpose or context.
 */
export function authenticate(
  keys: readonly Key[],
  { mode, room, length }: Frame,
  context: Uint8Array,
): { key: Key; payload: Room } {
  for (const key of keys) {
    const payload =
      mode === 'sealed' ? decryptBox(key.subkey, context, room, length) : verify(key, room, length, context);
    if (payload !== undefined) return { key, payload };
  }
  throw new Refusal('ERR_SEAL_TAMPERED', 'Cannot open token: it was changed, or sealed for another purpose or context');
}

function verify(key: Key, room: Room, length: number, context: Uint8Array): Room | undefined {
  const given = room.bytes.subarray(BLOCK + length, BLOCK + length + TAG);
  return equalBytes(macOf(key, room, length, context), given) ? room : undefined;
}

function macOf(key: Key, room: Room, length: number, context: Uint8Array): Uint8Array {
  const signed = room.bytes.subarray(BLOCK - START.signed, BLOCK + length);
  const size = context.length; // u32be: so the mac also covers where the payload ends and the context begins
  return key.hmac(signed, context, Uint8Array.of(size >>> 24, size >>> 16, size >>> 8, size)).subarray(0, TAG);
}
