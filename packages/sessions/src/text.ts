/** Bytes -> texts that name something: ids and the names of records in a backend. Tokens are the codec's. */

import { sha256 } from '@noble/hashes/sha2.js';

/** @returns `ceil(bytes.length * 4 / 3)` characters of `A–Z a–z 0–9 - _`. */
export function encodeBase64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** SHA-256 as 43 characters: a name that says nothing about `bytes`. */
export function fingerprint(bytes: Uint8Array): string {
  return encodeBase64url(sha256(bytes));
}
