/** Payload bytes -> nothing, or a refusal with reason and offset: the engine sees no byte that has not passed here. FORMAT.md §4. */

import { ARRAY, BYTES, Cursor, INTEGER, MAP, NEGATIVE, SIMPLE, TAG, TEXT } from './cursor.ts';
import { decodeDate } from './date.ts';
import { Distinct } from './distinct.ts';
import { fault, unknownClass } from './payload-fault.ts';
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

const HEAD_BIGINT = 0x1b;
const HEAD_NEGATIVE_BIGINT = 0x3b;
const HEAD_FLOAT64 = 0xfb;
const FIRST_MARKED = 65; // the engine's TextDecoder takes over beyond 64 bytes, and strips a mark

/**
 * One pass over the payload. Lengths are held against what is left of the input before anything is done about them; nothing is
 * allocated but a small index for each map and set.
 *
 * @throws {Refusal} `ERR_SEAL_PAYLOAD` with reason and offset; `ERR_SEAL_TYPE_UNKNOWN` for a class that is not registered.
 */
export function checkPayload(bytes: Uint8Array, profile: Profile): Checked {
  if (bytes.length > profile.limits.bytes) throw fault('size', 0);
  const cursor = new Cursor(bytes);
  const gate = new Gate(cursor, profile);
  gate.item(0);
  if (cursor.offset < bytes.length) throw fault('trailing', cursor.offset);
  return gate;
}

/** What the decoder has to know about a payload that has passed. */
export interface Checked {
  readonly marks: readonly Mark[];
  /** Whether the engine's own result is the value: no numbered key, no tag that raise.ts knows. */
  readonly isPlain: boolean;
}

/** A text of over 64 bytes that starts with U+FEFF, which the engine would strip: where head and content begin, and the bytes of the content. */
export interface Mark {
  readonly start: number;
  readonly from: number;
  readonly length: number;
}

/** One walk. `depth` is the number of arrays, maps and tags around the item. */
class Gate implements Checked {
  readonly marks: Mark[] = [];
  isPlain = true;
  readonly #cursor: Cursor;
  readonly #profile: Profile;
  #items = 0;

  constructor(cursor: Cursor, profile: Profile) {
    this.#cursor = cursor;
    this.#profile = profile;
  }

