/** A token -> its bytes and fields, as far as it is valid base64url and long enough. FORMAT.md §2. */

import { readBase64url, type SpellingFault } from '../base64url.ts';
import type { Range, Segment } from '../explanation.ts';
import { count, formatHex, formatInstant } from '../text.ts';

export interface Parts {
  readonly text: string;
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
  readonly fault: SpellingFault | undefined;
  readonly mode: 'sealed' | 'signed' | undefined;
  /** The minimum number of bytes of a token of this mode. */
  readonly minBytes: number;
  readonly keyId: string | undefined;
  readonly issuedAt: number | undefined;
  readonly segments: readonly Segment[];
}

/** Characters of the shortest token: signed, with one byte of payload. */
export const MIN_CHARACTERS = 34;

const LEADS: ReadonlyMap<number | undefined, 'sealed' | 'signed'> = /* @__PURE__ */ new Map([
  [0x11, 'sealed'],
  [0x49, 'signed'],
]);
/** Bytes of lead, key id and issued at. */
const HEADER = 8;
const RANDOM = 16;
const TAG = 16;

/** The byte of a token at which its ciphertext or payload starts. */
export const START: Readonly<Record<'sealed' | 'signed', number>> = { sealed: HEADER + RANDOM, signed: HEADER };

export function readParts(text: string): Parts {
  const { bytes, fault } = readBase64url(text);
  const mode = LEADS.get(bytes?.[0]);
  const isWhole = bytes !== undefined && mode !== undefined && bytes.length >= minBytesOf(mode);
  return {
    text,
    bytes,
    fault,
    mode,
    minBytes: mode === undefined ? HEADER : minBytesOf(mode),
    keyId: mode !== undefined && bytes !== undefined && bytes.length >= 4 ? formatHex(bytes.subarray(1, 4)) : undefined,
    issuedAt: mode !== undefined && bytes !== undefined && bytes.length >= HEADER ? timeOf(bytes) : undefined,
    segments: isWhole ? segmentsOf(bytes, mode) : [],
  };
}

/** The payload of a signed token. */
export function payloadOf({ bytes, mode, segments }: Parts): Uint8Array<ArrayBuffer> | undefined {
  return mode === 'signed' && segments.length > 0 ? bytes?.slice(HEADER, -TAG) : undefined;
}

/** A payload has at least one byte. */
function minBytesOf(mode: 'sealed' | 'signed'): number {
  return START[mode] + 1 + TAG;
}

function timeOf(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(4);
}

function segmentsOf(bytes: Uint8Array, mode: 'sealed' | 'signed'): Segment[] {
  const length = bytes.length - TAG - START[mode];
  const fits = 'fits only exactly these bytes, key, purpose and context';
  const head: Row[] = [
    ['lead', 'Lead', 1, `0x${formatHex(bytes.subarray(0, 1))}: version 1, ${mode}`],
    ['key-id', 'Key id', 3, formatHex(bytes.subarray(1, 4))],
    ['issued-at', 'Issued at', 4, formatInstant(timeOf(bytes))],
  ];
  const rest: Row[] =
    mode === 'sealed'
      ? [
          ['random', 'Random', RANDOM, 'new in every token; the first 24 bytes of the token are the nonce'],
          ['ciphertext', 'Ciphertext', length, `${count(length, 'byte')}, unreadable without the key`],
          ['tag', 'Tag', TAG, fits],
        ]
      : [
          ['payload', 'Payload', length, `${count(length, 'byte')} of CBOR, readable by anyone`],
          ['mac', 'MAC', TAG, fits],
        ];
  let from = 0;
  return [...head, ...rest].map(([name, label, length, says]) => {
    const range = { from, to: (from += length) };
    return { name, label, bytes: range, characters: charactersOf(range), says };
  });
}

type Row = [Segment['name'], string, number, string];

/** The characters whose first bit lies in these bytes: a character has 6 bits, a byte 8. */
function charactersOf({ from, to }: Range): Range {
  return { from: Math.ceil((from * 8) / 6), to: Math.ceil((to * 8) / 6) };
}
