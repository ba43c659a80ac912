/** A data item that has been read whole -> the rule of our profile that it breaks, if it does, in words. FORMAT.md §4. */

import type { AnnotatedItem } from '../explanation.ts';
import type { Fault, Head } from './heads.ts';
import { contentBytes, floatAt, integerOf, textOf } from './scalars.ts';

/** Tags of the profile: what each becomes, and for typed arrays the bytes of one element. */
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
]);

const TAG_SET = 258; // IANA CBOR tags
export const TAG_MAP = 259;

/** What an item stands in. */
export interface Place {
  /** The tag right before the item, or right before the array or map that it is in. */
  readonly tag: number | undefined;
  /** Whether that is a plain object. */
  readonly isObject: boolean;
  /** What was there before, of what has no identity of its own. */
  readonly members: Set<string>;
}

/** @returns what is wrong with the item itself. */
export function brokenRule(item: AnnotatedItem, head: Head, bytes: Uint8Array): Fault | undefined {
  const message = item.major === 6 ? brokenTag(item, Number(head.argument), bytes) : brokenItem(item, head, bytes);
  if (message === undefined) return undefined;
  const [content] = item.children; // what a tag stands before is what is wrong, but for a text that is no URL
  return { at: content === undefined || message === NO_URL ? item.bytes.from : content.bytes.from, message };
}

const NO_URL = 'a text that is no URL in its one spelling';

function brokenItem(item: AnnotatedItem, { major, info, argument }: Head, bytes: Uint8Array): string | undefined {
  if (major === 1 && argument === 0xffff_ffff_ffff_ffffn) return 'the bigint -2^64, which is written with tag 3';
  if (major === 3 && textOf(item, bytes) === undefined) return 'a text that is not UTF-8';
  return major === 7 ? brokenSimple(item, info, bytes) : undefined;
}

/** @returns what is wrong with the item where it stands. */
export function brokenPlace(
  item: AnnotatedItem,
  bytes: Uint8Array,
  dictionary: readonly string[] | undefined,
  place: Place | undefined,
): Fault | undefined {
  const isMember = item.role === 'key' || (item.role === 'element' && place?.tag === TAG_SET);
  if (place === undefined || !isMember) return undefined;
  const wrong = place.isObject ? brokenKey(item, bytes, dictionary) : brokenMember(item, bytes);
  const message = wrong ?? repeated(item, bytes, dictionary, place);
  return message === undefined ? undefined : { at: item.bytes.from, message };
}

function brokenSimple(item: AnnotatedItem, info: number, bytes: Uint8Array): string | undefined {
  if (info < 20 || info === 24) return 'a simple value that no token has';
  if (info < 24) return undefined;
  if (info < 27) return `a float of ${info === 25 ? 16 : 32} bits; a token has them with 64 alone`;
  const value = floatAt(bytes, item.head.from);
  if (Number.isNaN(value)) {
    const [first, second, ...rest] = bytes.subarray(item.head.from + 1, item.head.to);
    return first === 0x7f && second === 0xf8 && rest.every((byte) => byte === 0)
      ? undefined
      : 'another NaN than the one that tokens have';
  }
  const isShort = Number.isInteger(value) && !Object.is(value, -0) && value >= -(2 ** 32) && value < 2 ** 32;
  return isShort ? `a float64 for ${value}, which is written as an integer` : undefined;
}

function brokenTag(item: AnnotatedItem, tag: number, bytes: Uint8Array): string | undefined {
  const [content] = item.children;
  const type = TAGS.get(tag);
  if (content === undefined || type === undefined) return `tag ${tag}, which no token has`;
  const expected =
    tag === 27 || tag === TAG_SET ? 4 : tag === TAG_MAP ? 5 : tag === 32 ? 3 : tag === 1 ? content.major : 2;
  if (content.major !== expected) return `tag ${tag} over ${content.label}`;
  if (tag === 1) return brokenDate(content, bytes);
  if (tag === 2 || tag === 3) return brokenBignum(content, tag, bytes);
  if (tag === 27) return content.children[0]?.major === 3 ? undefined : 'an instance whose class is not named';
  if (tag === 32) return isHref(textOf(content, bytes) ?? '') ? undefined : NO_URL;
  const { length } = contentBytes(content, bytes);
  return type.size > 0 && length % type.size !== 0
    ? `a ${type.name} of ${length} bytes, which ends in part of an element`
    : undefined;
}

function brokenDate(content: AnnotatedItem, bytes: Uint8Array): string | undefined {
  const isInteger = content.major < 2 && content.head.to - content.head.from < 9;
  const seconds = isInteger
    ? Number(integerOf(content, bytes))
    : bytes[content.head.from] === 0xfb
      ? floatAt(bytes, content.head.from)
      : undefined;
  if (seconds === undefined) return `tag 1 over ${content.label}`;
  return millisecondsOf(seconds) === undefined ? 'a time that is no Date' : undefined;
}

/** The one time value that divided by 1000 gives `seconds`. FORMAT.md §4. */
export function millisecondsOf(seconds: number): number | undefined {
  if (Object.is(seconds, -0)) return undefined;
  const below = Math.floor(seconds * 1000);
  return [below, below + 1].find((time) => Math.abs(time) <= 8.64e15 && time / 1000 === seconds);
}

function brokenBignum(content: AnnotatedItem, tag: number, bytes: Uint8Array): string | undefined {
  const magnitude = contentBytes(content, bytes);
  if (magnitude[0] === 0) return 'a bigint with a leading zero byte';
  const isBorder = tag === 3 && magnitude.length === 8 && magnitude.every((byte) => byte === 0xff);
  return magnitude.length > 8 || isBorder ? undefined : 'a bigint that fits a 64-bit head';
}

function brokenKey(item: AnnotatedItem, bytes: Uint8Array, names: readonly string[] | undefined): string | undefined {
  if (item.major === 3) return textOf(item, bytes) === '__proto__' ? 'the key __proto__' : undefined;
  if (item.major !== 0 || item.head.to - item.head.from === 9) return 'a key of an object that is no text';
  const number = Number(integerOf(item, bytes));
  if (names === undefined || number < names.length) return undefined;
  if (names.length > 0) return `the key ${number}, but the dictionary has ${names.length} names`;
  return `the key ${number}, which stands for a name in a dictionary, but there is none`;
}

function brokenMember({ head }: AnnotatedItem, bytes: Uint8Array): string | undefined {
  const isMinusZero = bytes[head.from] === 0xfb && Object.is(floatAt(bytes, head.from), -0);
  return isMinusZero ? '-0, which a Set or Map does not hold' : undefined;
}

function repeated(
  item: AnnotatedItem,
  bytes: Uint8Array,
  names: readonly string[] | undefined,
  { isObject, members }: Place,
): string | undefined {
  const first = bytes[item.bytes.from] ?? 0;
  const isPrimitive = [0, 1, 3, 7].includes(item.major) || first === 0xc2 || first === 0xc3;
  if (!isPrimitive) return undefined; // objects are themselves, and may look alike
  const name = isObject && item.major === 0 ? names?.[Number(integerOf(item, bytes))] : undefined;
  const key = name === undefined ? latin1(bytes.subarray(item.bytes.from, item.bytes.to)) : `name ${name}`;
  const text = isObject && item.major === 3 ? `name ${textOf(item, bytes)}` : key;
  if (members.has(text)) return 'a key or member that was there before';
  members.add(text);
  return undefined;
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

function isHref(text: string): boolean {
  try {
    return new URL(text).href === text;
  } catch {
    return false;
  }
}
