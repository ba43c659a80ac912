/**
 * XChaCha20-Poly1305 put together from noble's HChaCha20, ChaCha20 and Poly1305: key, nonce, data <-> box.
 * draft-irtf-cfrg-xchacha-03 §2.3, RFC 8439 §2.8. The one file that imports @noble/ciphers.
 *
 * Why this is not noble's own `xchacha20poly1305`: it gives the same bytes, and the tests compare the two. But it derives the subkey and
 * starts the stream twice for each box, and it throws an Error for a wrong tag, whose stack makes a forged token more expensive than a
 * valid one. The primitives and the constant-time comparison are noble's.
 */

import { Poly1305 } from '@noble/ciphers/_poly1305.js';
import { chacha20, hchacha } from '@noble/ciphers/chacha.js';
import { equalBytes } from '@noble/ciphers/utils.js';
import { createRoom, roomFor } from './room.ts';

/** Bytes before the data of a box: block 0 of the stream, which is the Poly1305 key. */
export const BLOCK = 64;
/** Bytes behind the data of a box: padding and two lengths while the tag is computed, then the tag. */
export const TAIL = 32;
const TAG = 16;

// noble takes the inputs of HChaCha20 as 32-bit words in this machine's byte order. These buffers are kept from call to call, because
// making new ones would take half as long as the cipher. Whatever is secret in them is wiped before a call ends.
const sigma: Words = /* @__PURE__ */ createWords(/* @__PURE__ */ new TextEncoder().encode('expand 32-byte k'));
const keyCopy: Words = /* @__PURE__ */ createWords(/* @__PURE__ */ new Uint8Array(32));
const longNonce: Words = /* @__PURE__ */ createWords(/* @__PURE__ */ new Uint8Array(24));
const nonceStart: Uint32Array = /* @__PURE__ */ longNonce.words.subarray(0, 4);
const shortNonce: Uint8Array = /* @__PURE__ */ longNonce.bytes.subarray(12);
const subkey: Words = /* @__PURE__ */ createWords(/* @__PURE__ */ new Uint8Array(32));
const givenTag: Uint8Array = /* @__PURE__ */ new Uint8Array(TAG);
const tag: Uint8Array = /* @__PURE__ */ new Uint8Array(TAG);
const opened: Uint8Array = /* @__PURE__ */ createRoom();

export { equalBytes };

/**
 * Encrypts what stands at `BLOCK` in place, and writes the 16-byte tag behind it.
 *
 * @param key 32 bytes.
 * @param nonce 24 bytes.
 * @param header the first part of the additional data; `context` is the rest.
 * @param room at least `BLOCK + length + TAIL` bytes, aligned to 4; nothing else in it may be needed afterwards.
 */
export function encryptBox(
  key: Uint8Array,
  nonce: Uint8Array,
  header: Uint8Array,
  context: Uint8Array,
  room: Uint8Array,
  length: number,
): void {
  const stream = room.subarray(0, BLOCK + length);
  let wiped = stream.length;
  try {
    computeTag(xorStream(key, nonce, stream, stream), header, context, room, length);
    room.set(tag, wiped);
    wiped = BLOCK;
  } finally {
    stream.fill(0, 0, wiped);
    subkey.bytes.fill(0);
  }
}

/**
 * Decrypts what stands at `BLOCK`, with its 16-byte tag behind it. The box is the same afterwards.
 *
 * @param key 32 bytes.
 * @param nonce 24 bytes.
 * @param header the first part of the additional data; `context` is the rest.
 * @param room at least `BLOCK + length + TAIL` bytes, aligned to 4.
 * @returns the plaintext, to be wiped before anything else is opened; undefined if the tag is wrong.
 */
export function decryptBox(
  key: Uint8Array,
  nonce: Uint8Array,
  header: Uint8Array,
  context: Uint8Array,
  room: Uint8Array,
  length: number,
): Uint8Array | undefined {
  const end = BLOCK + length;
  const plain = roomFor(opened, end).subarray(0, end);
  let wiped = end;
  try {
    const mac = xorStream(key, nonce, room.subarray(0, end), plain); // decrypts, but nothing leaves before the tag is compared
    for (let at = 0; at < TAG; at++) givenTag[at] = room[end + at] ?? 0;
    computeTag(mac, header, context, room, length);
    room.set(givenTag, end);
    if (!equalBytes(tag, givenTag)) return undefined;
    wiped = BLOCK;
    return plain.subarray(BLOCK);
  } finally {
    plain.fill(0, 0, wiped);
    subkey.bytes.fill(0);
  }
}

/** One pass over a block of zeros and the data: block 0 of the stream is the key of the Poly1305 returned, the data starts at block 1. */
function xorStream(key: Uint8Array, nonce: Uint8Array, from: Uint8Array, to: Uint8Array): Poly1305 {
  // draft-irtf-cfrg-xchacha-03 §2.3: HChaCha20 takes the first 16 bytes of the nonce, ChaCha20 takes 4 zeros and the other 8.
  keyCopy.bytes.set(key);
  longNonce.bytes.set(nonce);
  hchacha(sigma.words, keyCopy.words, nonceStart, subkey.words);
  keyCopy.bytes.fill(0);
  shortNonce.fill(0, 0, 4);
  from.fill(0, 0, BLOCK);
  chacha20(subkey.bytes, shortNonce, from, to);
  return new Poly1305(to.subarray(0, 32));
}

/** Into `tag` Poly1305 over the additional data and the ciphertext, each padded to 16 bytes, and their lengths as u64le. RFC 8439 §2.8. */
function computeTag(mac: Poly1305, header: Uint8Array, context: Uint8Array, room: Uint8Array, length: number): void {
  const added = header.length + context.length;
  const size = padded(added);
  const fits = size <= BLOCK; // where block 0 was, because one piece is quicker than two
  const message = fits ? room : new Uint8Array(size);
  const from = fits ? BLOCK - size : 0;
  message.fill(0, from, from + size);
  message.set(header, from);
  message.set(context, from + header.length);
  if (!fits) mac.update(message);
  const lengths = BLOCK + padded(length);
  room.fill(0, BLOCK + length, lengths + 16);
  for (let at = 0; at < 4; at++) {
    room[lengths + at] = added >>> (8 * at); // no length here reaches 2^32
    room[lengths + 8 + at] = length >>> (8 * at);
  }
  mac.update(room.subarray(fits ? from : BLOCK, lengths + 16));
  mac.digestInto(tag);
  mac.destroy();
}

function padded(length: number): number {
  return (length + 15) & ~15;
}

interface Words {
  readonly words: Uint32Array;
  /** The same memory. */
  readonly bytes: Uint8Array;
}

function createWords(content: ArrayLike<number>): Words {
  const bytes = Uint8Array.from(content);
  return { words: new Uint32Array(bytes.buffer), bytes };
}
