/** Payload bytes -> heads and strings, one at a time: the lexer of check.ts. RFC 8949 §3. */

import { fault } from './fault.ts';
import { utf8Fault } from './utf8.ts';

export const INTEGER = 0; // major types, RFC 8949 §3.1
export const NEGATIVE = 1;
export const BYTES = 2;
export const TEXT = 3;
export const ARRAY = 4;
export const MAP = 5;
export const TAG = 6;
export const SIMPLE = 7;

const NOTHING: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** A position in a payload, which moves from item to item. */
export class Cursor {
  bytes: Uint8Array = NOTHING;
  end = 0;
  offset = 0;

  /** @param length bytes of the payload at the start of `bytes`. */
  start(bytes: Uint8Array, length: number): void {
    this.bytes = bytes;
    this.end = length;
    this.offset = 0;
  }

  /** The major type of the item at the cursor. */
  peek(): number {
    if (this.offset >= this.end) throw fault('eof', this.offset);
    return (this.bytes[this.offset] ?? 0) >> 5;
  }

  /** Moves past a head and returns its argument. Above 2^53 it may be inexact. RFC 8949 §3; shortest form §4.2.1. */
  argument(): number {
    const { bytes, offset: start } = this;
    const head = bytes[start] ?? 0;
    const info = head & 31;
    if (info < 24) {
      this.offset = start + 1;
      return info;
    }
    const major = head >> 5;
    if (info > 27) throw fault(info === 31 && major >= BYTES && major <= MAP ? 'indefinite' : 'reserved', start);
    const size = 1 << (info - 24);
    if (start + size >= this.end) throw fault('eof', start);
    let argument = 0;
    for (let at = start + 1; at <= start + size; at++) argument = argument * 256 + (bytes[at] ?? 0);
    const min = info === 24 ? 24 : info === 25 ? 0x100 : info === 26 ? 0x1_0000 : 0x1_0000_0000;
    if (argument < min) throw fault('form', start);
    this.offset = start + size + 1;
    return argument;
  }

  /** Compares a length that the head at `start` declares with the rest of the input, before the length is used. */
  expect(start: number, length: number): void {
    if (length > this.end - this.offset) throw fault('eof', start);
  }

  /** Moves past the `length` bytes that the head at `start` declares. */
  skip(start: number, length: number): void {
    this.expect(start, length);
    this.offset += length;
  }

  /** Moves past null, booleans, undefined and floats of any width. */
  simple(): void {
    const start = this.offset;
    const info = (this.bytes[start] ?? 0) & 31;
    const size = info < 25 ? 0 : 1 << (info - 24);
    if (info < 20 || info === 24 || info === 31) throw fault('simple', start);
    if (info > 27) throw fault('reserved', start);
    if (start + size >= this.end) throw fault('eof', start);
    this.offset = start + size + 1;
  }

  /** Moves past the `length` bytes of a string, which must be UTF-8. */
  text(start: number, length: number): void {
    const from = this.offset;
    this.skip(start, length);
    const stray = utf8Fault(this.bytes, from, this.offset);
    if (stray >= 0) throw fault('utf8', stray);
  }

  /** Returns the string whose head is at `start` and which ends at the cursor. It must have been checked. */
  stringAt(start: number): string {
    const end = this.offset;
    this.offset = start;
    const length = this.argument();
    const from = this.offset;
    this.offset = end;
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.bytes.subarray(from, from + length));
  }
}
