/** Secrets -> key ring: the key ids and the subkeys for one purpose. FORMAT.md §1. */

import { ascii, type Bytes, readBytes, utf8 } from '../bytes.ts';
import { checkOptions, describe, own } from '../options.ts';
import { LEAD, type Mode, readInteger } from '../token/token.ts';
import { equalBytes } from './aead.ts';
import { createHmac, expand, extract, type Hmac } from './hash.ts';
import { readSecret, type Secret } from './secret.ts';

/** A secret without options makes sealed tokens. With `encrypt: false` it makes signed, readable ones. List a secret twice to use it for both modes. */
export type KeyInput = Secret | { secret: Secret; encrypt?: boolean };

/** A secret's subkey for one purpose. */
export interface Key {
  readonly mode: Mode;
  /** 3 bytes. */
  readonly keyId: Uint8Array;
  /** `keyId` as 6 hexadecimal digits. */
  readonly id: string;
  /** 32 bytes; the encryption key of sealed tokens. */
  readonly subkey: Uint8Array;
  /** HMAC with `subkey`, for the mac of signed tokens and for bound keys. */
  readonly hmac: Hmac;
}

export interface KeyRing {
  /** The first key, with which values are sealed. */
  readonly current: Key;
  /** All keys, by the first four bytes of their tokens. Two secrets can have the same id. */
  readonly keys: ReadonlyMap<number, readonly Key[]>;
}

const SALT: Bytes = /* @__PURE__ */ ascii('sealring/v1');
const KEY_ID_INFO: Bytes = /* @__PURE__ */ ascii('kid');
const BOUND_INFO: Bytes = /* @__PURE__ */ ascii('sealring/bound'); // the message of a mac starts with 0x49, never with an s
const FIRST_BLOCK: Bytes = /* @__PURE__ */ Uint8Array.of(1);
const NO_KEYS: readonly Key[] = [];

/**
 * @param purpose what the tokens are for, a string of at least one character.
 * @throws {TypeError} if there are no keys, or a key is malformed or listed twice.
 * @throws {RangeError} if a key is too short or clearly not random.
 */
export function createKeyRing(inputs: readonly KeyInput[] | undefined, purpose: string): KeyRing {
  if (!Array.isArray(inputs)) throw new TypeError(`"keys" expected an array of keys, got ${describe(inputs)}`);
  const secrets = inputs.map(readInput);
  secrets.forEach(({ name, mode, secret }, at) => {
    const twin = secrets.findIndex((other) => other.mode === mode && equalBytes(other.secret, secret));
    if (twin < at) throw new TypeError(`"${name}" is the same key as "keys[${twin}]"`);
  });
  const [current, ...older] = secrets.map(({ secret, mode }) => deriveKey(secret, mode, purpose));
  for (const { secret } of secrets) secret.fill(0);
  if (current === undefined) throw new TypeError('"keys" expected at least one key, got none');
  const keys = new Map<number, readonly Key[]>();
  for (const key of [current, ...older]) {
    const at = readInteger(Uint8Array.of(LEAD[key.mode], ...key.keyId), 0);
    keys.set(at, [...(keys.get(at) ?? NO_KEYS), key]);
  }
  return { current, keys };
}

/**
 * Returns the key id of a secret. Each token contains the id of its key, so you can find the secret that opens it.
 *
 * @returns 6 hexadecimal digits, the same for both modes and every purpose; not secret.
 * @throws {TypeError} if the secret is a string that `generateKey` did not make, or is neither a string nor bytes.
 * @throws {RangeError} if the secret is too short or clearly not random.
 *
 * @example
 * import { createSealer, generateKey, keyIdOf } from '@sealring/codec';
 * const key = generateKey();
 * const sealer = createSealer({ keys: [key], purpose: 'example' });
 * console.log(sealer.open(sealer.seal(1)).keyId === keyIdOf(key)); // true
 */
export function keyIdOf(secret: Secret): string {
  const copy = readSecret(secret, 'secret');
  const prk = extract(SALT, copy);
  const id = formatId(expand(prk, KEY_ID_INFO, 3));
  copy.fill(0);
  prk.fill(0);
  return id;
}

/**
 * Returns the keys with a key id: usually one, none for a token of other keys, two if ids collide.
 *
 * @param keyId the first four bytes of a token, big-endian and signed.
 */
export function findKeys(ring: KeyRing, keyId: number): readonly Key[] {
  return ring.keys.get(keyId) ?? NO_KEYS;
}

/** Returns the key for tokens with a second secret: HKDF-Expand of the subkey. FORMAT.md §2. */
export function withSecret(key: Key, secret: Uint8Array | undefined): Key {
  if (secret === undefined) return key;
  const subkey = key.hmac(BOUND_INFO, secret, FIRST_BLOCK); // RFC 5869 §2.3: T(1)
  return { ...key, subkey, hmac: key.mode === 'signed' ? createHmac(subkey) : key.hmac };
}

function readInput(input: KeyInput, at: number): { name: string; mode: Mode; secret: Bytes } {
  const name = `keys[${at}]`;
  if (typeof input !== 'object' || input === null || isSecret(input)) {
    return { name, mode: 'sealed', secret: readSecret(input, name) };
  }
  if (!('secret' in input || 'encrypt' in input)) {
    throw new TypeError(
      `"${name}" expected a key made by generateKey(), bytes, or { secret, encrypt }, got ${describe(input)}`,
    );
  }
  checkOptions(`"${name}"`, input, ['secret', 'encrypt']);
  const encrypt = own(input, 'encrypt');
  if (encrypt !== undefined && typeof encrypt !== 'boolean') {
    throw new TypeError(`"${name}.encrypt" expected true or false, got ${describe(encrypt)}`);
  }
  return {
    name,
    mode: encrypt === false ? 'signed' : 'sealed',
    secret: readSecret(own(input, 'secret'), `${name}.secret`),
  };
}

/** Whether `input` is bytes of any realm. */
function isSecret(input: KeyInput): input is Secret {
  return readBytes(input) !== undefined;
}

function deriveKey(secret: Uint8Array, mode: Mode, purpose: string): Key {
  const prk = extract(SALT, secret);
  const keyId = expand(prk, KEY_ID_INFO, 3);
  // "kid" starts with 0x6b. No lead byte may ever be 0x6b, because the infos must differ.
  const subkey = expand(prk, Uint8Array.of(LEAD[mode], ...utf8(purpose)), 32);
  prk.fill(0);
  return { mode, keyId, id: formatId(keyId), subkey, hmac: createHmac(subkey) };
}

function formatId(keyId: Uint8Array): string {
  return Array.from(keyId, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
