/** Bytes of a property's name -> the string, which is mostly one that was read before: a session has the same names at every request. */

const MAX_BYTES = 24;
const SLOTS = 256;

interface Name {
  readonly bytes: Uint8Array;
  readonly text: string;
}

const slots: (Name | undefined)[] = [];

/** Where the names stand in the payload that is being read, in order. Values are data, and are never kept. */
const starts: number[] = [];
let count = 0;
let next = 0;

/** Forgets the places, before a payload is checked. */
export function startNames(): void {
  count = 0;
  next = 0;
}

/** Notes that the content of a name begins at `start`. */
export function addName(start: number): void {
  starts[count++] = start;
}

/** Returns the string of `length` bytes at `start`, if a name stands there, and otherwise `undefined`. Strings are asked for in order. */
export function readName(
  bytes: Uint8Array,
  start: number,
  length: number,
  decode: (bytes: Uint8Array, start: number, length: number) => string,
): string | undefined {
  while (next < count && (starts[next] ?? 0) < start) next++;
  if (next === count || starts[next] !== start || length > MAX_BYTES || length === 0) return undefined;
  const slot = (length * 31 + (bytes[start] ?? 0) * 7 + (bytes[start + length - 1] ?? 0)) % SLOTS;
  const known = slots[slot];
  if (known !== undefined && isSame(known.bytes, bytes, start, length)) return known.text;
  const text = decode(bytes, start, length);
  slots[slot] = { bytes: bytes.slice(start, start + length), text };
  return text;
}

function isSame(known: Uint8Array, bytes: Uint8Array, start: number, length: number): boolean {
  if (known.length !== length) return false;
  for (let at = 0; at < length; at++) if (known[at] !== bytes[start + at]) return false;
  return true;
}
