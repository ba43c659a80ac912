/** The bytes of a record's file <-> the row. Bytes of another form, or without the digest of their content, are no record. */

import { createHash } from 'node:crypto';
import type { Row } from '../kit/rows.ts';

export interface FileContent extends Omit<Row, 'expiresAt'> {
  id: string;
}

// magic[8] digest[16] length of head[4] head data. The head: version, id and subject, if there is one, between line feeds.
const MAGIC: Uint8Array = /* @__PURE__ */ new TextEncoder().encode('sealrec1');
const DIGEST = 8;
const LENGTH = 24; // the digest covers everything from here on
const HEAD = 28;

export function formatFile({ id, version, subject, data }: FileContent): Uint8Array {
  const head = Buffer.from([version, id, ...(subject === undefined ? [] : [subject])].join('\n'));
  const bytes = Buffer.alloc(HEAD + head.length + data.length);
  bytes.set(MAGIC);
  bytes.writeUInt32BE(head.length, LENGTH);
  bytes.set(head, HEAD);
  bytes.set(data, HEAD + head.length);
  bytes.set(digest(bytes), DIGEST);
  return bytes;
}

/** Returns `undefined` if `formatFile` cannot have made these bytes, or not all of them. */
export function parseFile(bytes: Buffer): FileContent | undefined {
  if (bytes.length < HEAD || !bytes.subarray(0, DIGEST).equals(MAGIC)) return undefined;
  if (!bytes.subarray(DIGEST, LENGTH).equals(digest(bytes))) return undefined;
  const headEnd = HEAD + bytes.readUInt32BE(LENGTH);
  const [version = '', id = '', ...rest] = bytes.toString('utf8', HEAD, headEnd).split('\n');
  const subject = rest.length === 0 ? undefined : rest.join('\n');
  return { id, version, subject, data: new Uint8Array(bytes.subarray(headEnd)) };
}

function digest(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes.subarray(LENGTH)).digest().subarray(0, 16);
}
