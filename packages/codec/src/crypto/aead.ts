/**
 * Key, nonce and data <-> box (ciphertext and tag): XChaCha20-Poly1305, made of noble's HChaCha20, ChaCha20 and Poly1305.
 * draft-irtf-cfrg-xchacha-03 §2.3, RFC 8439 §2.8. The only file that imports @noble/ciphers.
 *
 * Why not noble's own `xchacha20poly1305`: it makes the same bytes, and the tests compare the two. But it derives the subkey and
 * starts the stream twice for each box. For a wrong tag it throws an Error, whose stack trace makes a forged token cost more than a
 * valid one. The primitives and the constant-time comparison are noble's.
 */

import { Poly1305 } from '@noble/ciphers/_poly1305.js';
import { chacha20, hchacha } from '@noble/ciphers/chacha.js';
import { equalBytes } from '@noble/ciphers/utils.js';
import { ascii } from '../bytes.ts';
import { BLOCK, createRoom, type Room, roomFor } from '../room.ts';

const NONCE = 24; // draft-irtf-cfrg-xchacha-03 §2
const TAG = 16;

// noble takes the inputs of HChaCha20 as 32-bit words in this machine's byte order. These buffers are used for every call, because
// making new ones takes half as long as the cipher. Secrets in them are wiped before a call returns.
const sigma: Words = /* @__PURE__ */ createWords(/* @__PURE__ */ ascii('expand 32-byte k'));
const keyCopy: Words = /* @__PURE__ */ createWords(/* @__PURE__ */ new Uint8Array(32));
const kept: Uint8Array = /* @__PURE__ */ new Uint8Array(NONCE);
const longNonce: Words = /* @__PURE__ */ createWords(/* @__PURE__ */ new Uint8Array(NONCE));
const nonceStart: Uint32Array = /* @__PURE__ */ longNonce.words.subarray(0, 4);
const shortNonce: Uint8Array = /* @__PURE__ */ longNonce.bytes.subarray(12);
const subkey: Words = /* @__PURE__ */ createWords(/* @__PURE__ */ new Uint8Array(32));
const macKey: Uint8Array = /* @__PURE__ */ new Uint8Array(32);
const givenTag: Uint8Array = /* @__PURE__ */ new Uint8Array(TAG);
const tag: Uint8Array = /* @__PURE__ */ new Uint8Array(TAG);
const opened: Room = /* @__PURE__ */ createRoom();

export { equalBytes };

/**
 * Encrypts a payload in place and writes the 16-byte tag after it.
 *
 * @param key 32 bytes.
 * @param context the additional data.
 * @param room the payload, with the 24-byte nonce before it. The bytes before the nonce are overwritten.
 */
export function encryptBox(key: Uint8Array, context: Uint8Array, room: Room, length: number): void {
  const { bytes } = room;
  const stream = bytes.subarray(0, BLOCK + length);
  let isEncrypted = false;
  try {
    computeTag(xorStream(key, bytes, stream, stream), context, bytes, length);
    isEncrypted = true;
  } finally {
    stream.fill(0, 0, isEncrypted ? BLOCK : stream.length);
    finish(bytes);
  }
  bytes.set(tag, BLOCK + length);
}

/**
 * Decrypts a ciphertext, with its 24-byte nonce before it and its 16-byte tag after it. Does not change them.
 *
 * @param key 32 bytes.
 * @param context the additional data.
 * @returns the payload, or `undefined` if the tag is wrong. The caller must wipe the payload before it opens another token.
 */
export function decryptBox(key: Uint8Array, context: Uint8Array, room: Room, length: number): Room | undefined {
  const { bytes } = room;
  const end = BLOCK + length;
  const plain = roomFor(opened, length);
  const stream = plain.bytes.subarray(0, end);
  let isAuthentic = false;
  try {
    const mac = xorStream(key, bytes, bytes.subarray(0, end), stream); // decrypts; the result is returned only if the tag is right
    for (let at = 0; at < TAG; at++) givenTag[at] = bytes[end + at] ?? 0;
    computeTag(mac, context, bytes, length);
    bytes.set(givenTag, end);
    isAuthentic = equalBytes(tag, givenTag);
  } finally {
    stream.fill(0, 0, isAuthentic ? BLOCK : end);
    finish(bytes);
  }
  return isAuthentic ? plain : undefined;
}

