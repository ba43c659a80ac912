/** The content of an opt-in tag -> its Temporal value as a string. RFC 8943, RFC 9581; FORMAT.md §4. */

import type { AnnotatedItem } from '../explanation.ts';
import { integerOf, numberOf } from './scalars.ts';

/** The tags that a reader rejects unless its application registers them. */
export const TEMPORAL_TAGS: ReadonlyMap<number, string> = /* @__PURE__ */ new Map([
  [100, 'Temporal.PlainDate'],
  [1001, 'Temporal.Instant'],
  [1002, 'Temporal.Duration'],
]);

const TAG_DATE = 100;
const TAG_INSTANT = 1001;
const DAY = 86_400_000; // milliseconds
const FIRST_DAY = -100_000_001; // of Temporal; the first day of Date is one later

/** Returns for example `2026-01-01`, or `undefined` if the content is not valid for the tag. */
export function temporalText(tag: number, content: AnnotatedItem, bytes: Uint8Array): string | undefined {
  if (tag === TAG_DATE) {
    const days = numberOf(content, bytes) ?? Number.NaN;
    return days === FIRST_DAY ? '-271821-04-19' : isoOf(days * DAY)?.split('T')[0];
  }
  const [seconds, nanoseconds = 0] = readTime(content, bytes);
  if (seconds === undefined) return undefined;
  const digits = String(Math.abs(nanoseconds)).padStart(9, '0').replace(/0+$/, '');
  const fraction = digits === '' ? '' : `.${digits}`;
  if (tag === TAG_INSTANT) {
    if (nanoseconds < 0 || isoOf(seconds * 1000 + Math.sign(nanoseconds)) === undefined) return undefined;
    return isoOf(seconds * 1000)?.replace('.000Z', `${fraction}Z`);
  }
  if (seconds * nanoseconds < 0) return undefined;
  return `${seconds + nanoseconds < 0 ? '-' : ''}PT${Math.abs(seconds)}${fraction}S`;
}

/** Reads `{1: seconds}` or `{1: seconds, -9: nanoseconds}`. Returns an empty array for anything else. */
function readTime({ children }: AnnotatedItem, bytes: Uint8Array): (number | undefined)[] {
  if (children.length > 4 || children.some((item) => item.major > 1)) return [];
  const fields = new Map<bigint, number | undefined>();
  children.forEach((item, at) => {
    const value = children[at + 1];
    if (at % 2 === 0 && value !== undefined) fields.set(integerOf(item, bytes), numberOf(value, bytes));
  });
  const [seconds, nanoseconds] = [fields.get(1n), fields.get(-9n)];
  if (children.length === 2) return [seconds];
  const isFraction = nanoseconds !== undefined && nanoseconds !== 0 && Math.abs(nanoseconds) < 1e9;
  return isFraction ? [seconds, nanoseconds] : [];
}

function isoOf(milliseconds: number): string | undefined {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
