/** Payload bytes -> heads, one at a time: the lexer of the gate. RFC 8949 §3. */

import { fault } from './payload-fault.ts';

export const INTEGER = 0; // major types, RFC 8949 §3.1
export const NEGATIVE = 1;
export const BYTES = 2;
export const TEXT = 3;
export const ARRAY = 4;
export const MAP = 5;
export const TAG = 6;
export const SIMPLE = 7;

/** A place in a payload. What is read has not been held against any rule but those of heads: lengths, shortest form, input left. */
export class Cursor {
  readonly bytes: Uint8Array;
  offset = 0;
  #view: DataView | undefined;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** The major type of the item at the cursor. */
  peek(): number {
    const head = this.bytes[this.offset];
    if (head === undefined) throw fault('eof', this.offset);
    return head >> 5;
  }

  /** Moves past a head and returns its argument. RFC 8949 §3; shortest form §4.2.1, bigints excepted. */
  argument(): number {
    const bytes = this.bytes;
    const start = this.offset;
    const head = bytes[start] ?? 0;
    const info = head & 31;
    if (info < 24) {
      this.offset = start + 1;
      return info;
    }
    const major = head >> 5;
    if (info > 27) throw fault(info === 31 && major >= BYTES && major <= MAP ? 'indefinite' : 'reserved', start);
    const size = 1 << (info - 24);
    if (start + size >= bytes.length) throw fault('eof', start);
    let argument = 0;
    for (let at = start + 1; at <= start + size; at++) argument = argument * 256 + (bytes[at] ?? 0);
    const least = info === 24 ? 24 : info === 25 ? 0x100 : info === 26 ? 0x1_0000 : 0x1_0000_0000;
    if (argument < least && (info < 27 || major > NEGATIVE)) throw fault('form', start);
    this.offset = start + size + 1;
    return argument;
  }

  /** Holds a length that the head at `start` declares against what is left, before anything is done about it. */
  expect(start: number, length: number): void {
    if (length > this.bytes.length - this.offset) throw fault('eof', start);
  }

  /** Moves past the `length` bytes that the head at `start` declares. */
  skip(start: number, length: number): void {
    this.expect(start, length);
    this.offset += length;
  }

  /** The float64 whose head is at `start`. */
  float(start: number): number {
    const { buffer, byteOffset, byteLength } = this.bytes;
    this.#view ??= new DataView(buffer, byteOffset, byteLength);
    return this.#view.getFloat64(start + 1);
  }

  /** The text whose head is at `start` and which has passed. */
  textAt(start: number): string {
    const end = this.offset;
    this.offset = start;
    const length = this.argument();
    const from = this.offset;
    this.offset = end;
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.bytes.subarray(from, from + length));
  }
}
