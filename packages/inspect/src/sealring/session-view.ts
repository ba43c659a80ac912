/** The value of a cookie -> the session in it, if the package `sealring` made it. */

import { decodeRecord, readCookiePurpose, SECRET_BYTES, valuesToObject } from '@sealring/wire';
import { encodeBase64url } from '../base64url.ts';
import type { SessionView } from '../explanation.ts';
import type { Binding } from './bindings.ts';

export function readSession(value: unknown, { purpose }: Binding): SessionView | undefined {
  if (readCookiePurpose(purpose) === undefined) return undefined;
  if (value instanceof Uint8Array && value.length === SECRET_BYTES) return { kind: 'id' };
  const record = decodeRecord(value);
  if (record?.id === undefined) return undefined; // a cookie store rejects a record without an id
  const { contents, id, family, ...facts } = record;
  const { values, flashes } = contents;
  return {
    kind: 'session',
    ...facts,
    id: encodeBase64url(id),
    family: encodeBase64url(family ?? id),
    values: valuesToObject(values) ?? values,
    flashes: new Map([...flashes].map(([bag, messages]) => [bag, messages.map(({ message }) => message)])),
  };
}
