/** The head of a record in a backend, in clear <-> its fields. An end knows only ids, so it has to read heads without keys. FORMAT.md §9. */

/** The session is here. Lists name the record under its subject. */
export interface LiveHead {
  readonly state: 'live';
  /** The id of the family: all ids that the session had and will have. */
  readonly family: string;
  /** The id that the record was moved from, if it was. */
  readonly from: string | undefined;
  /** When the record was last written, in whole seconds since the epoch. */
  readonly seenAt: number;
}

/** The session has another id now. Lists name the pointer under the subject of the new record. */
export interface MovedHead {
  readonly state: 'moved';
  readonly family: string;
  /** The new id. */
  readonly to: string;
  /** When it moved, in whole seconds since the epoch. */
  readonly since: number;
  /** The index name of the new record's subject, if it has one. */
  readonly subject: string | undefined;
}

/** The session has ended, and its id is never used again. */
export interface EndedHead {
  readonly state: 'ended';
}

export type Head = LiveHead | MovedHead | EndedHead;

const POINT = 0x2e;
/** Bytes; no head that we write has half of it. */
const MAX_HEAD = 512;
const SECONDS = /^\d{1,15}$/;

/**
 * ASCII, fields divided by points, a point at the end: `L.<family>.<from>.<seenAt>.`, `M.<family>.<to>.<since>.<subject>.`, `E.`. What follows a live
 * head is the sealed payload, which is bound to the head.
 */
export function formatHead(head: Head): string {
  switch (head.state) {
    case 'live':
      return `L.${head.family}.${head.from ?? ''}.${head.seenAt}.`;
    case 'moved':
      return `M.${head.family}.${head.to}.${head.since}.${head.subject ?? ''}.`;
    case 'ended':
      return 'E.';
  }
}

/**
 * Returns the head and the position of the first byte behind it, or `undefined` if the bytes are not a record of this version.
 * Never throws, in time linear in the length of the head.
 */
export function parseHead(bytes: Uint8Array): { head: Head; length: number } | undefined {
  const state = bytes[0];
  const count = state === 0x4c ? 4 : state === 0x4d ? 5 : state === 0x45 ? 1 : 0;
  let end = 0;
  for (let found = 0; found < count; found++) {
    end = bytes.indexOf(POINT, end) + 1;
    if (end === 0) return undefined;
  }
  if (count === 0 || end > MAX_HEAD) return undefined;
  const [, family = '', other = '', at = '', subject = ''] = ascii(bytes, end - 1).split('.');
  if (count === 1) return { head: { state: 'ended' }, length: end };
  if (family === '' || !SECONDS.test(at)) return undefined;
  const seconds = Number(at);
  if (count === 4) {
    return { head: { state: 'live', family, from: other === '' ? undefined : other, seenAt: seconds }, length: end };
  }
  if (other === '') return undefined;
  const named = subject === '' ? undefined : subject;
  return { head: { state: 'moved', family, to: other, since: seconds, subject: named }, length: end };
}

/** Faster than TextDecoder for so few bytes. */
function ascii(bytes: Uint8Array, end: number): string {
  const codes = new Array<number>(end);
  for (let at = 0; at < end; at++) codes[at] = bytes[at] ?? 0;
  return String.fromCharCode(...codes);
}
