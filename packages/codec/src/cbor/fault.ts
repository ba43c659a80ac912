/** A rule of FORMAT.md §4 to 7 and an offset -> the refusal that names both. */

import { type PayloadReason, Refusal } from '../error.ts';

const PHRASES: Readonly<Record<PayloadReason, string>> = {
  size: 'too many bytes',
  eof: 'the payload ends early',
  trailing: 'bytes after the value',
  form: 'not the shortest form',
  indefinite: 'an indefinite length',
  reserved: 'a reserved head',
  utf8: 'a string that is not UTF-8',
  simple: 'a simple value outside the profile',
  key: 'a key that is neither a string nor a number of the dictionary',
  proto: 'the key __proto__',
  dup: 'a repeated key or member',
  tag: 'a tag outside the profile',
  type: 'content that does not fit its tag',
  date: 'a time that is not a valid date',
  bignum: 'a bigint that is too large',
  length: 'a typed array that ends in part of an element',
  url: 'a string that is not a URL',
  class: 'a class that is not registered',
  depth: 'nested too deeply',
  items: 'too many items',
};

/** Returns the refusal of a payload that breaks a rule, at `offset` if that is known. */
export function fault(reason: PayloadReason, offset?: number): Refusal {
  const where = offset === undefined ? '' : ` at byte ${offset}`;
  return new Refusal('ERR_SEAL_PAYLOAD', `Cannot read payload: ${PHRASES[reason]}${where}`, { reason, offset });
}

/** Returns the refusal for a class whose name is at `offset`, and which is not registered or has fewer fields. */
export function unknownClass(offset: number, what: string): Refusal {
  return new Refusal('ERR_SEAL_TYPE_UNKNOWN', `Cannot read payload: ${what}, at byte ${offset}`, {
    reason: 'class',
    offset,
  });
}

/** Returns the refusal for a value whose type does not exist in this runtime. */
export function missingType(name: string): Refusal {
  return new Refusal('ERR_SEAL_TYPE_UNKNOWN', `Cannot read payload: this runtime has no ${name}`, { reason: 'class' });
}
