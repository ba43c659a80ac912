/**
 * XChaCha20-Poly1305 put together from noble's HChaCha20, ChaCha20 and Poly1305: key, nonce, data <-> box.
 * draft-irtf-cfrg-xchacha-03 §2.3, RFC 8439 §2.8. The one file that imports @noble/ciphers.
 *
 * Why not noble's own `xchacha20poly1305`, which gives the same bytes and which the tests hold this against: it derives the subkey and
 * starts the stream twice for each box, so that a session's takes 1.6 times as long; and it throws an Error for a wrong tag, whose
 * stack makes a forged token dearer than a good one. Primitives and the constant-time comparison are noble's.
 */

import { poly1305 } from '@noble/ciphers/_poly1305.js';
import { chacha20, hchacha } from '@noble/ciphers/chacha.js';
import { equalBytes } from '@noble/ciphers/utils.js';

const BLOCK = 64; // of ChaCha20
const TAG = 16;
const ZEROS: Uint8Array = /* @__PURE__ */ new Uint8Array(32);

// noble takes HChaCha20's inputs as 32-bit words in this machine's byte order. Kept from call to call, because making views of
// fresh buffers would take half as long as the cipher; whatever is secret in them is wiped before a call ends.
const sigma: Words = /* @__PURE__ */ createWords(4, /* @__PURE__ */ new TextEncoder().encode('expand 32-byte k'));
const keyCopy: Words = /* @__PURE__ */ createWords(8);
const longNonce: Words = /* @__PURE__ */ createWords(4);
const subkey: Words = /* @__PURE__ */ createWords(8);
const shortNonce: Uint8Array = /* @__PURE__ */ new Uint8Array(12);

export { equalBytes };

/**
 * @param key 32 bytes.
 * @param nonce 24 bytes.
 * @param box `plaintext.length + 16` bytes: ciphertext, then tag, are written here.
 */
export function encryptBox(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
  box: Uint8Array,
): void {
  deriveSubkey(key, nonce);
  // One pass over a block of zeros and the plaintext: block 0 of the stream is the Poly1305 key, the data starts at block 1.
  const stream = new Uint8Array(BLOCK + plaintext.length);
  stream.set(plaintext, BLOCK);
  chacha20(subkey.bytes, shortNonce, stream, stream);
  const ciphertext = stream.subarray(BLOCK);
  box.set(ciphertext);
  box.set(computeTag(stream.subarray(0, 32), aad, ciphertext), ciphertext.length);
  stream.fill(0, 0, BLOCK);
  subkey.bytes.fill(0);
}

/**
 * @param key 32 bytes.
 * @param nonce 24 bytes.
 * @param box ciphertext, then 16-byte tag.
 * @param plaintext `box.length - 16` bytes, may be where the ciphertext is; written only when the tag is right.
 * @returns whether it is.
 */
export function decryptBox(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  box: Uint8Array,
  plaintext: Uint8Array,
): boolean {
  deriveSubkey(key, nonce);
  const ciphertext = box.subarray(0, box.length - TAG);
  const macKey = chacha20(subkey.bytes, shortNonce, ZEROS);
  const isAuthentic = equalBytes(computeTag(macKey, aad, ciphertext), box.subarray(box.length - TAG));
  if (isAuthentic) chacha20(subkey.bytes, shortNonce, ciphertext, plaintext, 1);
  macKey.fill(0);
  subkey.bytes.fill(0);
  return isAuthentic;
}

/** Into `subkey` HChaCha20 of the first 16 bytes of the nonce, into `shortNonce` the other 8 behind 4 zeros. draft-irtf-cfrg-xchacha-03 §2.3. */
function deriveSubkey(key: Uint8Array, nonce: Uint8Array): void {
  keyCopy.bytes.set(key);
  longNonce.bytes.set(nonce.subarray(0, 16));
  hchacha(sigma.words, keyCopy.words, longNonce.words, subkey.words);
  keyCopy.bytes.fill(0);
  shortNonce.set(nonce.subarray(16), 4);
}

/** Poly1305 over aad and ciphertext, each padded to 16 bytes, and their lengths as u64le. RFC 8439 §2.8. */
function computeTag(macKey: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  const from = padded(aad.length);
  const end = from + padded(ciphertext.length);
  const message = new Uint8Array(end + 16);
  message.set(aad);
  message.set(ciphertext, from);
  writeLength(message, end, aad.length);
  writeLength(message, end + 8, ciphertext.length);
  return poly1305(message, macKey);
}

function padded(length: number): number {
  return (length + 15) & ~15;
}

/** The low half of a u64le; no length here reaches 2^32. */
function writeLength(message: Uint8Array, at: number, length: number): void {
  message[at] = length;
  message[at + 1] = length >>> 8;
  message[at + 2] = length >>> 16;
  message[at + 3] = length >>> 24;
}

interface Words {
  readonly words: Uint32Array;
  /** The same memory. */
  readonly bytes: Uint8Array;
}

function createWords(count: number, content?: Uint8Array): Words {
  const words = new Uint32Array(count);
  const bytes = new Uint8Array(words.buffer);
  if (content !== undefined) bytes.set(content);
  return { words, bytes };
}
