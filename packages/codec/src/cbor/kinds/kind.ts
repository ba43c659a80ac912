/** The interface of a kind of value: how it is recognised, written, checked and read. There is one file for each kind; `kinds.ts` lists them. FORMAT.md §4. */

import type { Refusal } from '../../error.ts';
import type { Limits } from '../../limits.ts';
import type { Step } from '../path.ts';
import type { OptInTypes, Types } from './types.ts';

export interface Kind extends OptInTypes {
  /** The names that `Object.prototype.toString` gives its values in every realm, for example `Date`. */
  readonly names: readonly string[];
  /**
   * Value -> what the engine writes.
   *
   * @returns `undefined` if `value` only has the name of this kind.
   * @throws {Refusal} for a value that would not come back as it was.
   */
  write(value: object, prototype: object, writer: ValueWriter, depth: number): object | undefined;
  /** Returns how many own properties an unchanged value of this kind has. Default 0. */
  ownCount?(value: object): number;
  /** Checks the bytes of a tag's content and moves past them. @throws {Refusal} if the content is not valid for the tag. */
  check(checker: ItemChecker, tag: number, depth: number): void;
  /** The content that the engine read -> value. @throws {Refusal} if there is no such value. */
  read(content: unknown, reader: ItemReader, tag: number): unknown;
}

/** What write.ts offers to a kind. `depth` is the number of arrays, maps and tags around an item. */
export interface ValueWriter {
  readonly limits: Limits;
  /** Any value -> what the engine writes. */
  item(value: unknown, depth: number): unknown;
  /** Returns a tag around a number, string or byte string. */
  tagged(value: object | undefined, tag: number, depth: number, content: string | number | Uint8Array): object;
  /** Begins a tag around an array or map of `length` items. Call `step` and `item` for each of them, and then `close`. */
  enter(value: object, depth: number, length: number): void;
  /** Returns the tag that `enter` began. */
  close(tag: number, content: unknown[] | Map<unknown, unknown>): object;
  /** Sets the place of the next item in its container, for the path in messages. */
  step(depth: number, step: Step): void;
  /** Returns the refusal of a value that cannot be sealed, with its path. */
  refusal(depth: number, what: string): Refusal;
  tooLarge(depth: number, what: string): Refusal;
}

/** What check.ts offers to a kind: one item at a time, without reading past the end. */
export interface ItemChecker {
  readonly limits: Limits;
  readonly types: Types;
  readonly bytes: Uint8Array;
  /** Where the next item begins. */
  offset: number;
  /** Returns the major type of the next item. */
  peek(): number;
  /** Moves past a head and returns its argument. */
  argument(): number;
  /** Checks an item and everything in it, and moves past it. */
  item(depth: number): void;
  /** Moves past the head of an array (`width` 1) or map (`width` 2), counts it as an item, and returns its length. */
  open(depth: number, width: number): number;
  /** Counts members of Sets and keys of Maps. The reader must count as many: then all are different. */
  members: number;
  /** Returns the string that begins at `start` and has been checked. */
  stringAt(start: number): string;
}

/** What read.ts offers to a kind. */
export interface ItemReader {
  readonly types: Types;
  /** What the engine read -> value. */
  item(item: unknown): unknown;
  /** Counts members of Sets and keys of Maps. */
  members: number;
}
