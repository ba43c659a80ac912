/** Payload bytes -> nothing, or a refusal with reason and offset: the engine sees no byte that has not passed here. FORMAT.md §4. */

import { decodeDate } from './date.ts';
import { Distinct } from './distinct.ts';
import { type PayloadReason, Refusal } from './error.ts';
import {
  type Profile,
  TAG_BIGNUM,
  TAG_CLASS,
  TAG_DATE,
  TAG_FLOAT16_ARRAY,
  TAG_MAP,
  TAG_NEGATIVE_BIGNUM,
  TAG_SET,
  TAG_URL,
  TYPED_ARRAYS,
} from './profile.ts';
import { utf8Fault } from './utf8.ts';

const INTEGER = 0; // major types, RFC 8949 §3.1
const NEGATIVE = 1;
const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;
const MAP = 5;
const TAG = 6;
const SIMPLE = 7;

const HEAD_BIGINT = 0x1b;
const HEAD_NEGATIVE_BIGINT = 0x3b;
const HEAD_FLOAT64 = 0xfb;
const FIRST_MARKED = 65; // the engine's TextDecoder takes over beyond 64 bytes, and strips a mark
const NO_MARKS: readonly number[] = [];

/**
 * One pass over the payload. Lengths are held against what is left of the input before anything is done about them; nothing is
 * allocated but a small index for each map and set.
 *
 * @throws {Refusal} `ERR_SEAL_PAYLOAD` with reason and offset; `ERR_SEAL_TYPE_UNKNOWN` for a class that is not registered.
 */
export function checkPayload(bytes: Uint8Array, profile: Profile): Checked {
  if (bytes.length > profile.limits.bytes) throw refusal('size', 0);
  const gate = new Gate(bytes, profile);
  gate.item(0);
  if (gate.offset < bytes.length) throw refusal('trailing', gate.offset);
  return gate;
}

/** What the decoder has to know about a payload that has passed. */
export interface Checked {
  /** Offsets of texts of over 64 bytes that start with U+FEFF, which the engine would strip. */
  readonly marks: readonly number[];
  /** Whether the engine's own result is the value: no numbered key, no tag that raise.ts knows. */
  readonly isPlain: boolean;
}

/** A cursor over the payload. `depth` is the number of arrays, maps and tags around the item. */
class Gate implements Checked {
  offset = 0;
  marks: readonly number[] = NO_MARKS;
  isPlain = true;
  readonly #bytes: Uint8Array;
  readonly #profile: Profile;
  #view: DataView | undefined;
  #items = 0;

  constructor(bytes: Uint8Array, profile: Profile) {
    this.#bytes = bytes;
    this.#profile = profile;
  }

  item(depth: number): void {
    const start = this.offset;
    const major = this.#peek();
    if (++this.#items > this.#profile.limits.items) throw refusal('items', start);
    if (major === SIMPLE) {
      this.#simple();
      return;
    }
    const argument = this.#argument();
    if (major === NEGATIVE && argument === 2 ** 64 && isFilled(this.#bytes, start + 1)) throw refusal('form', start);
    if (major === TEXT) this.#text(start, argument);
    else if (major === MAP) this.#object(start, argument, depth);
    else if (major === ARRAY) this.#array(start, argument, depth);
    else if (major === TAG) this.#tag(start, argument, depth);
    else if (major === BYTES) this.#skip(start, argument);
  }

  /** The major type of the item at the cursor. */
  #peek(): number {
    const head = this.#bytes[this.offset];
    if (head === undefined) throw refusal('eof', this.offset);
    return head >> 5;
  }

  /** Moves past a head and returns its argument. RFC 8949 §3; shortest form §4.2.1, bigints excepted. */
  #argument(): number {
    const bytes = this.#bytes;
    const start = this.offset;
    const head = bytes[start] ?? 0;
    const info = head & 31;
    if (info < 24) {
      this.offset = start + 1;
      return info;
    }
    const major = head >> 5;
    if (info > 27) throw refusal(info === 31 && major >= BYTES && major <= MAP ? 'indefinite' : 'reserved', start);
    const size = 1 << (info - 24);
    if (start + size >= bytes.length) throw refusal('eof', start);
    let argument = 0;
    for (let at = start + 1; at <= start + size; at++) argument = argument * 256 + (bytes[at] ?? 0);
    const least = info === 24 ? 24 : info === 25 ? 0x100 : info === 26 ? 0x1_0000 : 0x1_0000_0000;
    if (argument < least && (info < 27 || major > NEGATIVE)) throw refusal('form', start);
    this.offset = start + size + 1;
    return argument;
  }

  #skip(start: number, length: number): void {
    if (length > this.#bytes.length - this.offset) throw refusal('eof', start);
    this.offset += length;
  }

  #text(start: number, length: number): void {
    const bytes = this.#bytes;
    const from = this.offset;
    this.#skip(start, length);
    const fault = utf8Fault(bytes, from, this.offset);
    if (fault >= 0) throw refusal('utf8', fault);
    if (length >= FIRST_MARKED && bytes[from] === 0xef && bytes[from + 1] === 0xbb && bytes[from + 2] === 0xbf) {
      this.marks = [...this.marks, start];
    }
  }

