/** Inputs that were made to hurt: large ones, repetitive ones, deep ones, and names that would change prototypes. */
import { annotate, explain, formatDiagnostic, readCookies } from '@sealring/inspect';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { growth, MAX_GROWTH, timesAsLong } from '../codec/growth.ts';
import { explainLogin, forge, fromHex, KEY, loginToken, now } from './support.ts';

const MEGABYTE = 1 << 20;
const token = loginToken();

/** The unit again and again, up to the most that is read. */
const repeated = (unit: string, length: number) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);

const UNITS = [
  ' ',
  'a',
  'E',
  'SdvA',
  '"',
  "'",
  '\\',
  '%',
  '%4',
  '=',
  ';',
  'a=b;',
  'a=b; ',
  '\n',
  ' \n',
  '\t\r',
  'cookie:',
  'cookie :  ',
  '-H "Cookie: ',
  "-H 'Cookie: ",
  'Set-Cookie: a=b\n',
  '"name":"',
  '"name": "a", "value": "',
  '"name":"a","value":"b"',
  '{"name":',
  'login=3.',
  'login.1=a; ',
  'a.b.c=16.x;',
  '; path=/',
  '\u2028',
  '😀',
  '\ud800',
  `login=${token}; `,
  `${token} `,
];

describe('the time of explain() grows as its input does, up to a megabyte:', () => {
  it.each(UNITS.map((unit) => [JSON.stringify(unit), unit] as const))('%s', async (_, unit) => {
    const run = (length: number) => {
      const { verdict } = explain(repeated(unit, length), { secrets: [KEY], now });
      expect(['opens', 'refused', 'waiting', 'unknown']).toContain(verdict.state);
    };
    expect(await growth(run, MEGABYTE)).toBeLessThan(MAX_GROWTH);
  });
});

describe('a megabyte is explained:', () => {
  it('a header of a megabyte in JSON', () => {
    const input = JSON.stringify([{ name: 'Cookie', value: repeated('a=b;', MEGABYTE - 100) }]);
    expect(explain(input).cookies.length).toBeGreaterThan(200_000);
  });

  it('a part of half a megabyte, and many first cookies that it could belong to', () => {
    const cookies = readCookies(`login.1=${'A'.repeat(5e5)}${'; login=2.E'.repeat(4e4)}`);
    expect(cookies).toHaveLength(40_000);
    expect(cookies.reduce((sum, { value }) => sum + value.length, 0)).toBeLessThan(5 * MEGABYTE);
  });

  it('a sealed token of a megabyte, for another name', () => {
    const large = loginToken('x'.repeat(40_000));
    expect(explainLogin(large, { name: '__Host-login' }).verdict.headline).toBe(
      'Genuine, but sealed for the cookie “login”.',
    );
    const whole = forge(new Uint8Array(750_000));
    expect(explainLogin(whole).verdict.state).toBe('refused');
  });
});

describe('the time of readCookies() grows as its input does:', () => {
  it.each([' x', 'cookie: a', '"name":"a', 'a=b;', '\\"', 'a\n'])('%j', async (unit) => {
    expect(await growth((length) => readCookies(repeated(unit, length)), MEGABYTE)).toBeLessThan(MAX_GROWTH);
  });
});

describe('annotate() and formatDiagnostic() of', () => {
  it.each([
    ['arrays, one in the other', '81'],
    ['tags, one in the other', 'c1'],
    ['maps, one in the other', 'a100'],
    ['heads that promise gigabytes', '9affffffff'],
    ['heads that promise exabytes', 'bbffffffffffffffff'],
    ['texts that promise gigabytes', '7affffffff'],
    ['nothing but zeros', '00'],
    ['breaks', 'ff'],
  ])('a megabyte of %s', (_, hex) => {
    const unit = fromHex(hex);
    const bytes = Uint8Array.from({ length: MEGABYTE }, (_, at) => unit[at % unit.length] ?? 0);
    expect(annotate(bytes).fault).toBeDefined();
    expect(formatDiagnostic(bytes)).toMatch(/\/ byte \d+: .* \/$/);
  });

  it('an array of a megabyte stops at 100,000 items', () => {
    const bytes = new Uint8Array(MEGABYTE);
    bytes.set(fromHex('9a000ffffb')); // 1,048,571 items
    expect(annotate(bytes).fault).toEqual({ at: 100_004, message: 'more data items than are shown' });
  });

  it('arrays of two, one in the other, takes time as the bytes do, not as lines times depth', async () => {
    const nested = (depth: number, items: number) =>
      fromHex(`${'8200'.repeat(depth)}99${items.toString(16).padStart(4, '0')}${'00'.repeat(items)}`);
    expect(formatDiagnostic(nested(500, 1000)).length).toBeLessThan(200_000);
    const formatting = (depth: number) => {
      const bytes = nested(depth, 60_000);
      return () => formatDiagnostic(bytes);
    };
    expect(await timesAsLong(formatting(500), formatting(50), 2)).toBeLessThan(4); // ten times as long, where each level copies what is in it
  });

  it('any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const { root, fault } = annotate(bytes);
        expect(root !== undefined || fault !== undefined).toBe(true);
        expect(fault?.at ?? 0).toBeLessThanOrEqual(bytes.length);
        expect(formatDiagnostic(bytes)).not.toBe('');
      }),
      { seed: 20_261_124, numRuns: 2000 },
    );
  });
});

describe('explain() never throws', () => {
  it('on any text', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        'Cookie: ',
        'Set-Cookie: ',
        'login=',
        '3.',
        '"',
        "'",
        '; ',
        '%',
        '\n',
        token,
        token.slice(0, 50),
        'login.1=',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const input = pieces.join('');
        const { cookies, chosen, checks } = explain(input, { secrets: [KEY], now });
        expect(chosen).toBeLessThan(cookies.length);
        expect(checks.filter(({ state }) => state === 'failed').length).toBeLessThanOrEqual(1);
      }),
      { seed: 20_261_124, numRuns: 500 },
    );
  });

  it('on any authentic payload', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (payload) => {
        const { verdict, payload: shown } = explainLogin(forge(payload));
        expect(['opens', 'refused']).toContain(verdict.state);
        expect(shown).toEqual(payload);
      }),
      { seed: 20_261_124, numRuns: 500 },
    );
  });
});

describe('no prototype changes', () => {
  it.each([
    '__proto__=a; constructor=b; toString=c',
    'Set-Cookie: __proto__=a; __proto__=b; constructor=c',
    JSON.stringify([{ name: '__proto__', value: '{"isAdmin":true}' }]),
    '{"name":"__proto__","value":"x"}',
    '__proto__=3.a; __proto__.1=b; __proto__.2=c',
  ])('through %s', (input) => {
    const before = Object.getOwnPropertyNames(Object.prototype).length;
    const { cookies } = explain(input, { secrets: [KEY], now });
    expect(cookies[0]?.name).toBe('__proto__');
    expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(before);
    expect(Reflect.get({}, 'isAdmin')).toBeUndefined();
    for (const { attributes } of cookies) expect(attributes?.constructor ?? Map).toBe(Map);
  });

  it.each(['a1695f5f70726f746f5f5fa16161f5', 'd90103a1695f5f70726f746f5f5fa16161f5'])(
    'through the payload %s',
    (hex) => {
      const { opened } = explainLogin(forge(fromHex(hex)));
      expect(Reflect.get({}, 'a')).toBeUndefined();
      if (opened !== undefined) expect(Object.getPrototypeOf(opened.value)).toBe(Map.prototype);
    },
  );
});
