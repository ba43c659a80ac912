/** The AEAD that we put together from noble's parts, held against noble's own: byte for byte, and refusal for refusal. */
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { describe, expect, it } from 'vitest';
import { decryptBox, encryptBox } from '../../packages/codec/src/aead.ts';
import { randomFrom, toHex } from './support.ts';

const random = randomFrom(24);
const bytes = (length: number) => Uint8Array.from({ length }, () => random() * 256);
const seal = (key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array) => {
  const box = new Uint8Array(plaintext.length + 16);
  encryptBox(key, nonce, aad, plaintext, box);
  return box;
};

describe('encryptBox() and decryptBox()', () => {
  it("give noble's bytes for every length to 300 and every length of additional data to 40", () => {
    for (let length = 0; length <= 300; length++) {
      const [key, nonce, aad, plaintext] = [bytes(32), bytes(24), bytes(length % 41), bytes(length)];
      const box = seal(key, nonce, aad, plaintext);
      expect(toHex(box)).toBe(toHex(xchacha20poly1305(key, nonce, aad).encrypt(plaintext)));
      const back = new Uint8Array(length);
      expect(decryptBox(key, nonce, aad, box, back)).toBe(true);
      expect(back).toStrictEqual(plaintext);
    }
  });

  it("give noble's bytes for 64 KB and more", () => {
    for (const length of [65_535, 65_536, 100_001]) {
      const [key, nonce, aad, plaintext] = [bytes(32), bytes(24), bytes(1000), bytes(length)];
      const box = seal(key, nonce, aad, plaintext);
      expect(box).toStrictEqual(xchacha20poly1305(key, nonce, aad).encrypt(plaintext));
      expect(decryptBox(key, nonce, aad, box, box.subarray(0, length))).toBe(true);
      expect(box.subarray(0, length)).toStrictEqual(plaintext);
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

  it('refuse every flipped bit of key, nonce, additional data and box, and write nothing', () => {
    const parts = [bytes(32), bytes(24), bytes(13), bytes(50)] as const;
    const [key, nonce, aad, plaintext] = parts;
    const box = seal(key, nonce, aad, plaintext);
    for (const part of [key, nonce, aad, box]) {
      for (let bit = 0; bit < part.length * 8; bit++) {
        part[bit >> 3] = (part[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const output = new Uint8Array(50).fill(7);
        expect(decryptBox(key, nonce, aad, box, output)).toBe(false);
        expect(output.every((byte) => byte === 7)).toBe(true);
        part[bit >> 3] = (part[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      }
    }
    expect(decryptBox(key, nonce, aad, box, new Uint8Array(50))).toBe(true);
  });

  it('refuse bytes that move between additional data and ciphertext', () => {
    const [key, nonce, aad, plaintext] = [bytes(32), bytes(24), bytes(16), bytes(32)];
    const box = seal(key, nonce, aad, plaintext);
    const longer = Uint8Array.of(...aad, ...box.subarray(0, 16));
    expect(decryptBox(key, nonce, longer, box.subarray(16), new Uint8Array(16))).toBe(false);
  });
});
