/** Text that people type or paste as a key -> the secret and its id, or what is wrong with the text. Also recognises a key pasted as a cookie. */

import { keyIdOf, type Secret } from '@sealring/codec';
import { decodeBase64url, encodeBase64url } from './base64url.ts';

/** How a key is written. `sealring` is a string from `generateKey`; the others are encodings of bytes. */
export type SecretEncoding = 'sealring' | 'hex' | 'base64' | 'base64url' | 'utf-8';

/** A key with its id, or what is wrong with the text. */
export type ReadSecret =
  | { readonly ok: true; readonly secret: Secret; readonly keyId: string }
  /** One sentence for the person who typed it. It contains no part of the text. */
  | { readonly ok: false; readonly message: string };

const SECRET = 32;
const PREFIX = 'sealring_';
// A key may be copied from a .env file, a shell, JSON, YAML or a chat, with a name, quotes, commas or invisible characters around it.
const KEY = /(?<![A-Za-z0-9_-])sealring_[A-Za-z0-9_-]{47}(?![A-Za-z0-9_-])/g;
const AROUND = /^[\s"'`“”‘’,;\p{Cf}]+|[\s"'`“”‘’,;\p{Cf}]+$/gu;

/**
 * Reads a key as people paste it. It does not throw: the result says what is wrong.
 *
 * @param encoding how the key is written. Default `sealring`.
 *
 * @example
 * import { readSecret } from '@sealring/inspect';
 * const read = readSecret('000102', 'hex');
 * console.log(read.ok || read.message); // A key has 32 bytes or more, these are 3.
 */
export function readSecret(text: string, encoding: SecretEncoding = 'sealring'): ReadSecret {
  const trimmed = encoding === 'utf-8' ? text : text.replace(AROUND, '');
  if (trimmed === '') return refuse('There is no key here yet.');
  if (!trimmed.isWellFormed()) return refuse('This text has half of a surrogate pair, so it cannot be encoded.');
  const read = encoding === 'sealring' ? readTextForm(trimmed) : READERS[encoding](trimmed);
  if (typeof read === 'object' && 'message' in read) return refuse(read.message);
  try {
    return { ok: true, secret: read, keyId: keyIdOf(read) };
  } catch (thrown) {
    return refuse(messageFor(read, thrown));
  }
}

// With a name before it, only text that is too long to be a name itself.
const PASTED_KEY = /(?:^|[\s"'`=:,])sealring_[A-Za-z0-9_-]{20}/;

/**
 * Whether a key, or a part of one, was pasted as a cookie: by itself, or after the name of a setting.
 *
 * @param name of the cookie; empty if only a value was pasted.
 */
export function isPastedKey(name: string, value: string): boolean {
  return (name === '' && value.startsWith(PREFIX)) || PASTED_KEY.test(value);
}

function refuse(message: string): ReadSecret {
  return { ok: false, message };
}

interface Complaint {
  readonly message: string;
}

function readTextForm(text: string): string | Complaint {
  const [found, second] = text.match(KEY) ?? [];
  if (found !== undefined && (second === undefined || second === found)) return found;
  if (second !== undefined) return { message: 'There are several keys here: paste one.' };
  if (!text.startsWith(PREFIX))
    return { message: `A key starts with “${PREFIX}”. For another kind of key, choose its encoding.` };
  const body = text.slice(PREFIX.length);
  const at = body.search(/[^A-Za-z0-9_-]/);
  if (at >= 0) return { message: `Character ${PREFIX.length + at + 1} is not valid in a key.` };
  if (body.length !== 47) return { message: `After “${PREFIX}” a key has 47 characters, this one has ${body.length}.` };
  return text;
}

const READERS: Readonly<Record<Exclude<SecretEncoding, 'sealring'>, (text: string) => Uint8Array | Complaint>> = {
  hex: readHex,
  base64: (text) => readBase64(text, /[^A-Za-z0-9+/]/, 'base64'),
  base64url: (text) => readBase64(text, /[^A-Za-z0-9_-]/, 'base64url'),
  'utf-8': (text) => new TextEncoder().encode(text),
};

function readHex(text: string): Uint8Array | Complaint {
  const digits = text.replace(/[\s:]/g, '').replace(/^0x/i, '');
  const at = digits.search(/[^0-9a-f]/i);
  if (at >= 0) return { message: `Digit ${at + 1} is not hexadecimal.` };
  if (digits.length % 2 === 1) return { message: `Expected an even number of digits, got ${digits.length}.` };
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function readBase64(text: string, foreign: RegExp, name: string): Uint8Array | Complaint {
  if (text.startsWith(PREFIX))
    return { message: `A key that starts with “${PREFIX}” is not ${name}: choose the encoding “sealring”.` };
  const digits = text.replace(/\s/g, '').replace(/={0,2}$/, '');
  const at = digits.search(foreign);
  if (at >= 0) return { message: `Character ${at + 1} is not valid in ${name}.` };
  if (digits.length % 4 === 1) return { message: `${digits.length} characters of ${name} do not make complete bytes.` };
  const urlSafe = digits.replaceAll('+', '-').replaceAll('/', '_');
  const bytes = decodeBase64url(urlSafe);
  if (encodeBase64url(bytes) === urlSafe) return bytes;
  return { message: `The last character of this ${name} is not valid, probably because of a typo.` };
}

function messageFor(secret: Secret, thrown: unknown): string {
  if (typeof secret === 'string') return 'The checksum is wrong, probably because of a typo or missing characters.';
  if (secret.length < SECRET)
    return `A key has ${SECRET} bytes or more, ${secret.length === 1 ? 'this is 1' : `these are ${secret.length}`}.`;
  if (secret.length > 1024) return `A key has at most 1,024 bytes, these are ${secret.length.toLocaleString('en')}.`;
  return thrown instanceof RangeError
    ? 'A key is random, but these bytes have too few different values.'
    : 'This is not a key.';
}