/** Encrypts or decrypts a block of zeros and the data in one pass. Block 0 of the stream is the key of the returned Poly1305; the data starts at block 1. */
function xorStream(key: Uint8Array, bytes: Uint8Array, from: Uint8Array, to: Uint8Array): Poly1305 {
  // draft-irtf-cfrg-xchacha-03 §2.3: HChaCha20 takes the first 16 bytes of the nonce, ChaCha20 takes 4 zeros and the other 8.
  for (let at = 0; at < NONCE; at++) longNonce.bytes[at] = kept[at] = bytes[BLOCK - NONCE + at] ?? 0;
  keyCopy.bytes.set(key);
  hchacha(sigma.words, keyCopy.words, nonceStart, subkey.words);
  keyCopy.bytes.fill(0);
  shortNonce.fill(0, 0, 4);
  from.fill(0, 0, BLOCK);
  chacha20(subkey.bytes, shortNonce, from, to);
  for (let at = 0; at < 32; at++) macKey[at] = to[at] ?? 0;
  return new Poly1305(macKey);
}

/** Wipes the keys, and restores the nonce, which the first block of the stream has overwritten. */
function finish(bytes: Uint8Array): void {
  subkey.bytes.fill(0);
  macKey.fill(0);
  bytes.set(kept, BLOCK - NONCE);
}

/** Writes to `tag` the Poly1305 of the additional data and the ciphertext, each padded to 16 bytes, and of their lengths as u64le. RFC 8439 §2.8. */
function computeTag(mac: Poly1305, context: Uint8Array, bytes: Uint8Array, length: number): void {
  const size = padded(context.length);
  const fits = size <= BLOCK; // in the place of block 0: one piece is faster than two
  const message = fits ? bytes : new Uint8Array(size);
  const from = fits ? BLOCK - size : 0;
  message.fill(0, from, from + size);
  message.set(context, from);
  if (!fits) mac.update(message);
  const lengths = BLOCK + padded(length);
  bytes.fill(0, BLOCK + length, lengths + 16);
  for (let at = 0; at < 4; at++) {
    bytes[lengths + at] = context.length >>> (8 * at); // no length here reaches 2^32
    bytes[lengths + 8 + at] = length >>> (8 * at);
  }
  addBlocks(mac, bytes, fits ? from : BLOCK, lengths + 16);
  mac.digestInto(tag);
  mac.destroy();
}

type Step = (bytes: Uint8Array, at: number) => void;

let isStepRight: boolean | undefined;

/**
 * Adds whole blocks of 16 bytes to a mac. noble's `update` copies them first, which takes a tenth of the time of sealing a cookie. So this calls
 * the method that `update` calls for each block. That method is private, so its result is compared with `update` once. If they differ, `update` is used.
 */
function addBlocks(mac: Poly1305, bytes: Uint8Array, from: number, to: number): void {
  isStepRight ??= tryStep();
  if (isStepRight) addByStep(mac, bytes, from, to);
  else mac.update(bytes.subarray(from, to));
}

function addByStep(mac: Poly1305, bytes: Uint8Array, from: number, to: number): void {
  const { process }: { process: Step } = Object(mac);
  for (let at = from; at < to; at += 16) process.call(mac, bytes, at);
}

function tryStep(): boolean {
  if (typeof Reflect.get(Poly1305.prototype, 'process') !== 'function') return false;
  const blocks = Uint8Array.from({ length: 80 }, (_, at) => at * 37 + 11);
  const [key, message] = [blocks.subarray(0, 32), blocks.subarray(32)];
  const mac = new Poly1305(key);
  addByStep(mac, message, 0, message.length);
  return equalBytes(mac.digest(), new Poly1305(key).update(message).digest());
}

function padded(length: number): number {
  return (length + 15) & ~15;
}

interface Words {
  readonly words: Uint32Array;
  /** The same memory as `words`. */
  readonly bytes: Uint8Array;
}

function createWords(content: ArrayLike<number>): Words {
  const bytes = Uint8Array.from(content);
  return { words: new Uint32Array(bytes.buffer), bytes };
}
