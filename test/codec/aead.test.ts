/** The AEAD that we put together from noble's parts, held against noble's own: byte for byte, and refusal for refusal. */
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { describe, expect, it } from 'vitest';
import { decryptBox, encryptBox } from '../../packages/codec/src/crypto/aead.ts';
import { BLOCK, createRoom } from '../../packages/codec/src/room.ts';
import { randomFrom, toHex } from './support.ts';

const random = randomFrom(24);
const bytes = (length: number) => Uint8Array.from({ length }, () => random() * 256);
/** A room with a nonce, `content` where a box begins, and rubbish around it. */
const roomOf = (nonce: Uint8Array, content: Uint8Array, length: number) => {
  const room = createRoom(length);
  room.bytes.set(bytes(room.bytes.length));
  room.bytes.set(nonce, BLOCK - 24);
  room.payload.set(content);
  return room;
};
const seal = (key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array) => {
  const room = roomOf(nonce, plaintext, plaintext.length);
  encryptBox(key, aad, room, plaintext.length);
  expect(room.bytes.slice(BLOCK - 24, BLOCK)).toStrictEqual(nonce);
  return room.payload.slice(0, plaintext.length + 16);
};
const open = (key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, box: Uint8Array) =>
  decryptBox(key, aad, roomOf(nonce, box, box.length - 16), box.length - 16)?.payload.slice(0, box.length - 16);

describe('encryptBox() and decryptBox()', () => {
  it("give noble's bytes for every length to 300 and additional data of 0 to 100 bytes", () => {
    for (let length = 0; length <= 300; length++) {
      const [key, nonce, aad, plaintext] = [bytes(32), bytes(24), bytes(length % 101), bytes(length)];
      const box = seal(key, nonce, aad, plaintext);
      expect(toHex(box)).toBe(toHex(xchacha20poly1305(key, nonce, aad).encrypt(plaintext)));
      expect(open(key, nonce, aad, box)).toStrictEqual(plaintext);
    }
  });

  it("give noble's bytes for 64 KB and more", () => {
    for (const length of [65_535, 65_536, 100_001]) {
      const [key, nonce, aad, plaintext] = [bytes(32), bytes(24), bytes(1000), bytes(length)];
      const box = seal(key, nonce, aad, plaintext);
      expect(box).toStrictEqual(xchacha20poly1305(key, nonce, aad).encrypt(plaintext));
      expect(open(key, nonce, aad, box)).toStrictEqual(plaintext);
    }
  });

  it('take views that are not aligned, and change none of their inputs', () => {
    const room = bytes(500);
    const [key, nonce, aad] = [room.subarray(1, 33), room.subarray(35, 59), room.subarray(61, 72)];
    const plaintext = room.subarray(101, 333);
    const before = room.slice();
    expect(seal(key, nonce, aad, plaintext)).toStrictEqual(
      xchacha20poly1305(key.slice(), nonce.slice(), aad).encrypt(plaintext),
    );
    expect(room).toStrictEqual(before);
  });

  it('reject every flipped bit of key, nonce, additional data and box, leave the box as it was and no plaintext', () => {
    const parts = [bytes(32), bytes(24), bytes(13), bytes(50)] as const;
    const [key, nonce, aad, plaintext] = parts;
    const box = seal(key, nonce, aad, plaintext);
    const decrypted = decryptBox(key, aad, roomOf(nonce, box, 50), 50)?.payload.subarray(0, 50); // the next call writes to it
    expect(decrypted).toStrictEqual(plaintext);
    for (const part of [key, nonce, aad, box]) {
      for (let bit = 0; bit < part.length * 8; bit++) {
        part[bit >> 3] = (part[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const room = roomOf(nonce, box, 50);
        expect(decryptBox(key, aad, room, 50)).toBeUndefined();
        expect(room.payload.slice(0, box.length)).toStrictEqual(box);
        expect(room.bytes.slice(BLOCK - 24, BLOCK)).toStrictEqual(nonce);
        expect(decrypted?.every((byte) => byte === 0)).toBe(true);
        part[bit >> 3] = (part[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      }
    }
    expect(open(key, nonce, aad, box)).toStrictEqual(plaintext);
  });

  it('reject bytes that move between additional data and ciphertext', () => {
    const [key, nonce, aad, plaintext] = [bytes(32), bytes(24), bytes(16), bytes(32)];
    const box = seal(key, nonce, aad, plaintext);
    const longer = Uint8Array.of(...aad, ...box.subarray(0, 16));
    expect(open(key, nonce, longer, box.subarray(16))).toBeUndefined();
  });
});
