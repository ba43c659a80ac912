/** Payload bytes -> facts about a valid payload, or a refusal with reason and offset. The engine reads only bytes that were checked here. FORMAT.md §4 to 7. */

import type { Limits } from '../limits.ts';
import { ARRAY, BYTES, Cursor, INTEGER, MAP, SIMPLE, TAG, TEXT } from './cursor.ts';
import { fault } from './fault.ts';
import type { ItemChecker } from './kinds/kind.ts';
import type { Types } from './kinds/types.ts';
import type { Profile } from './profile.ts';

const MAX_COMPARED = 16;
const PROTO_HEAD = 0x69; // a string of 9 bytes

/** What the reader needs to know about a valid payload. The next call of `checkPayload` changes it. */
export interface Checked {
  /** Whether the engine's result is the value: no tag, no numbered key, no integer beyond 2^53 - 1. */
  readonly isPlain: boolean;
  /** The number of members of Sets and keys of Maps. They must be different values, which only the reader can check. */
  readonly members: number;
}

/**
 * Checks a payload in one pass. Compares each length with the rest of the input before it uses it.
 *
 * @param length bytes of the payload at the start of `bytes`.
 * @throws {Refusal} `ERR_SEAL_PAYLOAD` with reason and offset; `ERR_SEAL_TYPE_UNKNOWN` for a class that is not registered.
 */
export function checkPayload(bytes: Uint8Array, length: number, profile: Profile): Checked {
  if (length > profile.limits.bytes) throw fault('size', 0);
  checker ??= new Checker();
  checker.begin(bytes, length, profile);
  checker.item(0);
  if (checker.offset < length) throw fault('trailing', checker.offset);
  return checker;
}

// One checker for all payloads: no code of the application runs during a check.
let checker: Checker | undefined;

/** One pass. `depth` is the number of arrays, maps and tags around an item. */
class Checker extends Cursor implements Checked, ItemChecker {
  isPlain = true;
  members = 0;
  #profile: Profile | undefined;
  #items = 0;
  /** Where the keys of the open objects start and end. */
  readonly #keys: number[] = [];
  #keyCount = 0;

  begin(bytes: Uint8Array, length: number, profile: Profile): void {
    this.start(bytes, length);
    this.isPlain = true;
    this.members = 0;
    this.#profile = profile;
    this.#items = 0;
    this.#keyCount = 0;
  }

  get profile(): Profile {
    if (this.#profile === undefined) throw new Error('begin() comes first');
    return this.#profile;
  }

  get limits(): Limits {
    return this.profile.limits;
  }

  get types(): Types {
    return this.profile.types;
  }

  item(depth: number): void {
    const start = this.offset;
    const major = this.peek();
    this.#count(start);
    if (major === SIMPLE) this.simple();
    else if (major === MAP) this.#object(depth);
    else if (major === ARRAY) this.#array(depth);
    else this.#headed(major, start, depth);
  }

  #headed(major: number, start: number, depth: number): void {
    const argument = this.argument();
    if (major === TEXT) this.text(start, argument);
    else if (major === TAG) this.#tag(start, argument, depth);
    else if (major === BYTES) this.skip(start, argument);
    else if (argument > Number.MAX_SAFE_INTEGER - major) this.isPlain = false; // -1 - argument
  }

  open(depth: number, width: number): number {
    this.#count(this.offset);
    return this.#open(depth, width);
  }

  #open(depth: number, width: number): number {
    const start = this.offset;
    const length = this.argument();
    this.expect(start, length * width);
    this.#enter(start, depth);
    return length;
  }

  #array(depth: number): void {
    const length = this.#open(depth, 1);
    for (let at = 0; at < length; at++) this.item(depth + 1);
  }

  #object(depth: number): void {
    const length = this.#open(depth, 2);
    const many = length > MAX_COMPARED ? new Set<string>() : undefined;
    const first = this.#keyCount;
    for (let at = 0; at < length; at++) {
      const key = this.offset;
      const major = this.peek();
      if (major === INTEGER && this.profile.names.length > 0) {
        this.#count(key);
        if (this.argument() >= this.profile.names.length) throw fault('key', key);
        this.isPlain = false;
      } else if (major === TEXT) this.item(depth + 1);
      else throw fault('key', key);
      if (this.#isProto(key)) throw fault('proto', key);
      if (many === undefined ? this.#isRepeated(first, key) : many.size === many.add(this.#latin1(key)).size) {
        throw fault('dup', key);
      }
      this.item(depth + 1);
    }
    this.#keyCount = first;
  }

  /** Compares a key bytewise with the keys before it in its object. For few keys this is faster than a Set. */
  #isRepeated(first: number, key: number): boolean {
    const keys = this.#keys;
    for (let at = first; at < this.#keyCount; at += 2)
      if (this.#isSame(keys[at] ?? 0, keys[at + 1] ?? 0, key)) return true;
    keys[this.#keyCount++] = key;
    keys[this.#keyCount++] = this.offset;
    return false;
  }

  #isSame(start: number, end: number, key: number): boolean {
    if (end - start !== this.offset - key) return false;
    for (let at = key; at < this.offset; at++) if (this.bytes[start + at - key] !== this.bytes[at]) return false;
    return true;
  }

  #latin1(key: number): string {
    let text = '';
    for (let at = key; at < this.offset; at++) text += String.fromCharCode(this.bytes[at] ?? 0);
    return text;
  }

  /** Whether it is `__proto__`, which would set the object's prototype instead of a property. */
  #isProto(key: number): boolean {
    if (this.offset - key !== 10 || this.bytes[key] !== PROTO_HEAD) return false;
    for (let at = 1; at < 10; at++) if (this.bytes[key + at] !== '__proto__'.charCodeAt(at - 1)) return false;
    return true;
  }

  #tag(start: number, tag: number, depth: number): void {
    const kind = this.profile.kindByTag.get(tag);
    if (kind === undefined) throw fault('tag', start);
    this.#enter(start, depth);
    this.isPlain = false;
    kind.check(this, tag, depth + 1);
  }

  #enter(start: number, depth: number): void {
    if (depth >= this.limits.depth) throw fault('depth', start);
  }

  #count(start: number): void {
    if (++this.#items > this.limits.items) throw fault('items', start);
  }
}
