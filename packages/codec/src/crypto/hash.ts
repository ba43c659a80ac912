/** Bytes -> SHA-256, HKDF and HMAC. The only file that imports @noble/hashes. */

import { expand as hkdfExpand, extract as hkdfExtract } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';

/** @returns 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return nobleSha256(bytes);
}

/** RFC 5869 §2.2. @returns the 32-byte pseudorandom key. */
export function extract(salt: Uint8Array, secret: Uint8Array): Uint8Array {
  return hkdfExtract(nobleSha256, secret, salt);
}

/** RFC 5869 §2.3. @returns `length` bytes. */
export function expand(prk: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  return hkdfExpand(nobleSha256, prk, info, length);
}

/** Returns the HMAC-SHA-256 (RFC 2104) of the joined parts: 32 bytes. */
export type Hmac = (...parts: Uint8Array[]) => Uint8Array;

/** @param key 32 bytes. Both of its HMAC states (RFC 2104 §4) are computed here, once for all calls. */
export function createHmac(key: Uint8Array): Hmac {
  const keyed = hmac.create(nobleSha256, key);
  return (...parts) => {
    const state = keyed.clone();
    for (const part of parts) state.update(part);
    return state.digest();
  };
}
