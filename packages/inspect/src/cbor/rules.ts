/** A complete data item -> the rule of FORMAT.md §4 that it breaks, in words, or nothing. */

import type { AnnotatedItem } from '../explanation.ts';
import type { Fault, Head } from './heads.ts';
import { bigintOf, contentBytes, integerOf, numberOf, textOf } from './scalars.ts';
import { TEMPORAL_TAGS, temporalText } from './temporal.ts';

/** The tags of the profile: the type of each, and for typed arrays the bytes of one element. */
export const TAGS: ReadonlyMap<number, { readonly name: string; readonly size: number }> = /* @__PURE__ */ new Map([
  [1, { name: 'Date', size: 0 }],
  [2, { name: 'bigint', size: 0 }],
  [3, { name: 'bigint', size: 0 }],
  [27, { name: 'instance', size: 0 }],
  [32, { name: 'URL', size: 0 }],
  [258, { name: 'Set', size: 0 }],
  [259, { name: 'Map', size: 0 }],
  [68, { name: 'Uint8ClampedArray', size: 1 }],
  [69, { name: 'Uint16Array', size: 2 }],
  [70, { name: 'Uint32Array', size: 4 }],
  [71, { name: 'BigUint64Array', size: 8 }],
  [72, { name: 'Int8Array', size: 1 }],
  [77, { name: 'Int16Array', size: 2 }],
  [78, { name: 'Int32Array', size: 4 }],
  [79, { name: 'BigInt64Array', size: 8 }],
  [84, { name: 'Float16Array', size: 2 }],
  [85, { name: 'Float32Array', size: 4 }],
  [86, { name: 'Float64Array', size: 8 }],
  ...Array.from(TEMPORAL_TAGS, ([tag, name]) => [tag, { name, size: 0 }] as const),
]);

const TAG_SET = 258; // IANA CBOR tags
export const TAG_MAP = 259;

/** Whether the content of a tag may have a major type. For numbers these are 0, 1 and 7. */
export function mayHold(tag: number, major: AnnotatedItem['major']): boolean {
  if (tag === 1) return major < 2 || major === 7;
  if (tag === 100) return major < 2;
  const expected =
    tag === 27 || tag === TAG_SET ? 4 : tag === TAG_MAP || TEMPORAL_TAGS.has(tag) ? 5 : tag === 32 ? 3 : 2;
  return major === expected;
}

/** The container of an item. */
export interface Place {
  /** The tag of which the item is the content, or the tag of its array or map. */
  readonly tag: number | undefined;
  /** Whether the container is a plain object. */
  readonly isObject: boolean;
  /** The primitive keys or members before the item, by value. */
  readonly members: Set<string>;
}

/** Returns what is wrong with the item itself. */
export function brokenRule(item: AnnotatedItem, head: Head, bytes: Uint8Array): Fault | undefined {
  const message = item.major === 6 ? brokenTag(item, Number(head.argument), bytes) : brokenItem(item, head, bytes);
  if (message === undefined) return undefined;
  const [content] = item.children; // the fault of a tag is reported at its content, except for a string that is not a URL
  return { at: content === undefined || message === NO_URL ? item.bytes.from : content.bytes.from, message };
}

const NO_URL = 'a string that is not a URL';

function brokenItem(item: AnnotatedItem, { major, info }: Head, bytes: Uint8Array): string | undefined {
  if (major === 3 && textOf(item, bytes) === undefined) return 'a string that is not UTF-8';
  return major === 7 && (info < 20 || info === 24) ? 'a simple value that no token has' : undefined;
}

/** Returns what is wrong with the item as a key or member of its container. */
export function brokenPlace(
  item: AnnotatedItem,
  bytes: Uint8Array,
  dictionary: readonly string[] | undefined,
  place: Place | undefined,
): Fault | undefined {
  const isMember = item.role === 'key' || (item.role === 'element' && place?.tag === TAG_SET);
  if (place === undefined || !isMember) return undefined;
  const wrong = place.isObject ? brokenKey(item, bytes, dictionary) : undefined;
  const message = wrong ?? repeated(item, bytes, dictionary, place);
  return message === undefined ? undefined : { at: item.bytes.from, message };
}

