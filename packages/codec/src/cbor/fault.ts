/** A rule of FORMAT.md §4 to 7 and an offset -> the refusal that names both. */

import { type PayloadReason, Refusal } from '../error.ts';

const SAYINGS: Readonly<Record<PayloadReason, string>> = {
  size: 'too many bytes',
  eof: 'the payload ends early',
  trailing: 'bytes after the value',
  form: 'not the shortest form',
  indefinite: 'a length that is not given',
  reserved: 'a reserved head',
  utf8: 'a string that is not UTF-8',
  simple: 'a simple value outside the profile',
  key: 'a key that is no string or known number',
  proto: 'the key __proto__',
  dup: 'a key or member that was there before',
  tag: 'a tag outside the profile',
  type: 'content that does not fit its tag',
  date: 'a time that is no Date',
  bignum: 'too large a bigint',
  length: 'a typed array with part of an element',
  url: 'a string that is no URL',
  class: 'a class that is not registered',
  depth: 'nested too deep',
  items: 'too many items',
};

/** A payload that breaks a rule, at `offset` if that is known. */
export function fault(reason: PayloadReason, offset?: number): Refusal {
  const where = offset === undefined ? '' : ` at byte ${offset}`;
  return new Refusal('ERR_SEAL_PAYLOAD', `Cannot read payload: ${SAYINGS[reason]}${where}`, { reason, offset });
}

/** A class, named at `offset`, that the registry has not or has with fewer fields. */
export function unknownClass(offset: number, what: string): Refusal {
  return new Refusal('ERR_SEAL_TYPE_UNKNOWN', `Cannot read payload: ${what}, at byte ${offset}`, {
    reason: 'class',
    offset,
  });
}

/** A value that this runtime has no type for. */
export function missingType(name: string): Refusal {
  return new Refusal('ERR_SEAL_TYPE_UNKNOWN', `Cannot read payload: this runtime has no ${name}`, { reason: 'class' });
}
