/** Secrets <-> their text form, which has a checksum against typos and a prefix for secret scanners. FORMAT.md §1. */

import { fillRandom } from '../ambient.ts';
import { ascii, type Bytes, readBytes } from '../bytes.ts';
import { describe } from '../options.ts';
import { decodeBase64url, encodeBase64url } from '../token/base64url.ts';
import { sha256 } from './hash.ts';

/** 32 random bytes or more, or a string from `generateKey`. */
export type Secret = string | Uint8Array;

const PREFIX = 'sealring_';
const SECRET = 32;
const CHECKSUM = 3;
const CHECKSUM_LABEL: Bytes = /* @__PURE__ */ ascii('sealring/key');
const MAX_SECRET = 1024;
const MIN_DISTINCT = 8; // one of 10^35 random keys has fewer than 8 different bytes; placeholders do

/**
 * Makes a new key.
 *
 * @returns 56 characters: `sealring_`, then 32 random bytes and a 3-byte checksum in base64url. Do not commit it to source control.
 *
 * @example
 * import { generateKey } from '@sealring/codec';
 * console.log(generateKey().length); // 56
 */
export function generateKey(): string {
  return formatSecret(fillRandom(new Uint8Array(SECRET)));
}

/** Returns the text form of a 32-byte secret. */
export function formatSecret(secret: Uint8Array): string {
  return PREFIX + encodeBase64url(secret) + encodeBase64url(checksum(secret));
}

/**
 * @param name the name of the caller's option, for the message.
 * @returns a copy of the secret's bytes.
 * @throws {TypeError} if the secret is a string that `generateKey` did not make, or is neither a string nor bytes.
 * @throws {RangeError} if it has too few bytes, or too few different ones to be random.
 */
export function readSecret(given: unknown, name: string): Bytes {
  const secret = typeof given === 'string' ? parseSecret(given, name) : readBytes(given);
  if (secret === undefined) {
    const got = typeof given === 'number' ? 'a number' : describe(given); // describe() would show the number, which may be a key
    throw new TypeError(`"${name}" expected a key made by generateKey() or a Uint8Array, got ${got}`);
  }
  if (secret.length < SECRET || secret.length > MAX_SECRET) {
    throw new RangeError(`"${name}" expected ${SECRET} to ${MAX_SECRET} bytes, got ${secret.length}`);
  }
  const distinct = new Set(secret).size;
  if (distinct < MIN_DISTINCT) {
    throw new RangeError(
      `"${name}" expected random bytes, got ${secret.length} with only ${distinct} different values`,
    );
  }
  return Uint8Array.from(secret);
}

function parseSecret(text: string, name: string): Uint8Array {
  if (!text.startsWith(PREFIX)) {
    const hint = text.includes(PREFIX) ? ': remove the characters before the key' : '';
    throw new TypeError(`"${name}" expected a key made by generateKey() ("${PREFIX}…"), got ${describe(text)}${hint}`);
  }
  const body = text.slice(PREFIX.length);
  const split = Math.ceil((SECRET * 4) / 3);
  const secret = decodeBase64url(body.slice(0, split));
  const check = decodeBase64url(body.slice(split));
  if (secret?.length !== SECRET || check?.length !== CHECKSUM) {
    throw new TypeError(`"${name}" expected "${PREFIX}" and 47 base64url characters, got ${describe(body)} after it`);
  }
  if (checksum(secret).some((byte, at) => byte !== check[at])) {
    throw new TypeError(
      `"${name}" expected a key with a valid checksum, got one with a typo or missing characters: copy it again`,
    );
  }
  return secret;
}

function checksum(secret: Uint8Array): Uint8Array {
  return sha256(Uint8Array.of(...CHECKSUM_LABEL, ...secret)).subarray(0, CHECKSUM);
}
