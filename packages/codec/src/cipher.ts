/** Payload <-> authenticated bytes, for both modes of a token. FORMAT.md §2. */

import { decryptBox, encryptBox, equalBytes } from './aead.ts';
import { fillRandom } from './ambient.ts';
import { Refusal } from './error.ts';
import type { Key } from './keys.ts';
import type { SealedToken, SignedToken } from './token.ts';

/**
 * Fills nonce, ciphertext and tag into a token whose header is written.
 *
 * @param bytes header 8, nonce 24, payload.length, tag 16.
 * @param nonce 24 bytes for tests and vectors; random otherwise. One nonce must never serve two payloads.
 */
export function encrypt(
  key: Key,
  bytes: Uint8Array,
  payload: Uint8Array,
  context: Uint8Array,
  nonce: Uint8Array | undefined,
): void {
  const nonceField = bytes.subarray(8, 32);
  if (nonce === undefined) fillRandom(nonceField);
  else nonceField.set(nonce);
  const aad = join(bytes.subarray(0, 8), context);
  encryptBox(key.subkey, nonceField, aad, payload, bytes.subarray(32));
}

/**
 * @returns the payload, in the place of its ciphertext; to be wiped.
 * @throws {Refusal} `ERR_SEAL_TAMPERED`: the tag fits none of `keys`: changed, or another purpose or context.
 */
export function decrypt(
  keys: readonly Key[],
  token: SealedToken,
  context: Uint8Array,
): { key: Key; payload: Uint8Array } {
  const { box, header, nonce } = token;
  const aad = join(header, context);
  const payload = box.subarray(0, box.length - 16);
  for (const key of keys) if (decryptBox(key.subkey, nonce, aad, box, payload)) return { key, payload };
  throw tampered();
}

/**
 * Fills payload and mac into a token whose header is written.
 *
 * @param bytes header 8, payload.length, mac 16.
 */
export function sign(key: Key, bytes: Uint8Array, payload: Uint8Array, context: Uint8Array): void {
  bytes.set(payload, 8);
  const end = bytes.length - 16;
  bytes.set(key.mac(bytes.subarray(0, end), context, lengthOf(context)), end);
}

/**
 * @returns the payload, a view into the token.
 * @throws {Refusal} `ERR_SEAL_TAMPERED`: the mac fits none of `keys`.
 */
export function verify(
  keys: readonly Key[],
  token: SignedToken,
  context: Uint8Array,
): { key: Key; payload: Uint8Array } {
  const { header, payload, mac } = token;
  for (const key of keys) {
    if (equalBytes(key.mac(header, payload, context, lengthOf(context)), mac)) return { key, payload };
  }
  throw tampered();
}

function tampered(): Refusal {
  return new Refusal(
    'ERR_SEAL_TAMPERED',
    'Cannot open token: it was changed, or sealed for another purpose or context',
  );
}

function join(header: Uint8Array, context: Uint8Array): Uint8Array {
  if (context.length === 0) return header;
  const joined = new Uint8Array(header.length + context.length);
  joined.set(header);
  joined.set(context, header.length);
  return joined;
}

/** u32be: makes the border between payload and context part of what the mac covers. */
function lengthOf(context: Uint8Array): Uint8Array {
  const { length } = context;
  return Uint8Array.of(length >>> 24, length >>> 16, length >>> 8, length);
}
