/** Every limit, just under and just over, sealing and opening; and time. */
import { createSealer, type Limits } from '@sealring/codec';
import { describe, expect, it } from 'vitest';
import { check, codeOf, encode, modes, now, profileOf, random, sealerOf, secret } from './support.ts';

const nested = (levels: number): unknown => (levels === 0 ? 0 : [nested(levels - 1)]);
const inSets = (levels: number): unknown => (levels === 0 ? 0 : new Set([inSets(levels - 1)]));
const within = (levels: number, value: unknown): unknown => (levels === 0 ? value : [within(levels - 1, value)]);

/** Limit, the largest value that it lets through, the smallest that it does not. */
const cases: [name: string, limits: Partial<Limits>, under: unknown, over: unknown][] = [
  ['bytes, default', { items: 1 << 20 }, 'x'.repeat(65_533), 'x'.repeat(65_534)],
  ['bytes, 100', { bytes: 100 }, 'x'.repeat(98), 'x'.repeat(99)],
  ['depth, default', {}, nested(32), nested(33)],
  ['depth of Sets', {}, inSets(16), inSets(17)],
  ['depth around a Date', {}, within(31, new Date(0)), within(32, new Date(0))],
  ['depth around a bignum', {}, within(31, 2n ** 64n), within(32, 2n ** 64n)],
  ['depth around a scalar', {}, within(32, 'x'), within(33, 'x')],
  ['depth around a Set', {}, within(30, new Set()), within(31, new Set())],
  ['depth around an object', {}, within(31, {}), within(32, {})],
  ['depth, 1', { depth: 1 }, [1], [[]]],
  ['depth, 512', { depth: 512 }, nested(512), nested(513)],
  ['items, default', {}, new Array(4095).fill(0), new Array(4096).fill(0)],
  [
    'items of a Map',
    { items: 8 },
    new Map([
      [1, 2],
      [3, 4],
      [5, 6],
    ]),
    new Map([
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ]),
  ],
  ['items of an object', { items: 7 }, { a: 1, b: 2, c: 3 }, { a: 1, b: 2, c: [3] }],
  ['items of a Date', { items: 3 }, [new Date(0)], [new Date(0), 1]],
  [
    'items of typed arrays',
    { items: 5 },
    [new Uint16Array(9), new Uint8Array(9), 1],
    [new Uint16Array(9), new Uint16Array(9), 1],
  ],
  ['items of bignums', { items: 3 }, [2n ** 64n], [2n ** 64n, 1]],
  ['bignumBytes, default', {}, 2n ** 8192n - 1n, 2n ** 8192n],
  ['bignumBytes, negative', {}, -(2n ** 8192n), -(2n ** 8192n) - 1n],
  ['bignumBytes, 9', { bignumBytes: 9 }, 2n ** 72n - 1n, 2n ** 72n],
];

describe('limits', () => {
  it.each(cases)('%s: the largest is sealed and opened, one more is refused both ways', (_, limits, under, over) => {
    const sealer = sealerOf('sealed', { limits });
    expect(sealer.open(sealer.seal(under)).value).toStrictEqual(under);
    expect(codeOf(() => sealer.seal(over))).toBe('ERR_SEAL_TOO_LARGE');
    const wide = { bytes: 1 << 20, depth: 512, items: 1 << 20, bignumBytes: 1 << 16 };
    if (limits.depth === 512) return; // nothing wider could seal it
    const token = sealerOf('sealed', { limits: wide }).seal(over);
    expect(['ERR_SEAL_PAYLOAD', 'ERR_SEAL_MALFORMED']).toContain(codeOf(() => sealer.open(token)));
  });

  it('name what was too large, and where', () => {
    const sealer = sealerOf('sealed', { limits: { depth: 3 } });
    expect(() => sealer.seal({ a: { b: [[1]] } })).toThrow('$.a.b[0]: nested deeper than 3 levels');
    expect(() => sealerOf('sealed', { limits: { bytes: 9 } }).seal('secret text')).toThrow(
      'expected at most 9 bytes, got 12',
    );
  });

  it('hold for the text of a token before anything is done about it', () => {
    const sealer = sealerOf('sealed', { limits: { bytes: 100 } });
    const longest = Math.ceil(((40 + 100) * 4) / 3);
    expect(codeOf(() => sealer.open('EQAA'.padEnd(longest, 'A')))).toBe('ERR_SEAL_KEY_UNKNOWN');
    expect(() => sealer.open('EQAA'.padEnd(longest + 1, 'A'))).toThrow(
      `expected at most ${longest} characters, got ${longest + 1}`,
    );
    const signed = sealerOf('signed', { limits: { bytes: 100 } });
    const wide = sealerOf('signed');
    expect(codeOf(() => signed.open(wide.seal('x'.repeat(99))))).toBe('ERR_SEAL_PAYLOAD');
    expect(codeOf(() => signed.open(wide.seal('x'.repeat(140))))).toBe('ERR_SEAL_MALFORMED');
  });

  it('count the same in the walk before encoding and in the gate', () => {
    const value = {
      a: [new Date(0), new Map([[new Set([1n, 2n ** 70n]), new URL('https://a.example/')]])],
      b: new Float32Array(2),
      c: -0,
    };
    for (let items = 1; items < 40; items++) {
      const profile = profileOf({ limits: { items } });
      const isSealed = succeeds(() => encode(value, profile));
      const isPassed = succeeds(() => check(encode(value, profileOf()), profile));
      expect(isSealed).toBe(isPassed);
    }
    for (let depth = 1; depth < 10; depth++) {
      const profile = profileOf({ limits: { depth } });
      const isPassed = succeeds(() => check(encode(value, profileOf()), profile));
      expect(succeeds(() => encode(value, profile))).toBe(isPassed);
    }
  });
});

