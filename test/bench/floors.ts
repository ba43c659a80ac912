/** The two floors that our codec stands on, bare: XChaCha20-Poly1305 by noble and CBOR by cbor-x, as the package bundles them. */
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { Encoder } from 'cbor-x/index-no-eval';
import type { JsonObject } from './fixtures.ts';

/** A floor cut like a codec, in two halves; `there` and `back` are each one call of the engine. */
export interface Floor {
  name: string;
  there(): Uint8Array;
  back(): unknown;
}

const KEY = Uint8Array.from({ length: 32 }, (_, index) => (index * 73 + 11) & 255);
const NONCE = Uint8Array.from({ length: 24 }, (_, index) => (index * 37 + 3) & 255);

const engine = new Encoder({
  useRecords: false,
  mapsAsObjects: true,
  variableMapSize: true,
  tagUint8Array: false,
  copyBuffers: true,
});

/** Encrypts and decrypts `payload` with a fixed key and nonce; a new cipher each time, as a nonce serves once. */
export function cipherFloor(payload: Uint8Array): Floor {
  const box = xchacha20poly1305(KEY, NONCE).encrypt(payload);
  return {
    name: 'floor: noble XChaCha20-Poly1305',
    there: () => xchacha20poly1305(KEY, NONCE).encrypt(payload),
    back: () => xchacha20poly1305(KEY, NONCE).decrypt(box),
  };
}

/** Encodes and decodes `value` with the engine alone: no gate, no lowering, no classes. */
export function cborFloor(value: JsonObject): Floor {
  const bytes = encodeBare(value);
  return { name: 'floor: cbor-x', there: () => engine.encode(value), back: () => engine.decode(bytes) };
}

/** The engine's own bytes for `value`, in a buffer of their own. */
export function encodeBare(value: JsonObject): Uint8Array {
  return Uint8Array.from(engine.encode(value));
}
