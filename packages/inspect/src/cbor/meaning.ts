/** A data item -> its name in CBOR, and its meaning in a token. RFC 8949 Appendix A; FORMAT.md §4. */

import type { AnnotatedItem } from '../explanation.ts';
import { count, formatHex } from '../text.ts';
import type { Head } from './heads.ts';
import { hrefOf, millisecondsOf, type Place, TAGS } from './rules.ts';
import { bigintOf, contentBytes, floatOf, integerOf, isFloat, numberOf, textOf } from './scalars.ts';
import { TEMPORAL_TAGS, temporalText } from './temporal.ts';

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
const MAX_SHOWN = 64; // characters of a string, bytes of a byte string

/** Returns the name of the item in RFC 8949. */
export function labelOf({ major, info, argument }: Head): string {
  if (major === 7) return SIMPLE.get(info) ?? `simple(${argument})`;
  return `${NAMES[major]}(${major === 1 ? -1n - BigInt(argument) : argument})`;
}

/** Returns the value that the item means, or an empty string if the label already says it. */
export function meaningOf(
  item: AnnotatedItem,
  bytes: Uint8Array,
  dictionary: readonly string[] | undefined,
  place: Place | undefined,
): string {
  switch (item.major) {
    case 0:
    case 1:
      if (numberOf(item, bytes) === undefined) return `bigint ${integerOf(item, bytes)}`;
      return item.role === 'key' && place?.isObject ? nameOf(Number(integerOf(item, bytes)), dictionary) : '';
    case 2:
      return shortHex(contentBytes(item, bytes));
    case 3:
      return quote(textOf(item, bytes) ?? '');
    case 6:
      return tagMeaning(item, bytes);
    case 7:
      return isFloat(item) ? formatNumber(floatOf(item, bytes)) : '';
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
      return `URL ${clip(hrefOf(textOf(content, bytes) ?? '') ?? '')}`;
    case 258:
      return `Set of ${count(members, 'member')}`;
    case 259:
      return `Map of ${members / 2} ${members === 2 ? 'entry' : 'entries'}`;
    default: {
      const { name = '', size = 1 } = TAGS.get(tag) ?? {};
      if (TEMPORAL_TAGS.has(tag))
        return `${name} ${temporalText(tag, content, bytes)}, which a reader rejects unless it opts in`;
      return `${name} of ${count(contentBytes(content, bytes).length / size, 'element')}`;
    }
  }
}

function dateMeaning(content: AnnotatedItem, bytes: Uint8Array): string {
  const time = millisecondsOf(numberOf(content, bytes) ?? Number.NaN);
  return time === undefined ? '' : `Date ${new Date(time).toISOString()}`;
}

/** For a long bigint, says only its size, because writing out its digits takes quadratic time. */
function bigintMeaning(magnitude: Uint8Array, isNegative: boolean): string {
  if (magnitude.length > 128) return `bigint of ${magnitude.length} bytes`;
  const value = bigintOf(magnitude);
  return `bigint ${isNegative ? -1n - value : value}`;
}

function shortHex(bytes: Uint8Array): string {
  return bytes.length <= MAX_SHOWN ? formatHex(bytes) : `${formatHex(bytes.subarray(0, MAX_SHOWN))}…`;
}

function quote(text: string): string {
  return text.length <= MAX_SHOWN ? JSON.stringify(text) : `${JSON.stringify(cut(text, MAX_SHOWN))}…`;
}

function clip(text: string): string {
  return text.length <= 2 * MAX_SHOWN ? text : `${cut(text, 2 * MAX_SHOWN)}…`;
}

/** Does not cut through a surrogate pair: leaves out its first half. */
function cut(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}

function formatNumber(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
