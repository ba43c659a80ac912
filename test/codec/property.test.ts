/** Properties over generated values, seeded; other CBOR libraries as oracles of what we write. */
import { Tag as Cbor2Tag, decode as cbor2Decode } from 'cbor2';
import { decode as cborgDecode } from 'cborg';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check, codeOf, decode, encode, modes, profileOf, sealerOf, toHex } from './support.ts';

const seed = 20_261_123;
const text = fc.string({ unit: 'binary', maxLength: 90 });
const key = text.filter((name) => name !== '__proto__');
const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, -0, 2 ** 32, -(2 ** 32), 2 ** 53));
const leaf = fc.oneof(
  fc.constantFrom(undefined, null, true, false),
  number,
  text,
  fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array(),
  fc.int16Array(),
  fc.float64Array(),
  fc.webUrl().map((url) => new URL(url)),
);
const values = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 6 }),
    fc.dictionary(key, tie('value'), { maxKeys: 6, noNullPrototype: true }),
    fc.array(tie('value'), { maxLength: 6 }).map((members) => new Set(members)),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 6 }).map((entries) => new Map(entries)),
  ),
})).value;

describe('open(seal(x))', () => {
  it.each(modes)('is x, %s', (mode) => {
    const sealer = sealerOf(mode, { dictionary: ['a', 'b', 'userId'] });
    fc.assert(
      fc.property(values, (value) => {
        expect(sealer.open(sealer.seal(value)).value).toStrictEqual(value);
      }),
      { seed, numRuns: 1500 },
    );
  });

  it.each(modes)('is x for texts of every length modulo 3 and 64, to 64 KB, %s', (mode) => {
    const sealer = sealerOf(mode);
    for (let length = 0; length < 400; length++)
      expect(sealer.open(sealer.seal('x'.repeat(length))).value).toHaveLength(length);
    for (const length of [1000, 4096, 10_000, 65_533])
      expect(sealer.open(sealer.seal('x'.repeat(length))).value).toHaveLength(length);
  });
});

describe('encode()', () => {
  const profile = profileOf();

  it('writes what the gate passes, and what decodes to the same bytes again', () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = encode(value, profile);
        check(bytes, profile);
        expect(toHex(encode(decode(bytes, profile), profile))).toBe(toHex(bytes));
      }),
      { seed, numRuns: 1500 },
    );
  });

  // cborg loses a U+FEFF that starts a string.
  const plain = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.oneof(
        fc.constantFrom(null, true, false),
        fc.integer(),
        fc.double({ noNaN: true }).filter((float) => !Object.is(float, -0) && !Number.isInteger(float)),
        text.filter((given) => !given.startsWith('\ufeff')),
        fc.maxSafeInteger(),
        fc.uint8Array({ minLength: 1 }),
      ),
      fc.array(tie('value'), { maxLength: 5 }),
      fc.dictionary(
        key.filter((name) => !name.startsWith('\ufeff')),
        tie('value'),
        { maxKeys: 5, noNullPrototype: true },
      ),
    ),
  })).value;

  it('writes what cborg and cbor2 read as the same value', () => {
    fc.assert(
      fc.property(plain, (value) => {
        const bytes = encode(value, profile);
        expect(
          cborgDecode(bytes, { strict: true, rejectDuplicateMapKeys: true, allowIndefinite: false }),
        ).toStrictEqual(value);
        expect(cbor2Decode(bytes, { rejectStreaming: true, rejectDuplicateKeys: true })).toStrictEqual(value);
      }),
      { seed, numRuns: 800 },
    );
  });

  it('writes tags that cbor2 knows as the same things', () => {
    const url = new URL('https://a.example/b');
    expect(cbor2Decode(encode(new Date(1_764_000_000_123), profile))).toStrictEqual(new Date(1_764_000_000_123));
    expect(cbor2Decode(encode(2n ** 70n, profile))).toBe(2n ** 70n);
    expect(cbor2Decode(encode(-(2n ** 70n), profile))).toBe(-(2n ** 70n));
    expect(cbor2Decode(encode(url, profile))).toStrictEqual(url);
    expect(cbor2Decode(encode(new Set([1, 'a']), profile))).toStrictEqual(new Set([1, 'a']));
    expect(cbor2Decode(encode(new Uint16Array([1, 258]), profile))).toStrictEqual(new Uint16Array([1, 258]));
    const map = cbor2Decode(encode(new Map([[1, 2]]), profile));
    expect(map instanceof Cbor2Tag ? map.tag : map).toStrictEqual(map instanceof Cbor2Tag ? 259 : new Map([[1, 2]]));
  });
});

describe('open()', () => {
  it.each(modes)('never throws anything untyped, whatever the text, %s', (mode) => {
    const sealer = sealerOf(mode);
    const token = sealer.seal({ a: 1 });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.base64String(),
          fc.string().map((tail) => token.slice(0, 30) + tail),
        ),
        (given) => {
          expect(sealer.safeOpen(given)).toMatchObject({ ok: false, code: expect.stringMatching(/^ERR_SEAL_/) });
          expect(codeOf(() => sealer.open(given))).toMatch(/^ERR_SEAL_(MALFORMED|VERSION|KEY_UNKNOWN|TAMPERED)$/);
        },
      ),
      { seed, numRuns: 2000 },
    );
  });
});