  #array(start: number, length: number, depth: number): void {
    if (length > this.#bytes.length - this.offset) throw refusal('eof', start);
    this.#enter(start, depth);
    for (let at = 0; at < length; at++) this.item(depth + 1);
  }

  #object(start: number, length: number, depth: number): void {
    this.#openMap(start, length, depth);
    const keys = new Distinct(this.#bytes, length);
    for (let at = 0; at < length; at++) {
      const key = this.offset;
      const major = this.#peek();
      if (major !== TEXT && (major !== INTEGER || this.#profile.names.length === 0)) throw refusal('key', key);
      this.item(depth + 1);
      if (major === INTEGER) {
        if (!this.#isNumbered(key)) throw refusal('key', key);
        this.isPlain = false;
      }
      if (isProto(this.#bytes, key, this.offset)) throw refusal('proto', key);
      if (!keys.add(key, this.offset)) throw refusal('dup', key);
      this.item(depth + 1);
    }
  }

  /** Whether the integer from `key` to the cursor is a number of the dictionary. A 64-bit one is a bigint, and never is. */
  #isNumbered(key: number): boolean {
    const end = this.offset;
    if (end - key > 5) return false;
    this.offset = key;
    const number = this.#argument();
    return number < this.#profile.names.length && this.offset === end;
  }

  #openMap(start: number, length: number, depth: number): void {
    if (length * 2 > this.#bytes.length - this.offset) throw refusal('eof', start);
    this.#enter(start, depth);
  }

  #enter(start: number, depth: number): void {
    if (depth >= this.#profile.limits.depth) throw refusal('depth', start);
  }

  #simple(): void {
    const start = this.offset;
    const info = (this.#bytes[start] ?? 0) & 31;
    if (info >= 20 && info <= 23) {
      this.offset = start + 1;
      return;
    }
    if (info < 20 || info === 24 || info === 31) throw refusal('simple', start);
    if (info > 27) throw refusal('reserved', start);
    if (start + (1 << (info - 24)) >= this.#bytes.length) throw refusal('eof', start);
    if (info < 27 || !isCanonicalFloat(this.#float(start), this.#bytes, start)) throw refusal('form', start);
    this.offset = start + 9;
  }

  #float(start: number): number {
    const { buffer, byteOffset, byteLength } = this.#bytes;
    this.#view ??= new DataView(buffer, byteOffset, byteLength);
    return this.#view.getFloat64(start + 1);
  }

  #tag(start: number, tag: number, depth: number): void {
    if (!READABLE.has(tag)) throw refusal('tag', start);
    this.#enter(start, depth);
    if (!ENGINE_READS.has(tag)) this.isPlain = false;
    const content = this.offset;
    const major = this.#peek();
    if (tag === TAG_DATE) this.#date(content, major, depth);
    else if (tag === TAG_CLASS) this.#class(content, major, depth);
    else if (tag === TAG_SET) this.#set(content, major, depth);
    else if (tag === TAG_MAP) this.#map(content, major, depth);
    else if (tag === TAG_URL) this.#url(start, content, major, depth);
    else this.#byteContent(tag, content, major, depth);
  }

  #date(content: number, major: number, depth: number): void {
    const head = this.#bytes[content];
    if (major > NEGATIVE && major !== SIMPLE) throw refusal('type', content);
    this.item(depth + 1);
    if (head === HEAD_BIGINT || head === HEAD_NEGATIVE_BIGINT) throw refusal('date', content);
    if (major !== SIMPLE) return;
    if (head !== HEAD_FLOAT64) throw refusal('type', content);
    if (decodeDate(this.#float(content)) === undefined) throw refusal('date', content);
  }

  #class(content: number, major: number, depth: number): void {
    if (major !== ARRAY) throw refusal('type', content);
    this.#countItem(content);
    const length = this.#argument();
    if (length > this.#bytes.length - this.offset) throw refusal('eof', content);
    this.#enter(content, depth + 1);
    const name = this.offset;
    if (length === 0 || this.#peek() !== TEXT) throw refusal('type', content);
    this.item(depth + 2);
    const type = this.#profile.types.byName.get(this.#textAt(name));
    if (type === undefined) throw unknownClass(name, `class ${JSON.stringify(this.#textAt(name).slice(0, 64))} is not registered`);
    if (length - 1 < type.least || length - 1 > type.most) {
      throw unknownClass(name, `class ${type.name} has ${type.most} fields here, ${length - 1} in the token`);
    }
    for (let at = 1; at < length; at++) this.item(depth + 2);
  }

  #set(content: number, major: number, depth: number): void {
    if (major !== ARRAY) throw refusal('type', content);
    this.#countItem(content);
    const length = this.#argument();
    if (length > this.#bytes.length - this.offset) throw refusal('eof', content);
    this.#enter(content, depth + 1);
    const members = new Distinct(this.#bytes, length);
    for (let at = 0; at < length; at++) this.#member(members, depth + 2);
  }

  #map(content: number, major: number, depth: number): void {
    if (major !== MAP) throw refusal('type', content);
    this.#countItem(content);
    const length = this.#argument();
    this.#openMap(content, length, depth + 1);
    const keys = new Distinct(this.#bytes, length);
    for (let at = 0; at < length; at++) {
      this.#member(keys, depth + 2);
      this.item(depth + 2);
    }
  }

  /** A Set's member or a Map's key. Objects are themselves and may look alike; what has no identity may not, nor may -0, which is 0 there. */
  #member(members: Distinct, depth: number): void {
    const start = this.offset;
    const head = this.#bytes[start] ?? 0;
    this.item(depth);
    if (head === HEAD_FLOAT64 && Object.is(this.#float(start), -0)) throw refusal('form', start);
    const isPrimitive = head < 0x40 || (head >= 0x60 && head < 0x80) || head >= 0xe0 || head === 0xc2 || head === 0xc3;
    if (isPrimitive && !members.add(start, this.offset)) throw refusal('dup', start);
  }

  #url(start: number, content: number, major: number, depth: number): void {
    if (major !== TEXT) throw refusal('type', content);
    this.item(depth + 1);
    if (!isHref(this.#textAt(content))) throw refusal('url', start);
  }

  /** Bignums and typed arrays. */
  #byteContent(tag: number, content: number, major: number, depth: number): void {
    if (major !== BYTES) throw refusal('type', content);
    this.item(depth + 1);
    const end = this.offset;
    this.offset = content;
    const length = this.#argument();
    const first = this.#bytes[this.offset];
    const isLastNegative = length === 8 && tag === TAG_NEGATIVE_BIGNUM && isFilled(this.#bytes, this.offset);
    this.offset = end;
    if (tag === TAG_BIGNUM || tag === TAG_NEGATIVE_BIGNUM) {
      if ((length < 9 && !isLastNegative) || first === 0) throw refusal('form', content);
      if (length > this.#profile.limits.bignumBytes) throw refusal('bignum', content);
    } else if (length % (SIZES.get(tag) ?? 1) !== 0) throw refusal('length', content);
  }

  #countItem(start: number): void {
    if (++this.#items > this.#profile.limits.items) throw refusal('items', start);
  }

  /** The text whose head is at `start` and which has passed. */
  #textAt(start: number): string {
    const end = this.offset;
    this.offset = start;
    const length = this.#argument();
    const from = this.offset;
    this.offset = end;
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.#bytes.subarray(from, from + length));
  }
}

const SIZES: ReadonlyMap<number, number> = /* @__PURE__ */ new Map(TYPED_ARRAYS.map(({ tag, size }) => [tag, size]));
const ENGINE_READS: ReadonlySet<number> = /* @__PURE__ */ new Set(
  [TAG_BIGNUM, TAG_NEGATIVE_BIGNUM, ...SIZES.keys()].filter((tag) => tag !== TAG_FLOAT16_ARRAY),
);
const READABLE: ReadonlySet<number> = /* @__PURE__ */ new Set([
  ...[TAG_DATE, TAG_BIGNUM, TAG_NEGATIVE_BIGNUM, TAG_CLASS, TAG_URL, TAG_SET, TAG_MAP],
  ...SIZES.keys(),
]);

/** Whether the eight bytes from `start` are all ff: -2^64 as a bigint, whose 64-bit head is not in the profile. */
function isFilled(bytes: Uint8Array, start: number): boolean {
  return bytes.subarray(start, start + 8).every((byte) => byte === 0xff);
}

/** Whether the writer would have chosen float64: not for integers of up to 32 bits, and only one NaN. */
function isCanonicalFloat(value: number, bytes: Uint8Array, start: number): boolean {
  if (value !== value) {
    return bytes[start + 1] === 0x7f && bytes[start + 2] === 0xf8 && bytes.subarray(start + 3, start + 9).every((byte) => byte === 0);
  }
  const isShortInteger = Number.isInteger(value) && value >= -0x1_0000_0000 && value < 0x1_0000_0000;
  return !isShortInteger || Object.is(value, -0);
}

/** Whether `text` is a URL in the one spelling that its `href` has. */
function isHref(text: string): boolean {
  try {
    return new URL(text).href === text;
  } catch {
    return false;
  }
}

/** The one key that would change an object's prototype instead of adding to it. */
function isProto(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== 10 || bytes[start] !== 0x69) return false;
  for (let at = 1; at < 10; at++) if (bytes[start + at] !== '__proto__'.charCodeAt(at - 1)) return false;
  return true;
}

const SAYINGS: Readonly<Record<PayloadReason, string>> = {
  size: 'too many bytes',
  eof: 'the payload ends early',
  trailing: 'bytes after the value',
  form: 'not the shortest form',
  indefinite: 'a length that is not given',
  reserved: 'a reserved head',
  utf8: 'a text that is not UTF-8',
  simple: 'a simple value outside the profile',
  key: 'a key that is not a text or known number',
  proto: 'the key __proto__',
  dup: 'a key or member that was there before',
  tag: 'a tag outside the profile',
  type: 'content that does not fit its tag',
  date: 'a time that is no Date',
  bignum: 'too large a bigint',
  length: 'a typed array with part of an element',
  url: 'a text that is no URL',
  class: 'a class that is not registered',
  depth: 'nested too deep',
  items: 'too many items',
};

function refusal(reason: PayloadReason, offset: number): Refusal {
  return new Refusal('ERR_SEAL_PAYLOAD', `Cannot read payload: ${SAYINGS[reason]} at byte ${offset}`, { reason, offset });
}

function unknownClass(offset: number, what: string): Refusal {
  return new Refusal('ERR_SEAL_TYPE_UNKNOWN', `Cannot read payload: ${what}, at byte ${offset}`, { reason: 'class', offset });
}
