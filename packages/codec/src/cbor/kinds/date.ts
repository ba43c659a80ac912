/** Date <-> seconds, exactly. FORMAT.md §4, tag 1. */

import { ifReal, isBuiltIn } from '../brand.ts';
import { NEGATIVE, SIMPLE } from '../cursor.ts';
import { fault } from '../fault.ts';
import type { Kind } from './kind.ts';

const TAG_DATE = 1; // RFC 8949 §3.4.2, epoch-based
const MAX_TIME = 8.64e15; // ECMA-262 §21.4.1.1: time values

export const date: Kind = {
  names: ['Date'],
  tags: [TAG_DATE],
  write(value, prototype, writer, depth) {
    if (!isBuiltIn(prototype, Date.prototype, 1, 'getTime')) return undefined;
    const time = ifReal(() => Date.prototype.getTime.call(value));
    if (time === undefined) return undefined;
    if (Number.isNaN(time)) throw writer.refusal(depth, 'an invalid Date');
    return writer.tagged(value, TAG_DATE, depth, time / 1000);
  },
  check(checker, _tag, depth) {
    const major = checker.peek();
    if (major > NEGATIVE && major !== SIMPLE) throw fault('type', checker.offset);
    checker.item(depth);
  },
  read(content) {
    if (typeof content !== 'number' && typeof content !== 'bigint') throw fault('type');
    const time = timeOf(Number(content));
    if (time === undefined) throw fault('date');
    return new Date(time);
  },
};

/**
 * Returns the time value that gives `seconds` when divided by 1000, or the nearest one if there is none. Rounding would be wrong by one from the
 * year 141,000 on, where the precision of float64 is half a millisecond.
 */
function timeOf(seconds: number): number | undefined {
  const below = Math.floor(seconds * 1000);
  const exact = [below, below + 1].find((time) => time / 1000 === seconds);
  const time = exact ?? Math.floor(seconds * 1000 + 0.5);
  return Math.abs(time) <= MAX_TIME ? time + 0 : undefined; // NaN fails as well; + 0 makes 0 of -0
}