describe.each(modes)('open(), %s', (mode) => {
  const sealer = sealerOf(mode);
  const token = sealer.seal('x', { now });

  it('throws ERR_SEAL_EXPIRED when now passes issuedAt + maxAge', () => {
    expect(sealer.open(token, { now: now + 900, maxAge: 900 })).toMatchObject({ value: 'x', issuedAt: now });
    expect(codeOf(() => sealer.open(token, { now: now + 900.5, maxAge: 900 }))).toBe('ERR_SEAL_EXPIRED');
    expect(() => sealer.open(token, { now: now + 905, maxAge: 900 })).toThrow('expired 5 seconds ago');
    expect(sealer.open(token, { now, maxAge: 0 }).value).toBe('x');
    expect(sealer.open(token, { now: now + 1e9 }).value).toBe('x');
  });

  it('throws ERR_SEAL_FUTURE beyond the skew', () => {
    expect(sealer.open(token, { now: now - 60 }).value).toBe('x');
    expect(codeOf(() => sealer.open(token, { now: now - 60.5 }))).toBe('ERR_SEAL_FUTURE');
    const strict = sealerOf(mode, { limits: { clockSkew: 0 } });
    expect(strict.open(token, { now }).value).toBe('x');
    expect(codeOf(() => strict.open(token, { now: now - 1 }))).toBe('ERR_SEAL_FUTURE');
  });

  it('checks the age only of what is authentic', () => {
    const late = { now: now + 1000, maxAge: 1 };
    const other = createSealer({ keys: [{ secret: secret(1), encrypt: mode === 'sealed' }], purpose: 'other' });
    expect(codeOf(() => other.open(token, late))).toBe('ERR_SEAL_TAMPERED');
    expect(codeOf(() => sealer.open(token, late))).toBe('ERR_SEAL_EXPIRED');
  });

  it('keeps times of 0 and of 2^32 - 1, and rounds fractions down', () => {
    for (const time of [0, 1, 2 ** 31, 2 ** 32 - 1])
      expect(sealer.open(sealer.seal(1, { now: time }), { now: time }).issuedAt).toBe(time);
    expect(sealer.open(sealer.seal(1, { now: now + 0.9 }), { now }).issuedAt).toBe(now);
    const before = Math.floor(Date.now() / 1000);
    const { issuedAt } = sealer.open(sealer.seal(1));
    expect(issuedAt).toBeGreaterThanOrEqual(before);
    expect(issuedAt).toBeLessThanOrEqual(Date.now() / 1000);
  });
});

describe('options of a call', () => {
  const sealer = sealerOf('sealed');
  const token = sealer.seal(1);
  it.each([
    ['seal', [1, { now: -1 }], RangeError, /"now" expected seconds from 0 to 4294967295, got -1/],
    ['seal', [1, { now: 2 ** 32 }], RangeError, /"now"/],
    ['seal', [1, { now: Number.NaN }], RangeError, /"now" expected .* got NaN/],
    ['seal', [1, { random: random.subarray(1) }], TypeError, /"random" expected 16 bytes, got 15 bytes/],
    ['seal', [1, { context: 7 }], TypeError, /"context" expected a string/],
    ['seal', [1, { context: 'a\ud800' }], TypeError, /"context" expected/],
    ['seal', [1, { maxAge: 1 }], TypeError, /seal\(\) has no option "maxAge"/],
    [
      'open',
      [token, { maxage: 1 }],
      TypeError,
      /open\(\) has no option "maxage"; it takes now, maxAge, context, secret/,
    ],
    ['open', [token, { maxAge: -1 }], RangeError, /"maxAge" expected seconds/],
    ['open', [token, { maxAge: '60' }], RangeError, /"maxAge" expected seconds .* got a string/],
    ['safeOpen', [token, { maxAge: Number.NaN }], RangeError, /"maxAge"/],
    ['safeOpen', [token, { random }], TypeError, /open\(\) has no option "random"/],
  ] as const)('%s refuses %j', (method, given, error, message) => {
    const call = () => Reflect.apply(sealer[method], sealer, given);
    expect(call).toThrow(error);
    expect(call).toThrow(message);
  });
});

function succeeds(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch {
    return false;
  }
}
