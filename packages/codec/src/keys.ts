/** Secrets -> key ring: ids and the subkeys for one purpose, derived once. FORMAT.md §1. */

import { equalBytes } from './aead.ts';
import { createMac, expand, extract, hmacSha256, type Mac } from './hash.ts';
import { checkOptions, describe, own } from './options.ts';
import { readSecret, type Secret } from './secret.ts';
import { LEAD, type Mode, readInteger, startToken } from './token.ts';

/** A secret alone seals; `encrypt: false` makes its tokens signed and readable. A secret serves one mode unless it is listed twice. */
export type KeyInput = Secret | { secret: Secret; encrypt?: boolean };

/** A secret's subkey for one purpose. */
export interface Key {
  readonly mode: Mode;
  /** 3 bytes. */
  readonly keyId: Uint8Array;
  /** `keyId` as 6 hexadecimal digits. */
  readonly id: string;
  /** 32 bytes; what a sealed token is encrypted under. */
  readonly subkey: Uint8Array;
  /** What a signed token is authenticated with. */
  readonly mac: Mac;
}

export interface KeyRing {
  /** The first key: it seals. */
  readonly current: Key;
  /** By the first four bytes of their tokens; two secrets may share an id. */
  readonly keys: ReadonlyMap<number, readonly Key[]>;
}

const SALT: Uint8Array = /* @__PURE__ */ new TextEncoder().encode('sealring/v1');
const KEY_ID_INFO: Uint8Array = /* @__PURE__ */ new TextEncoder().encode('kid');
const NO_KEYS: readonly Key[] = [];

/**
 * @param purpose what the tokens are for, a text of at least one character.
 * @throws {TypeError} when there are no keys, one stands there twice, or one is malformed.
 * @throws {RangeError} when one is too short or plainly not random.
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
    const at = readInteger(startToken(key.mode, key.keyId, 0), 0);
    keys.set(at, [...(keys.get(at) ?? NO_KEYS), key]);
  }
  return { current, keys };
}

/**
 * What tokens made with a secret call it, so that the secret they need can be found in a list.
 *
 * @returns 6 hexadecimal digits, the same for both modes and every purpose; not secret.
 * @throws {TypeError} when a text is not what `generateKey` makes, or the secret is neither text nor bytes.
 * @throws {RangeError} when it is too short or plainly not random.
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
 * The keys of an id: usually one, none for a foreign token, two where ids collide.
 *
 * @param keyId the first four bytes of a token, big-endian and signed.
 */
export function findKey(ring: KeyRing, keyId: number): readonly Key[] {
  return ring.keys.get(keyId) ?? NO_KEYS;
}

/** The key for tokens that need a second secret to be opened, which only the caller holds. FORMAT.md §2. */
export function withSecret(key: Key, secret: Uint8Array | undefined): Key {
  if (secret === undefined) return key;
  const subkey = hmacSha256(key.subkey, secret);
  return { ...key, subkey, mac: key.mode === 'signed' ? createMac(subkey) : key.mac };
}

function readInput(input: KeyInput, at: number): { name: string; mode: Mode; secret: Uint8Array } {
  if (typeof input !== 'object' || input === null || input instanceof Uint8Array) {
    return { name: `keys[${at}]`, mode: 'sealed', secret: readSecret(input, `keys[${at}]`) };
  }
  checkOptions(`"keys[${at}]"`, input, ['secret', 'encrypt']);
  const encrypt = own(input, 'encrypt');
  if (encrypt !== undefined && typeof encrypt !== 'boolean') {
    throw new TypeError(`"keys[${at}].encrypt" expected true or false, got ${describe(encrypt)}`);
  }
  return {
    name: `keys[${at}]`,
    mode: encrypt === false ? 'signed' : 'sealed',
    secret: readSecret(own(input, 'secret'), `keys[${at}].secret`),
  };
}

function deriveKey(secret: Uint8Array, mode: Mode, purpose: string): Key {
  const prk = extract(SALT, secret);
  const keyId = expand(prk, KEY_ID_INFO, 3);
  // "kid" starts with 0x6b, so no lead byte may ever be 0x6b: the infos have to differ.
  const subkey = expand(prk, Uint8Array.of(LEAD[mode], ...new TextEncoder().encode(purpose)), 32);
  prk.fill(0);
  return { mode, keyId, id: formatId(keyId), subkey, mac: createMac(subkey) };
}

function formatId(keyId: Uint8Array): string {
  return Array.from(keyId, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
