/** The content of an opt-in tag -> what is wrong with it, or the Temporal value in words. RFC 8943, RFC 9581; FORMAT.md §4. */

import type { AnnotatedItem } from '../explanation.ts';
import { integerOf, numberOf } from './scalars.ts';

/** The tags that a reader rejects unless its application asks for them. */
export const TEMPORAL_TAGS: ReadonlyMap<number, string> = /* @__PURE__ */ new Map([
  [100, 'Temporal.PlainDate'],
  [1001, 'Temporal.Instant'],
  [1002, 'Temporal.Duration'],
]);

const TAG_DATE = 100;
const TAG_INSTANT = 1001;
// The first and the last value of each class, in the Temporal proposal.
const MIN_DAY = -100_000_001;
const MAX_DAY = 100_000_000;
const MAX_SECONDS = 8.64e12;
const MAX_NANOSECONDS = 999_999_999;

interface Time {
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** Returns what is wrong with the content of an opt-in tag, or `undefined` if it is valid. */
export function brokenTemporal(tag: number, content: AnnotatedItem, bytes: Uint8Array): string | undefined {
  const isValid =
    tag === TAG_DATE ? readDay(content, bytes) !== undefined : readTime(tag, content, bytes) !== undefined;
  return isValid ? undefined : `tag ${tag} over what is not a ${TEMPORAL_TAGS.get(tag)}`;
}

/** For example `Temporal.PlainDate 2026-01-01 (opt-in)`. */
export function temporalMeaning(tag: number, content: AnnotatedItem, bytes: Uint8Array): string {
  const day = tag === TAG_DATE ? readDay(content, bytes) : undefined;
  const time = tag === TAG_DATE ? undefined : readTime(tag, content, bytes);
  const format = tag === TAG_INSTANT ? formatInstant : formatDuration;
  const text = day !== undefined ? formatDay(day) : time !== undefined ? format(time) : '';
  return `${TEMPORAL_TAGS.get(tag)} ${text}, which a reader rejects unless it opts in`;
}

function readDay(content: AnnotatedItem, bytes: Uint8Array): number | undefined {
  if (content.major > 1) return undefined;
  const day = numberOf(content, bytes);
  return day !== undefined && day >= MIN_DAY && day <= MAX_DAY ? day : undefined;
}

/** `{1: seconds}` or `{1: seconds, -9: nanoseconds}`. */
function readTime(tag: number, content: AnnotatedItem, bytes: Uint8Array): Time | undefined {
  const { children } = content;
  if (content.major !== 5 || children.some(({ major }) => major > 1)) return undefined;
  const fields = new Map<bigint, number | undefined>();
  for (let at = 0; at < children.length; at += 2) {
    const [key, value] = children.slice(at, at + 2);
    if (key !== undefined && value !== undefined) fields.set(integerOf(key, bytes), numberOf(value, bytes));
  }
  const hasFraction = fields.has(-9n);
  const seconds = fields.get(1n);
  const nanoseconds = hasFraction ? fields.get(-9n) : 0;
  if (seconds === undefined || nanoseconds === undefined || fields.size !== (hasFraction ? 2 : 1)) return undefined;
  if (hasFraction && (nanoseconds === 0 || Math.abs(nanoseconds) > MAX_NANOSECONDS)) return undefined;
  const time = { seconds, nanoseconds };
  return (tag === TAG_INSTANT ? isInstant(time) : isDuration(time)) ? time : undefined;
}

function isInstant({ seconds, nanoseconds }: Time): boolean {
  return nanoseconds >= 0 && seconds >= -MAX_SECONDS && seconds + Math.sign(nanoseconds) <= MAX_SECONDS;
}

function isDuration({ seconds, nanoseconds }: Time): boolean {
  return Math.sign(seconds) * Math.sign(nanoseconds) >= 0;
}

/** The first day of Temporal.PlainDate is a day before the first of Date. */
function formatDay(day: number): string {
  return day === MIN_DAY ? '-271821-04-19' : (new Date(day * 86_400_000).toISOString().split('T')[0] ?? '');
}

function formatInstant({ seconds, nanoseconds }: Time): string {
  return new Date(seconds * 1000).toISOString().replace(/\.000Z$/, `${fractionOf(nanoseconds)}Z`);
}

function formatDuration({ seconds, nanoseconds }: Time): string {
  const sign = seconds < 0 || nanoseconds < 0 ? '-' : '';
  return `${sign}PT${Math.abs(seconds)}${fractionOf(Math.abs(nanoseconds))}S`;
}

function fractionOf(nanoseconds: number): string {
  return nanoseconds === 0 ? '' : `.${String(nanoseconds).padStart(9, '0').replace(/0+$/, '')}`;
}
