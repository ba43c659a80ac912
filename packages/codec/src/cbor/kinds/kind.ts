/** What a kind of value is: how it is told, written, checked and read, side by side. One file for each kind; `kinds.ts` lists them. FORMAT.md §4. */

import type { Refusal } from '../../error.ts';
import type { Limits } from '../../limits.ts';
import type { Step } from '../path.ts';
import type { OptInTypes, Types } from './types.ts';

export interface Kind extends OptInTypes {
  /** What `Object.prototype.toString` calls its values, in whatever realm they were made, for example `Date`. */
  readonly names: readonly string[];
  /**
   * Value -> what the engine writes.
   *
   * @returns `undefined` if `value` only has the name of this kind.
   * @throws {Refusal} for a value that would not come back as it was.
   */
  write(value: object, prototype: object, writer: ValueWriter, depth: number): object | undefined;
  /** How many properties of its own a value has by itself. Default 0. */
  ownCount?(value: object): number;
  /** Bytes -> nothing: reads the content of a tag. @throws {Refusal} if it does not have the form of one. */
  check(checker: ItemChecker, tag: number, depth: number): void;
  /** The content that the engine read -> value. @throws {Refusal} if it means none. */
  read(content: unknown, reader: ItemReader, tag: number): unknown;
}

/** What the way from a value to an item offers to a kind. `depth` is the number of arrays, maps and tags around an item. */
export interface ValueWriter {
  readonly limits: Limits;
  /** Any value -> what the engine writes. */
  item(value: unknown, depth: number): unknown;
  /** A tag around a number, string or byte string. */
  tagged(value: object | undefined, tag: number, depth: number, content: string | number | Uint8Array): object;
  /** A tag around an array or map with `length` items in it, each of which follows with `step` and `item`. */
  enter(value: object, depth: number, length: number): void;
  /** What `enter` announced. */
  close(tag: number, content: unknown[] | Map<unknown, unknown>): object;
  /** Where the next item stands in its container. */
  step(depth: number, step: Step): void;
  /** What cannot be sealed, with its path. */
  refusal(depth: number, what: string): Refusal;
  tooLarge(depth: number, what: string): Refusal;
}

/** What the way through the bytes offers to a kind: one item at a time, without reading past the end. */
export interface ItemChecker {
  readonly limits: Limits;
  readonly types: Types;
  readonly bytes: Uint8Array;
  /** Where the next item begins. */
  offset: number;
  /** The major type of the next item. */
  peek(): number;
  /** Moves past a head and returns its argument. */
  argument(): number;
  /** Moves past an item and all that is in it. */
  item(depth: number): void;
  /** Moves past the head of an array or map with `width` items an entry, counts it, and returns its length. */
  open(depth: number, width: number): number;
  /** Announces members of Sets and keys of Maps, which have to be as many when they are read: all different. */
  members: number;
  /** The string that begins at `start` and has been checked. */
  stringAt(start: number): string;
}

/** What the way from items to values offers to a kind. */
export interface ItemReader {
  readonly types: Types;
  /** What the engine read -> value. */
  item(item: unknown): unknown;
  /** Counts members of Sets and keys of Maps. */
  members: number;
}