function brokenTag(item: AnnotatedItem, tag: number, bytes: Uint8Array): string | undefined {
  const [content] = item.children;
  const type = TAGS.get(tag);
  if (content === undefined || type === undefined) return `tag ${tag}, which no token has`;
  if (TEMPORAL_TAGS.has(tag)) {
    const isValid = temporalText(tag, content, bytes) !== undefined;
    return isValid ? undefined : `tag ${tag} over what is not a ${type.name}`;
  }
  if (tag === 1) return brokenDate(content, bytes);
  if (tag === 2 || tag === 3)
    return contentBytes(content, bytes)[0] === 0 ? 'a bigint with a leading zero byte' : undefined;
  if (tag === 27) return content.children[0]?.major === 3 ? undefined : 'an instance whose class is not named';
  if (tag === 32) return hrefOf(textOf(content, bytes) ?? '') === undefined ? NO_URL : undefined;
  const { length } = contentBytes(content, bytes);
  return type.size > 0 && length % type.size !== 0
    ? `a ${type.name} of ${length} bytes, which ends in part of an element`
    : undefined;
}

function brokenDate(content: AnnotatedItem, bytes: Uint8Array): string | undefined {
  const seconds = numberOf(content, bytes);
  if (seconds === undefined) return `tag 1 over ${content.label}`;
  return millisecondsOf(seconds) === undefined ? 'a time that is not a Date' : undefined;
}

/**
 * Returns the time of a Date: the one that gives `seconds` when it is divided by 1000, or the nearest one if none does.
 *
 * @returns milliseconds, or `undefined` beyond the range of Date. FORMAT.md §4.
 */
export function millisecondsOf(seconds: number): number | undefined {
  const below = Math.floor(seconds * 1000);
  const exact = [below, below + 1].find((time) => time / 1000 === seconds);
  const time = exact ?? Math.floor(seconds * 1000 + 0.5);
  return Math.abs(time) <= 8.64e15 ? time : undefined; // ECMA-262 §21.4.1.1
}

function brokenKey(item: AnnotatedItem, bytes: Uint8Array, names: readonly string[] | undefined): string | undefined {
  if (item.major === 3) return textOf(item, bytes) === '__proto__' ? 'the key __proto__' : undefined;
  if (item.major !== 0) return 'a key of an object that is not a string';
  const number = integerOf(item, bytes);
  if (names === undefined || number < BigInt(names.length)) return undefined;
  if (names.length > 0) return `the key ${number}, but the dictionary has ${names.length} names`;
  return `the key ${number}, which stands for a name in a dictionary, but no dictionary was given`;
}

function repeated(
  item: AnnotatedItem,
  bytes: Uint8Array,
  names: readonly string[] | undefined,
  { isObject, members }: Place,
): string | undefined {
  const value = isObject && item.major === 0 ? nameOf(item, bytes, names) : identityOf(item, bytes);
  if (value === undefined) return undefined;
  if (members.has(value)) return 'a repeated key or member';
  members.add(value);
  return undefined;
}

function nameOf(item: AnnotatedItem, bytes: Uint8Array, names: readonly string[] | undefined): string {
  const number = integerOf(item, bytes);
  const name = names?.[Number(number)];
  return name === undefined ? `number ${number}` : `string ${name}`;
}

/** Returns a string that is the same for equal primitives, or `undefined` for objects, which are never equal. */
function identityOf(item: AnnotatedItem, bytes: Uint8Array): string | undefined {
  const { major, label, children } = item;
  const number = numberOf(item, bytes);
  if (number !== undefined) return `number ${number}`; // -0 is written as 0
  if (major < 2) return `bigint ${integerOf(item, bytes).toString(16)}`;
  if (major === 3) return `string ${textOf(item, bytes)}`;
  if (major === 7) return label;
  const [content] = children;
  if (content === undefined || (label !== 'tag(2)' && label !== 'tag(3)')) return undefined;
  const magnitude = bigintOf(contentBytes(content, bytes));
  return `bigint ${(label === 'tag(3)' ? -1n - magnitude : magnitude).toString(16)}`; // hexadecimal takes linear time
}

/** Returns the `href` of a URL, or `undefined` if the string is not a URL. */
export function hrefOf(text: string): string | undefined {
  try {
    return new URL(text).href;
  } catch {
    return undefined;
  }
}
