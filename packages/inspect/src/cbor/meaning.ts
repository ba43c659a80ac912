/** A data item -> its name in CBOR, and what it means in our profile. RFC 8949 Appendix A; FORMAT.md §4. */

import type { AnnotatedItem } from '../explanation.ts';
import { count, formatHex } from '../text.ts';
import type { Head } from './heads.ts';
import { millisecondsOf, type Place, TAGS } from './rules.ts';
import { bigintOf, contentBytes, floatAt, integerOf, textOf } from './scalars.ts';

const NAMES = ['unsigned', 'negative', 'bytes', 'text', 'array', 'map', 'tag'] as const;
const SIMPLE: ReadonlyMap<number, string> = /* @__PURE__ */ new Map([
  [20, 'false'],
  [21, 'true'],
  [22, 'null'],
  [23, 'undefined'],
  [25, 'float16'],
  [26, 'float32'],
  [27, 'float64'],
]);
const LONGEST = 64; // characters of a text, bytes of a byte string

/** What stands there by RFC 8949 alone. */
export function labelOf({ major, info, argument }: Head): string {
  if (major === 7) return SIMPLE.get(info) ?? `simple(${argument})`;
  return `${NAMES[major]}(${major === 1 ? -1n - BigInt(argument) : argument})`;
}

/** What it stands for; empty where the label says all. */
export function meaningOf(
  item: AnnotatedItem,
  bytes: Uint8Array,
  dictionary: readonly string[] | undefined,
  place: Place | undefined,
): string {
  switch (item.major) {
    case 0:
    case 1:
      if (item.head.to - item.head.from === 9) return `bigint ${integerOf(item, bytes)}`;
      return item.role === 'key' && place?.isObject ? nameOf(Number(integerOf(item, bytes)), dictionary) : '';
    case 2:
      return shortHex(contentBytes(item, bytes));
    case 3:
      return quote(textOf(item, bytes) ?? '');
    case 6:
      return tagMeaning(item, bytes);
    case 7:
      return item.label === 'float64' ? formatNumber(floatAt(bytes, item.head.from)) : '';
    default:
      return '';
  }
}

function nameOf(number: number, dictionary: readonly string[] | undefined): string {
  const name = dictionary?.[number];
  return name === undefined ? 'a name in a dictionary' : `${quote(name)}, from the dictionary`;
}

function tagMeaning(item: AnnotatedItem, bytes: Uint8Array): string {
  const [content] = item.children;
  if (content === undefined) return '';
  const tag = Number(integerOf(item, bytes));
  const members = content.children.length;
  switch (tag) {
    case 1:
      return dateMeaning(content, bytes);
    case 2:
    case 3:
      return bigintMeaning(contentBytes(content, bytes), tag === 3);
    case 27:
      return `instance of ${clip(content.children[0] ? (textOf(content.children[0], bytes) ?? '') : '')}`;
    case 32:
      return `URL ${clip(textOf(content, bytes) ?? '')}`;
    case 258:
      return `Set of ${count(members, 'member')}`;
    case 259:
      return `Map of ${members / 2} ${members === 2 ? 'entry' : 'entries'}`;
    default: {
      const { name = '', size = 1 } = TAGS.get(tag) ?? {};
      return `${name} of ${count(contentBytes(content, bytes).length / size, 'element')}`;
    }
  }
}

function dateMeaning(content: AnnotatedItem, bytes: Uint8Array): string {
  const seconds = content.major < 2 ? Number(integerOf(content, bytes)) : floatAt(bytes, content.head.from);
  const time = millisecondsOf(seconds);
  return time === undefined ? '' : `Date ${new Date(time).toISOString()}`;
}

/** Long ones are told by their size: writing them out takes quadratic time. */
function bigintMeaning(magnitude: Uint8Array, isNegative: boolean): string {
  if (magnitude.length > 128) return `bigint of ${magnitude.length} bytes`;
  const value = bigintOf(magnitude);
  return `bigint ${isNegative ? -1n - value : value}`;
}

function shortHex(bytes: Uint8Array): string {
  return bytes.length <= LONGEST ? formatHex(bytes) : `${formatHex(bytes.subarray(0, LONGEST))}…`;
}

function quote(text: string): string {
  return text.length <= LONGEST ? JSON.stringify(text) : `${JSON.stringify(cut(text, LONGEST))}…`;
}

function clip(text: string): string {
  return text.length <= 2 * LONGEST ? text : `${cut(text, 2 * LONGEST)}…`;
}

/** A character of two halves that the cut would go through is left out. */
function cut(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}

function formatNumber(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
