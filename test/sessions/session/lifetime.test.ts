/** When a session ends, and whether it is time to renew it: in seconds, at the exact second. */
import { describe, expect, it } from 'vitest';
import { endOf, isRenewalDue } from '../../../packages/sessions/src/session/lifetime.ts';

describe('endOf()', () => {
  it.each([
    ['a lifetime', { maxAge: 100, idleTimeout: undefined }, 1100],
    ['until the browser closes', { maxAge: undefined, idleTimeout: undefined }, 1000 + 30 * 86_400],
    ['an idle timeout that comes first', { maxAge: 100, idleTimeout: 20 }, 1070],
    ['a lifetime that comes first', { maxAge: 60, idleTimeout: 20 }, 1060],
    ['an idle timeout alone', { maxAge: undefined, idleTimeout: 20 }, 1070],
  ])('of %s', (_name, lifetime, end) => {
    expect(endOf(1000, 1050, lifetime)).toBe(end);
  });
});

describe('isRenewalDue()', () => {
  const hour = { maxAge: 100_000, idleTimeout: 3600 };

  it.each([
    [359, false],
    [360, true],
    [3599, true],
  ])('of an idle timeout of an hour, %i seconds after the last write: %s', (seconds, expected) => {
    expect(isRenewalDue(1000, 1000, hour, 1000 + seconds)).toBe(expected);
  });

  it('of an idle timeout of seconds is never twice in one second', () => {
    const short = { maxAge: 100, idleTimeout: 2 };
    expect([0, 0.9, 1].map((seconds) => isRenewalDue(1000, 1000, short, 1000 + seconds))).toStrictEqual([
      false,
      false,
      true,
    ]);
  });

  it('is never where there is no idle timeout, the lifetime ends first, or the clock went back', () => {
    expect(isRenewalDue(1000, 1000, { maxAge: 100, idleTimeout: undefined }, 1099)).toBe(false);
    expect(isRenewalDue(1000, 1050, { maxAge: 100, idleTimeout: 60 }, 1090)).toBe(false);
    expect(isRenewalDue(1000, 5000, hour, 2000)).toBe(false);
  });
});
