/** Times and durations as the playground writes them: a token may hold any number. */
import { describe, expect, it } from 'vitest';
import { formatDuration, formatInstant, formatUtc } from '../../../site/src/playground/token/time.ts';

const now = 1_767_225_600;

describe('formatUtc() and formatInstant()', () => {
  it.each([
    [now, '2026-01-01 00:00:00 UTC', 'just now'],
    [now - 180.5, '2025-12-31 23:56:59 UTC', '3 minutes ago'],
    [1e12, '+033658-09-27 01:46:40 UTC', 'in 31,632 years'],
    [-8.64e12, '-271821-04-20 00:00:00 UTC', '273,841 years ago'],
  ])('write %d', (seconds, text, ago) => {
    expect(formatUtc(seconds)).toBe(text);
    expect(formatInstant(seconds, now)).toBe(`${formatUtc(seconds)}, ${ago}`);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e20, -1e20, 8.64e12 + 1])(
    'write %d as a number, as no calendar has it',
    (seconds) => {
      expect(formatUtc(seconds)).toBe(`${seconds} seconds`);
      expect(formatInstant(seconds, now)).toBe(`${seconds} seconds`);
    },
  );
});

describe('formatDuration()', () => {
  it.each([
    [60, '1 minute'],
    [90, '90 seconds'],
    [172_800, '2 days'],
    [Number.NaN, 'NaN seconds'],
  ])('writes %d', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});