  item(depth: number): void {
    const start = this.#cursor.offset;
    const major = this.#cursor.peek();
    if (++this.#items > this.#profile.limits.items) throw fault('items', start);
    if (major === SIMPLE) {
      this.#simple();
      return;
    }
    const argument = this.#cursor.argument();
    if (argument === 2 ** 64 && isFilled(this.#cursor.bytes, start, HEAD_NEGATIVE_BIGINT)) throw fault('form', start);
    if (major === TEXT) this.#text(start, argument);
    else if (major === MAP) this.#object(start, argument, depth);
    else if (major === ARRAY) this.#array(start, argument, depth);
    else if (major === TAG) this.#tag(start, argument, depth);
    else if (major === BYTES) this.#cursor.skip(start, argument);
  }

  #text(start: number, length: number): void {
    const bytes = this.#cursor.bytes;
    const from = this.#cursor.offset;
    this.#cursor.skip(start, length);
    const stray = utf8Fault(bytes, from, this.#cursor.offset);
    if (stray >= 0) throw fault('utf8', stray);
    if (length >= FIRST_MARKED && bytes[from] === 0xef && bytes[from + 1] === 0xbb && bytes[from + 2] === 0xbf) {
      this.marks.push({ start, from, length });
    }
  }

  #array(start: number, length: number, depth: number): void {
    this.#cursor.expect(start, length);
    this.#enter(start, depth);
    for (let at = 0; at < length; at++) this.item(depth + 1);
  }

  #object(start: number, length: number, depth: number): void {
    this.#openMap(start, length, depth);
    const keys = new Distinct(this.#cursor.bytes, length);
    for (let at = 0; at < length; at++) {
      const key = this.#cursor.offset;
      const major = this.#cursor.peek();
      if (major !== TEXT && (major !== INTEGER || this.#profile.names.length === 0)) throw fault('key', key);
      this.item(depth + 1);
      if (major === INTEGER) {
        if (!this.#isNumbered(key)) throw fault('key', key);
        this.isPlain = false;
      }
      if (isProto(this.#cursor.bytes, key, this.#cursor.offset)) throw fault('proto', key);
      if (!keys.add(key, this.#cursor.offset)) throw fault('dup', key);
      this.item(depth + 1);
    }
  }

  /** Whether the integer from `key` to the cursor is a number of the dictionary. A 64-bit one is a bigint, and never is. */
  #isNumbered(key: number): boolean {
    const end = this.#cursor.offset;
    if (end - key > 5) return false;
    this.#cursor.offset = key;
    const number = this.#cursor.argument();
    return number < this.#profile.names.length && this.#cursor.offset === end;
  }

  #openMap(start: number, length: number, depth: number): void {
    this.#cursor.expect(start, length * 2);
    this.#enter(start, depth);
  }

  #enter(start: number, depth: number): void {
    if (depth >= this.#profile.limits.depth) throw fault('depth', start);
  }

  #simple(): void {
    const start = this.#cursor.offset;
    const info = (this.#cursor.bytes[start] ?? 0) & 31;
    if (info >= 20 && info <= 23) {
      this.#cursor.offset = start + 1;
      return;
    }
    if (info < 20 || info === 24 || info === 31) throw fault('simple', start);
    if (info > 27) throw fault('reserved', start);
    if (start + (1 << (info - 24)) >= this.#cursor.bytes.length) throw fault('eof', start);
    if (info < 27 || !isCanonicalFloat(this.#cursor.float(start), this.#cursor.bytes, start))
      throw fault('form', start);
    this.#cursor.offset = start + 9;
  }

  #tag(start: number, tag: number, depth: number): void {
    if (!READABLE.has(tag)) throw fault('tag', start);
    this.#enter(start, depth);
    if (!ENGINE_READS.has(tag)) this.isPlain = false;
    const content = this.#cursor.offset;
    const major = this.#cursor.peek();
    if (tag === TAG_DATE) this.#date(content, major, depth);
    else if (tag === TAG_CLASS) this.#class(content, major, depth);
    else if (tag === TAG_SET) this.#set(content, major, depth);
    else if (tag === TAG_MAP) this.#map(content, major, depth);
    else if (tag === TAG_URL) this.#url(start, content, major, depth);
    else this.#byteContent(tag, content, major, depth);
  }

  #date(content: number, major: number, depth: number): void {
    const head = this.#cursor.bytes[content];
    if (major > NEGATIVE && major !== SIMPLE) throw fault('type', content);
    this.item(depth + 1);
    if (head === HEAD_BIGINT || head === HEAD_NEGATIVE_BIGINT) throw fault('date', content);
    if (major !== SIMPLE) return;
    if (head !== HEAD_FLOAT64) throw fault('type', content);
    if (decodeDate(this.#cursor.float(content)) === undefined) throw fault('date', content);
  }

  #class(content: number, major: number, depth: number): void {
    if (major !== ARRAY) throw fault('type', content);
    this.#countItem(content);
    const length = this.#cursor.argument();
    this.#cursor.expect(content, length);
    this.#enter(content, depth + 1);
    const name = this.#cursor.offset;
    if (length === 0 || this.#cursor.peek() !== TEXT) throw fault('type', content);
    this.item(depth + 2);
    const type = this.#profile.types.byName.get(this.#cursor.textAt(name));
    if (type === undefined)
      throw unknownClass(name, `class ${JSON.stringify(this.#cursor.textAt(name).slice(0, 64))} is not registered`);
    if (length - 1 < type.least || length - 1 > type.most) {
      throw unknownClass(name, `class ${type.name} has ${type.most} fields here, ${length - 1} in the token`);
    }
    for (let at = 1; at < length; at++) this.item(depth + 2);
  }

  #set(content: number, major: number, depth: number): void {
    if (major !== ARRAY) throw fault('type', content);
    this.#countItem(content);
    const length = this.#cursor.argument();
    this.#cursor.expect(content, length);
    this.#enter(content, depth + 1);
    const members = new Distinct(this.#cursor.bytes, length);
    for (let at = 0; at < length; at++) this.#member(members, depth + 2);
  }

  #map(content: number, major: number, depth: number): void {
    if (major !== MAP) throw fault('type', content);
    this.#countItem(content);
    const length = this.#cursor.argument();
    this.#openMap(content, length, depth + 1);
    const keys = new Distinct(this.#cursor.bytes, length);
    for (let at = 0; at < length; at++) {
      this.#member(keys, depth + 2);
      this.item(depth + 2);
    }
  }

  /** A Set's member or a Map's key. Objects are themselves and may look alike; what has no identity may not, nor may -0, which is 0 there. */
  #member(members: Distinct, depth: number): void {
    const start = this.#cursor.offset;
    const head = this.#cursor.bytes[start] ?? 0;
    this.item(depth);
    if (head === HEAD_FLOAT64 && Object.is(this.#cursor.float(start), -0)) throw fault('form', start);
    const isPrimitive = head < 0x40 || (head >= 0x60 && head < 0x80) || head >= 0xe0 || head === 0xc2 || head === 0xc3;
    if (isPrimitive && !members.add(start, this.#cursor.offset)) throw fault('dup', start);
  }

  #url(start: number, content: number, major: number, depth: number): void {
    if (major !== TEXT) throw fault('type', content);
    this.item(depth + 1);
    if (!isHref(this.#cursor.textAt(content))) throw fault('url', start);
  }

  /** Bignums and typed arrays. */
  #byteContent(tag: number, content: number, major: number, depth: number): void {
    if (major !== BYTES) throw fault('type', content);
    this.item(depth + 1);
    const end = this.#cursor.offset;
    this.#cursor.offset = content;
    const length = this.#cursor.argument();
    const first = this.#cursor.bytes[this.#cursor.offset];
    const isInRange = length > 8 || (tag === TAG_NEGATIVE_BIGNUM && isFilled(this.#cursor.bytes, content, 0x48));
    this.#cursor.offset = end;
    if (tag === TAG_BIGNUM || tag === TAG_NEGATIVE_BIGNUM) {
      if (!isInRange || first === 0) throw fault('form', content);
      if (length > this.#profile.limits.bignumBytes) throw fault('bignum', content);
    } else if (length % (SIZES.get(tag) ?? 1) !== 0) throw fault('length', content);
  }

  #countItem(start: number): void {
    if (++this.#items > this.#profile.limits.items) throw fault('items', start);
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

/** Whether a head is followed by eight bytes ff, as in -2^64: a bignum in the profile, though a 64-bit head could hold it. */
function isFilled(bytes: Uint8Array, start: number, head: number): boolean {
  return bytes[start] === head && bytes.subarray(start + 1, start + 9).every((byte) => byte === 0xff);
}

/** Whether the writer would have chosen float64: not for integers of up to 32 bits, and only one NaN. */
function isCanonicalFloat(value: number, bytes: Uint8Array, start: number): boolean {
  if (Number.isNaN(value)) {
    return (
      bytes[start + 1] === 0x7f &&
      bytes[start + 2] === 0xf8 &&
      bytes.subarray(start + 3, start + 9).every((byte) => byte === 0)
    );
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
