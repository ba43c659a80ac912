/** Values and tokens go to the Python implementation and to ours; what comes out must be the same on both sides. */
import { createSealer, generateKey, type KeyInput, type SealerOptions } from '@sealring/codec';
import { describe, expect, test } from 'vitest';
import { toHex } from '../codec/support.ts';
import foreign from '../codec/vectors/foreign-cbor.json' with { type: 'json' };
import hostile from '../codec/vectors/hostile-cbor.json' with { type: 'json' };
import { ask, skipped, verdictsOn } from './python.ts';
import { kinds, notation, now, pythonTypes, types } from './values.ts';

const key = generateKey();
const purpose = 'magic-link';
const random = Uint8Array.from({ length: 16 }, (_, at) => 0x40 + at);
const secret = Uint8Array.from({ length: 16 }, (_, at) => 0xa0 + at);
const modes = ['sealed', 'signed'] as const;
type Mode = (typeof modes)[number];
const sealer = (mode: Mode, options: Partial<SealerOptions> = {}) => {
  const keys: KeyInput[] = [mode === 'sealed' ? key : { secret: key, encrypt: false }];
  return createSealer({ keys, purpose, types, ...options });
};
const common = { key, purpose, now, types: pythonTypes };

describe.skipIf(skipped)(skipped ?? 'Python implementation', () => {
  test('published vectors', async () => {
    expect(await ask({ do: 'selftest' })).toEqual({ ok: true });
  });

  describe.each(modes)('%s', (mode) => {
    test.each(Object.entries(kinds))('%s, both ways and to the same text', async (_, values) => {
      for (const value of values) {
        for (const context of ['', 'user:42 ü']) {
          const told = await ask({ do: 'open', ...common, context, token: sealer(mode).seal(value, { now, context }) });
          expect(told.code ?? told.error).toBeUndefined();
          expect(told).toMatchObject({ ok: true, value: notation(value), issuedAt: now });
          const request = { do: 'seal', ...common, context, mode, random: toHex(random), value: notation(value) };
          const { token = '', ...rest } = await ask(request);
          expect(rest).toEqual({ ok: true });
          expect(sealer(mode).seal(value, { now, context, random })).toBe(token);
          const opened = sealer(mode).open(token, { now, context });
          expect(opened.value).toStrictEqual(value);
          expect(opened).toMatchObject({ issuedAt: now, keyId: told.keyId, stale: false });
        }
      }
    });

    test('a dictionary', async () => {
      const dictionary = ['userId', 'email', ...Array.from({ length: 30 }, (_, i) => `k${i}`)];
      const value = {
        userId: 1,
        k29: { email: 'a@example.org', other: [{ k0: new Map([['userId', { userId: 2 }]]) }] },
      };
      const ours = sealer(mode, { dictionary });
      const request = { ...common, dictionary, mode };
      const { token = '' } = await ask({ do: 'seal', ...request, random: toHex(random), value: notation(value) });
      expect(ours.seal(value, { now, random })).toBe(token);
      expect(ours.open(token, { now }).value).toStrictEqual(value);
      expect(await ask({ do: 'open', ...request, token })).toMatchObject({ ok: true, value: notation(value) });
      const older = sealer(mode).seal(value, { now }); // from before the entries
      expect(await ask({ do: 'open', ...request, token: older })).toMatchObject({ ok: true, value: notation(value) });
    });

    test('a second secret', async () => {
      const ours = sealer(mode);
      const token = ours.seal({ team: 7 }, { now, secret, random });
      const request = { ...common, mode, secret: toHex(secret) };
      const theirs = await ask({ do: 'seal', ...request, random: toHex(random), value: { team: 7 } });
      expect(theirs).toEqual({ ok: true, token });
      expect(await ask({ do: 'open', ...request, token })).toMatchObject({ ok: true, value: { team: 7 } });
      expect(ours.open(token, { now, secret }).value).toEqual({ team: 7 });
      const longer = Uint8Array.from([...secret, 0]);
      for (const other of [undefined, longer]) {
        const code = 'ERR_SEAL_TAMPERED';
        const wrong = { ...request, secret: toHex(other ?? new Uint8Array()) };
        expect(await ask({ do: 'open', ...wrong, token })).toMatchObject({ ok: false, code });
        expect(ours.safeOpen(token, { now, ...(other && { secret: other }) })).toMatchObject({ ok: false, code });
      }
    });

    test('a change of any character, purpose or context is refused alike', async () => {
      const ours = sealer(mode);
      const token = ours.seal({ team: 7 }, { now, context: 'a', random });
      for (let i = 0; i < token.length; i++) {
        const changed = token.slice(0, i) + (token[i] === 'A' ? 'B' : 'A') + token.slice(i + 1);
        const told = await ask({ do: 'open', ...common, mode, context: 'a', token: changed });
        const result = ours.safeOpen(changed, { now, context: 'a' });
        expect(result.ok).toBe(false);
        expect(told, `character ${i}`).toMatchObject({ ok: false, code: result.ok ? '' : result.code });
      }
      for (const context of ['', 'b', 'a\0', 'aa']) {
        expect(await ask({ do: 'open', ...common, context, token })).toMatchObject({ code: 'ERR_SEAL_TAMPERED' });
        expect(ours.safeOpen(token, { now, context })).toMatchObject({ code: 'ERR_SEAL_TAMPERED' });
      }
      expect(await ask({ do: 'open', ...common, context: 'a', purpose: 'other', token })).toMatchObject({
        code: 'ERR_SEAL_TAMPERED',
      });
      expect(sealer(mode, { purpose: 'other' }).safeOpen(token, { now, context: 'a' })).toMatchObject({
        code: 'ERR_SEAL_TAMPERED',
      });
    });

    test.each([
      ['in time', { now: now + 10, maxAge: 10 }, undefined],
      ['too old', { now: now + 10.5, maxAge: 10 }, 'ERR_SEAL_EXPIRED'],
      ['a little early', { now: now - 60 }, undefined],
      ['too early', { now: now - 60.5 }, 'ERR_SEAL_FUTURE'],
    ])('time: %s', async (_, times, code) => {
      const token = sealer(mode).seal(1, { now });
      expect(await ask({ do: 'open', ...common, ...times, token })).toMatchObject(code ? { code } : { value: 1 });
      expect(sealer(mode).safeOpen(token, times)).toMatchObject(code ? { code } : { value: 1 });
    });
  });

  test.each<[string, string, string]>([
    ['nothing', '', 'MALFORMED'],
    ['one character', 'E', 'MALFORMED'],
    ['spare bits', 'ER', 'MALFORMED'],
    ['padding', 'EQ==', 'MALFORMED'],
    ['white space', 'EQ\n', 'MALFORMED'],
    ['plain base64', 'Eg+/', 'MALFORMED'],
    ['a letter beyond ASCII', 'EgAé', 'MALFORMED'],
    ['another lead', 'Eg', 'VERSION'],
    ['as long as the limit', 'A'.repeat(87435), 'VERSION'],
    ['longer than the limit', 'A'.repeat(87436), 'MALFORMED'],
    ['sealed, lead only', 'EQ', 'MALFORMED'],
    ['sealed, no payload', `EQ${'A'.repeat(52)}`, 'MALFORMED'],
    ['sealed, another key', `EQ${'A'.repeat(53)}`, 'KEY_UNKNOWN'],
    ['signed, no payload', `SQ${'A'.repeat(30)}`, 'MALFORMED'],
    ['signed, another key', `SQ${'A'.repeat(32)}`, 'KEY_UNKNOWN'],
  ])('text: %s', async (_, token, end) => {
    const code = `ERR_SEAL_${end}`;
    expect(await ask({ do: 'open', ...common, token })).toMatchObject({ ok: false, code });
    for (const mode of modes) expect(sealer(mode).safeOpen(token, { now })).toMatchObject({ ok: false, code });
  });

  test.each(modes)('a key that makes %s tokens opens no others', async (mode) => {
    const token = sealer(mode === 'sealed' ? 'signed' : 'sealed').seal(1, { now });
    expect(await ask({ do: 'open', ...common, mode, token })).toMatchObject({ code: 'ERR_SEAL_KEY_UNKNOWN' });
    expect(sealer(mode).safeOpen(token, { now })).toMatchObject({ code: 'ERR_SEAL_KEY_UNKNOWN' });
  });

  /** What either side says to a payload: its code, or nothing. */
  const verdicts = async (payload: string, options: Partial<SealerOptions> = {}) => {
    const request = { ...common, ...('dictionary' in options ? { dictionary: options.dictionary } : {}) };
    const { token = '' } = await ask({ do: 'seal', ...request, mode: 'signed', payload });
    const { code } = await ask({ do: 'open', ...request, token });
    const result = sealer('signed', options).safeOpen(token, { now });
    return { theirs: code, ours: result.ok ? undefined : result.code };
  };

  const fault = 'ERR_SEAL_PAYLOAD';
  const unknown = 'ERR_SEAL_TYPE_UNKNOWN';
  const record = (fields: string[]) => `d81b8${1 + fields.length}66506572736f6e${fields.join('')}`;
  test.each<[string, string, string?]>([
    ['bytes after the item', '0101', fault],
    ['early end', '8201', fault],
    ['indefinite text', '7f6161ff', fault],
    ['indefinite array', '9fff', fault],
    ['reserved head', '1c', fault],
    ['break', 'ff', fault],
    ['long head of an integer', '1817', fault],
    ['long head of a length', '580100', fault],
    ['64-bit length', '5b000000000000000100', fault],
    ['long head of a tag', 'd90001f6', fault],
    ['1 with a 64-bit head', '1b0000000000000001', fault],
    ['2^32', '1b0000000100000000'],
    ['the last integer that is a number', '1b001fffffffffffff'],
    ['the first that is a bigint', '1b0020000000000000'],
    ['the last negative one that is a number', '3b001ffffffffffffe'],
    ['the first negative one that is a bigint', '3b001fffffffffffff'],
    ['float16', 'f93c00'],
    ['float16, subnormal', 'f90001'],
    ['float16, -0', 'f98000'],
    ['float16, infinite', 'f97c00'],
    ['float32', 'fa3fc00000'],
    ['float32, subnormal', 'fa00000001'],
    ['integer as float64', 'fb3ff0000000000000'],
    ['0 as float64', 'fb0000000000000000'],
    ['-0', 'fb8000000000000000'],
    ['2^32 as float64', 'fb41f0000000000000'],
    ['-2^32 as float64', 'fbc1f0000000000000'],
    ['2^53 as float64', 'fb4340000000000000'],
    ['another NaN', 'fb7ff8000000000001'],
    ['negative NaN', 'fbfff8000000000000'],
    ['NaN in two bytes', 'f97e00'],
    ['signalling NaN in four bytes', 'fa7f800001'],
    ['simple value 19', 'f3', fault],
    ['simple value 32', 'f820', fault],
    ['false in two bytes', 'f814', fault],
    ['overlong text', '62c080', fault],
    ['surrogate in text', '63eda080', fault],
    ['beyond U+10FFFF', '64f4908080', fault],
    ['key twice', 'a2616101616102', fault],
    ['number as key', 'a10102', fault],
    ['__proto__', 'a1695f5f70726f746f5f5f01', fault],
    ['constructor', 'a16b636f6e7374727563746f7201'],
    ['bignum of no bytes', 'c240'],
    ['-1 as a bignum', 'c340'],
    ['bignum of one zero byte', 'c24100', fault],
    ['bignum of 8 bytes', 'c248ffffffffffffffff'],
    ['-2^64 as a bignum', 'c348ffffffffffffffff'],
    ['-2^64 with a 64-bit head', '3bffffffffffffffff'],
    ['bignum with a leading zero', 'c249000000000000000001', fault],
    ['bignum of a text', 'c26161', fault],
    ['bignum of 1,024 bytes', `c2590400${'01'.repeat(1024)}`],
    ['bignum of 1,025 bytes', `c2590401${'01'.repeat(1025)}`, fault],
    ['date', 'c11a6924c2c0'],
    ['date of an integer beyond 2^53', 'c11b0020000000000000', fault],
    ['date of a bigint', 'c1c24101', fault],
    ['date of a float16', 'c1f93c00'],
    ['date of an unknown class', 'c1d81b816458797a7a', fault],
    ['date of a text', 'c16161', fault],
    ['date NaN', 'c1fb7ff8000000000000', fault],
    ['date Infinity', 'c1fb7ff0000000000000', fault],
    ['date past the last', 'c1fb429f6ea086000001', fault],
    ['the last date', 'c11b000007dba8218000'],
    ['date of microseconds', 'c1fb3eb0c6f7a0b5ed8d'],
    ['date of -0 seconds', 'c1fb8000000000000000'],
    ['days since 1970, not asked for', 'd86413', fault],
    ['extended time, not asked for', 'd903e9a10105', fault],
    ['tag 0', 'c06161', fault],
    ['tag 55799', 'd9d9f7f6', fault],
    ['url', 'd8206c687474703a2f2f612f62632f'],
    ['relative url', 'd820622f61', fault],
    ['url of bytes', 'd8204161', fault],
    ['set of a map', 'd90102a0', fault],
    ['set, member twice', 'd90102820101', fault],
    ['set, 1 and 1n', 'd901028201c24101'],
    ['set, 1 in two widths', 'd901028201f93c00', fault],
    ['set, 2^53n both ways', 'd90102821b0020000000000000c24720000000000000', fault],
    ['set, two NaNs', 'd9010282f97e00fb7ff8000000000001', fault],
    ['set, 0 and -0', 'd901028200f98000', fault],
    ['set, bignum twice', 'd9010282c249010000000000000000c249010000000000000000', fault],
    ['set, -0', 'd9010281fb8000000000000000'],
    ['set, equal arrays', 'd90102828080'],
    ['set, equal dates', 'd9010282c101c101'],
    ['map of an array', 'd9010380', fault],
    ['map, key twice', 'd90103a201f601f6', fault],
    ['map, key -0', 'd90103a1fb8000000000000000f6'],
    ['map, key twice in two widths', 'd90103a201f6f93c00f6', fault],
    ['map, value -0', 'd90103a101fb8000000000000000'],
    ['map, __proto__', 'd90103a1695f5f70726f746f5f5f01'],
    ['Uint16Array of 3 bytes', 'd84543000000', fault],
    ['Float64Array of 4 bytes', 'd8564400000000', fault],
    ['Float64Array of any NaN', 'd85648ffffffffffffffff'],
    ['typed array of an array', 'd8458100', fault],
    ['big-endian typed array', 'd841420001', fault],
    ['class', record(['6141', 'f7'])],
    ['class, older record', record(['6141'])],
    ['class, longer record', record(['6141', 'f7', 'f7']), unknown],
    ['class, unknown', 'd81b816458797a7a', unknown],
    ['class, unknown, then a fault', '82d81b816458797a7aff', unknown],
    ['class, unknown, in an array that is too short', '9affffffffd81b816458797a7a', fault],
    ['class, unknown, within a fault', 'a1d81b816458797a7af6', fault],
    ['class without a name', 'd81b80', fault],
    ['class named by a number', 'd81b8101', fault],
    ['class named toString', 'd81b8168746f537472696e67', unknown],
    ['class of a text', 'd81b6141', fault],
    ['depth 32', `${'81'.repeat(32)}00`],
    ['depth 32, empty', `${'81'.repeat(31)}80`],
    ['depth 33', `${'81'.repeat(33)}00`, fault],
    ['depth 33, empty', `${'81'.repeat(32)}80`, fault],
    ['depth 33 by a tag', `${'81'.repeat(32)}c100`, fault],
    ['4,096 items', `990fff${'00'.repeat(4095)}`],
    ['4,097 items', `991000${'00'.repeat(4096)}`, fault],
    ['4,097 items, among them keys and tags', `990400${'a16161c101'.repeat(1024)}`, fault],
    ['an array of 2^32 - 1', '9affffffff', fault],
    ['a text of 2^32 - 1', '7affffffff', fault],
    ['a map of 2^32 - 1 in a Map', 'd90103baffffffff', fault],
    ['65,536 bytes', `59fffd${'00'.repeat(65533)}`],
    ['65,537 bytes', `59fffe${'00'.repeat(65534)}`, fault],
  ])('payload: %s', async (_, payload, code) => {
    expect(await verdicts(payload)).toMatchObject({ ours: code, theirs: code });
  });

  test.each<[string, string, string?]>([
    ['index', 'a101f6'],
    ['index beyond the list', 'a102f6', fault],
    ['negative index', 'a120f6', fault],
    ['index as a bigint', 'a1c24101f6', fault],
    ['index as a float', 'a1f93c00f6', fault],
    ['name in full', 'a16162f6'],
    ['name both ways', 'a201f66162f6', fault],
    ['index twice', 'a201f601f6', fault],
    ['Map keys stay', 'd90103a201f66162f6'],
  ])('payload with a dictionary: %s', async (_, payload, code) => {
    expect(await verdicts(payload, { dictionary: ['a', 'b'] })).toMatchObject({ ours: code, theirs: code });
  });

  test('payloads with the tags that a reader may offer', () => {
    const rows: [name: string, payload: string, end?: string][] = [
      ['the first day', 'd8643a05f5e100'],
      ['the day before', 'd8643a05f5e101', fault],
      ['the last day', 'd8641a05f5e100'],
      ['the day after', 'd8641a05f5e101', fault],
      ['days as a float', 'd864f93c00', fault],
      ['an instant', 'd903e9a1011a6955b900'],
      ['with nanoseconds first', 'd903e9a228010105', 'd903e9a201052801'],
      ['no nanoseconds', 'd903e9a201052800', fault],
      ['a second of nanoseconds', 'd903e9a20105281a3b9aca00', fault],
      ['a negative number of nanoseconds', 'd903e9a201052820', fault],
      ['no seconds', 'd903e9a12801', fault],
      ['seconds twice', 'd903e9a201050105', fault],
      ['seconds as a float', 'd903e9a101f93c00', fault],
      ['another key', 'd903e9a201050205', fault],
      ['the last instant', 'd903e9a1011b000007dba8218000'],
      ['the instant after', 'd903e9a2011b000007dba82180002801', fault],
      ['a duration', 'd903eaa201052801'],
      ['a negative duration', 'd903eaa201242820'],
      ['a duration of both signs', 'd903eaa201052820', fault],
    ];
    const payloads = rows.map(([, payload]) => payload);
    const told = verdictsOn(payloads, ['--temporal', 'true']).map(([verdict, again], at) => [
      rows[at]?.[0],
      verdict,
      again,
    ]);
    expect(told).toEqual(
      rows.map(([name, payload, end = payload]) => (end === fault ? [name, 'PAYLOAD', ''] : [name, 'ok', end])),
    );
  });

  test('the vectors that say what a reader makes of payloads', () => {
    const classes = ['--types', JSON.stringify({ User: ['id', 'role'] })];
    const expected = hostile.vectors.map(({ hex, code }) =>
      code === undefined ? ['ok', hex] : [code === 'class' ? 'TYPE_UNKNOWN' : 'PAYLOAD', ''],
    );
    const payloads = hostile.vectors.map(({ hex }) => hex);
    const urls = payloads.map((payload) => payload.startsWith('d82060')); // Python does not say what is a URL
    const told = verdictsOn(payloads, classes).map(([verdict, again]) => [verdict, again]);
    expect(told.filter((_, at) => !urls[at])).toEqual(expected.filter((_, at) => !urls[at]));
    const others = verdictsOn(foreign.vectors.map(({ hex }) => hex)).map(([verdict, again]) => [verdict, again]);
    expect(others).toEqual(foreign.vectors.map(({ again }) => (again === undefined ? ['PAYLOAD', ''] : ['ok', again])));
  });
});
