/** Payload <-> authenticated bytes, for both modes of a token. FORMAT.md §2. */

import { BLOCK, decryptBox, encryptBox, equalBytes, TAIL } from './aead.ts';
import { fillRandom } from './ambient.ts';
import { Refusal } from './error.ts';
import type { Key } from './keys.ts';
import { createRoom, roomFor } from './room.ts';
import { type Frame, HEADER, NONCE, TAG } from './token.ts';

const sealing: Uint8Array = /* @__PURE__ */ createRoom();
// What stands before the ciphertext, kept apart while the cipher needs its place.
const head: Uint8Array = /* @__PURE__ */ new Uint8Array(HEADER + NONCE);
const headHeader: Uint8Array = /* @__PURE__ */ head.subarray(0, HEADER);
const headNonce: Uint8Array = /* @__PURE__ */ head.subarray(HEADER);
const START = BLOCK - HEADER - NONCE;

/**
 * @param header 8 bytes.
 * @param nonce 24 bytes for tests and vectors; random otherwise. One nonce must never serve two payloads.
 * @returns the bytes of the token: header, nonce, ciphertext, tag. They are overwritten by the next token.
 */
export function encrypt(
  key: Key,
  header: Uint8Array,
  payload: Uint8Array,
  context: Uint8Array,
  nonce: Uint8Array | undefined,
): Uint8Array {
  if (nonce === undefined) fillRandom(headNonce);
  else headNonce.set(nonce);
  head.set(header);
  const { length } = payload;
  const room = roomFor(sealing, BLOCK + length + TAIL);
  room.set(payload, BLOCK);
  encryptBox(key.subkey, headNonce, header, context, room, length);
  room.set(head, START);
  return room.subarray(START, BLOCK + length + TAG);
}

/**
 * @returns the key that fits, and the payload, to be wiped before anything else is opened.
 * @throws {Refusal} `ERR_SEAL_TAMPERED`: the tag fits none of `keys`: changed, or another purpose or context.
 */
export function decrypt(
  keys: readonly Key[],
  { room, start, length }: Frame,
  context: Uint8Array,
): { key: Key; payload: Uint8Array } {
  head.set(room.subarray(start, BLOCK));
  for (const key of keys) {
    const payload = decryptBox(key.subkey, headNonce, headHeader, context, room, length);
    if (payload !== undefined) return { key, payload };
  }
  throw tampered();
}

/**
 * @param header 8 bytes.
 * @returns the bytes of the token: header, payload, mac. They are overwritten by the next token.
 */
export function sign(key: Key, header: Uint8Array, payload: Uint8Array, context: Uint8Array): Uint8Array {
  const end = HEADER + payload.length;
  const room = roomFor(sealing, end + TAG);
  room.set(header);
  room.set(payload, HEADER);
  room.set(key.mac(header, payload, context, lengthOf(context)), end);
  return room.subarray(0, end + TAG);
}

/**
 * @returns the key that fits, and the payload, a view into the token.
 * @throws {Refusal} `ERR_SEAL_TAMPERED`: the mac fits none of `keys`.
 */
export function verify(
  keys: readonly Key[],
  { room, start, length }: Frame,
  context: Uint8Array,
): { key: Key; payload: Uint8Array } {
  const end = BLOCK + length;
  const signed = room.subarray(start, end);
  const mac = room.subarray(end, end + TAG);
  for (const key of keys) {
    if (equalBytes(key.mac(signed, context, lengthOf(context)), mac)) return { key, payload: signed.subarray(HEADER) };
  }
  throw tampered();
}

function tampered(): Refusal {
  return new Refusal(
    'ERR_SEAL_TAMPERED',
    'Cannot open token: it was changed, or sealed for another purpose or context',
  );
}

/** u32be: makes the border between payload and context part of what the mac covers. */
function lengthOf(context: Uint8Array): Uint8Array {
  const { length } = context;
  return Uint8Array.of(length >>> 24, length >>> 16, length >>> 8, length);
}
