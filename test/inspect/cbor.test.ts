/** Annotated CBOR and diagnostic notation, against the gate of the codec, hostile bytes and other libraries. */
import { createSealer, typeRegistry } from '@sealring/codec';
import { type AnnotatedItem, annotate, formatDiagnostic } from '@sealring/inspect';
import { diagnose } from 'cbor2';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { everything } from '../codec/support.ts';
import foreign from '../codec/vectors/foreign-cbor.json' with { type: 'json' };
import hostile from '../codec/vectors/hostile-cbor.json' with { type: 'json' };
import { fromHex, KEY } from './support.ts';

class User {
  id: unknown;
  role: unknown;
}
const types = typeRegistry().register('User', User, { fields: ['id', 'role'] });
const limits = { bytes: 1 << 20, depth: 32, items: 100_000, bignumBytes: 4096 };
const sealer = createSealer({ keys: [KEY], purpose: 'test', types, limits });
const withNames = createSealer({ keys: [KEY], purpose: 'test', dictionary: ['userId', 'email'] });
const vectors = hostile.vectors.map((vector) => ({ ...vector, bytes: fromHex(vector.hex) }));
const LIMITS = ['depth', 'items', 'size', 'bignum', 'class']; // none of the annotation's business

const OPT_IN = /^d864|^d903e[9a]/; // tags that are shown, and of which it is said that a reader rejects them
const refused = vectors.filter(
  ({ expected, code, hex }) => expected === 'refuse' && !LIMITS.includes(code ?? '') && !OPT_IN.test(hex),
);

/** Head, then whatever no child covers, of every item in the order of the bytes. */
function spans(item: AnnotatedItem): [number, number][] {
  const content: [number, number][] =
    item.children.length > 0 ? item.children.flatMap(spans) : [[item.head.to, item.bytes.to]];
  return [[item.head.from, item.head.to], ...content];
}

function expectWhole(bytes: Uint8Array): void {
  const { root, fault } = annotate(bytes, { dictionary: [] });
  expect(fault).toBeUndefined();
  let at = 0;
  for (const [from, to] of root === undefined ? [] : spans(root)) {
    expect(from).toBe(at);
    at = to;
  }
  expect(at).toBe(bytes.length);
}

/** Whether one of the tags for Temporal is in it. */
function isOptIn(item: AnnotatedItem | undefined): boolean {
  if (item === undefined) return false;
  return ['tag(100)', 'tag(1001)', 'tag(1002)'].includes(item.label) || item.children.some(isOptIn);
}

/** The item at a path of child numbers. */
function itemAt(bytes: Uint8Array, ...path: number[]): AnnotatedItem | undefined {
  let item = annotate(bytes, { dictionary: ['userId', 'email'] }).root;
  for (const step of path) item = item?.children[step];
  return item;
}

describe('annotate()', () => {
  it.each(Object.entries(everything))('covers every byte of %s exactly once', (_, value) => {
    expectWhole(sealer.encode(value));
  });

  it('covers every byte exactly once, of any value', () => {
    const value = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true });
    fc.assert(
      fc.property(value, (given) => {
        let bytes: Uint8Array;
        try {
          bytes = sealer.encode(given);
        } catch {
          return; // what cannot be sealed
        }
        expectWhole(bytes);
      }),
      { seed: 20_261_124, numRuns: 400 },
    );
  });

  it.each(refused)('stops at the fault of $what ($hex)', ({ bytes, offset, code }) => {
    const { fault } = annotate(bytes, { dictionary: [] });
    expect(fault?.message).toMatch(/./);
    if (code === 'utf8')
      expect(fault?.at).toBeLessThan(offset ?? 0); // the text, where the gate names its byte
    else expect(fault?.at).toBe(offset);
  });

  it.each(vectors.filter(({ expected }) => expected !== 'refuse'))(
    'has no fault to find in $what ($hex)',
    ({ bytes }) => {
      expectWhole(bytes);
    },
  );

  it.each(foreign.vectors)(
    'of what $by writes, $what, has a fault to find where a reader rejects it ($hex)',
    (vector) => {
      const { fault } = annotate(fromHex(vector.hex), { dictionary: [] });
      expect(fault !== undefined).toBe('code' in vector);
    },
  );

  it('stops nowhere but where the codec does, in 20,000 mutated payloads', () => {
    const seeds = vectors.filter(
      ({ bytes, code }) => bytes.length > 0 && bytes.length < 200 && !LIMITS.includes(code ?? ''),
    );
    let state = 1;
    const random = (below: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
      return (state >> 8) % below;
    };
    const counts = { read: 0, refused: 0 };
    for (let round = 0; round < 20_000; round++) {
      const bytes = (seeds[random(seeds.length)]?.bytes ?? new Uint8Array(1)).slice();
      bytes[random(bytes.length)] = random(256);
      const { root, fault } = annotate(bytes, { dictionary: [] });
      const refusal = refusalOf(bytes);
      if (refusal === 'ERR_SEAL_TYPE_UNKNOWN') continue; // classes are the registry's, not the profile's
      if (fault === undefined && isOptIn(root)) continue; // no reader has these unless it is asked to
      counts[refusal === undefined ? 'read' : 'refused'] += 1;
      expect({ bytes, isRefused: fault !== undefined }).toEqual({ bytes, isRefused: refusal !== undefined });
    }
    expect(counts.read).toBeGreaterThan(500);
    expect(counts.refused).toBeGreaterThan(500);
  });

  it.each([
    ['unsigned(7)', '', 7],
    ['negative(-8)', '', -8],
    ['float64', '1.5', 1.5],
    ['float64', '-0', -0],
    ['unsigned(9007199254740991)', '', Number.MAX_SAFE_INTEGER],
    ['float64', '9007199254740992', 2 ** 53],
    ['tag(2)', 'bigint 0', 0n],
    ['tag(3)', 'bigint -1', -1n],
    ['tag(2)', 'bigint 18446744073709551616', 2n ** 64n],
    ['tag(3)', 'bigint -18446744073709551617', -(2n ** 64n) - 1n],
    ['text(4)', '"team"', 'team'],
    ['bytes(2)', '0102', Uint8Array.of(1, 2)],
    ['array(2)', '', [1, 2]],
    ['map(1)', '', { a: 1 }],
    ['true', '', true],
    ['null', '', null],
    ['undefined', '', undefined],
    ['tag(1)', 'Date 2026-01-01T00:00:00.123Z', new Date(1_767_225_600_123)],
    ['tag(27)', 'instance of User', Object.assign(new User(), { id: 1 })],
    ['tag(32)', 'URL https://a.example/', new URL('https://a.example/')],
    ['tag(258)', 'Set of 1 member', new Set([1])],
    [
      'tag(259)',
      'Map of 2 entries',
      new Map([
        [1, 2],
        [3, 4],
      ]),
    ],
    ['tag(69)', 'Uint16Array of 2 elements', Uint16Array.of(1, 258)],
  ])('says %s, %s', (label, meaning, value) => {
    expect(itemAt(sealer.encode(value))).toMatchObject({ label, meaning, role: 'root' });
  });

  it.each([
    ['f93c00', 'float16'],
    ['f98000', 'float16'],
    ['f90001', 'float16'],
    ['f903ff', 'float16'],
    ['f97bff', 'float16'],
    ['f9fc00', 'float16'],
    ['f97e01', 'float16'],
    ['fa3f800000', 'float32'],
    ['fa00000001', 'float32'],
    ['fa7f800001', 'float32'],
    ['fb3ff0000000000000', 'float64'],
    ['fb7ff0000000000001', 'float64'],
    ['1b0020000000000000', 'unsigned(9007199254740992)'],
    ['1bffffffffffffffff', 'unsigned(18446744073709551615)'],
    ['3b001fffffffffffff', 'negative(-9007199254740992)'],
    ['3bffffffffffffffff', 'negative(-18446744073709551616)'],
    ['c24101', 'tag(2)'],
  ])('reads the number %s as the codec does', (hex, label) => {
    const value = sealer.decode(fromHex(hex));
    const meaning = typeof value === 'bigint' ? `bigint ${value}` : Object.is(value, -0) ? '-0' : String(value);
    expect(itemAt(fromHex(hex))).toMatchObject({ label, meaning });
  });

  it.each(['c11b00000001ffffffff', 'c1f93c00', 'c1fabfc00000', 'c1fb3f50624dd2f1a9fd', 'c1f98000'])(
    'reads the Date %s as the codec does',
    (hex) => {
      const value = sealer.decode(fromHex(hex));
      if (!(value instanceof Date)) throw new Error('expected a Date');
      expect(itemAt(fromHex(hex))?.meaning).toBe(`Date ${value.toISOString()}`);
    },
  );

  it.each([
    ['01', 'f93c00'],
    ['f98000', '00'],
    ['f97e00', 'fb7ff8000000000001'],
    ['1b0020000000000000', 'c24720000000000000'],
    ['3b001fffffffffffff', 'c3471fffffffffffff'],
    ['6161', '6161'],
    ['f6', 'f6'],
  ])('finds that %s and %s are one member of a Set, and one key of a Map', (one, other) => {
    const at = 4 + one.length / 2;
    expect(annotate(fromHex(`d9010282${one}${other}`)).fault?.at).toBe(at);
    expect(annotate(fromHex(`d90103a2${one}00${other}00`)).fault?.at).toBe(at + 1);
  });

  it.each([
    ['01', 'c24101'],
    ['01', '20'],
    ['f6', 'f7'],
    ['6131', '01'],
    ['80', '80'],
    ['c100', 'c100'],
  ])('takes %s and %s for two members', (one, other) => {
    expectWhole(fromHex(`d9010282${one}${other}`));
    expectWhole(fromHex(`d90103a2${one}00${other}00`));
  });

  it.each([
    ['d86400', 'Temporal.PlainDate 1970-01-01'],
    ['d864194e20', 'Temporal.PlainDate 2024-10-04'],
    ['d8643a05f5e0ff', 'Temporal.PlainDate -271821-04-20'],
    ['d8643a05f5e100', 'Temporal.PlainDate -271821-04-19'],
    ['d903e9a1011a6955b900', 'Temporal.Instant 2026-01-01T00:00:00Z'],
    ['d903e9a2012028190bb8', 'Temporal.Instant 1969-12-31T23:59:59.000003Z'],
    ['d903eaa1011905dc', 'Temporal.Duration PT1500S'],
    ['d903eaa201202820', 'Temporal.Duration -PT1.000000001S'],
    ['d903eaa201002820', 'Temporal.Duration -PT0.000000001S'],
    ['d903e9a228010100', 'Temporal.Instant 1970-01-01T00:00:00.000000001Z'],
  ])('says that %s is a %s, and that it is opt-in', (hex, meaning) => {
    expectWhole(fromHex(hex));
    expect(itemAt(fromHex(hex))?.meaning).toBe(`${meaning}, which a reader rejects unless it opts in`);
  });

  it.each([
    ['a day beyond Temporal', 'd8641a05f5e101'],
    ['a day before Temporal', 'd8643a05f5e101'],
    ['an instant beyond Temporal', 'd903e9a2011b000007dba82180002801'],
    ['no seconds', 'd903e9a0'],
    ['no nanoseconds', 'd903e9a201002800'],
    ['too many nanoseconds', 'd903e9a20100281a3b9aca00'],
    ['another key', 'd903e9a201000200'],
    ['a text for seconds', 'd903e9a10160'],
    ['an instant with negative nanoseconds', 'd903e9a201002820'],
    ['a duration with two signs', 'd903eaa201202801'],
  ])('finds %s in an opt-in tag (%s)', (_, hex) => {
    expect(annotate(fromHex(hex)).fault?.message).toMatch(/^tag \d+ over what is not a Temporal/);
  });

  it.each([
    ['d864f93c00', 2, 'tag 100 over float16'],
    ['d903e980', 3, 'tag 1001 over array(0)'],
    ['c1a1f601', 1, 'tag 1 over map(1)'],
    ['d90102a1f601', 3, 'tag 258 over map(1)'],
  ])('reads nothing in a content that its tag does not allow: %s', (hex, at, message) => {
    expect(annotate(fromHex(hex)).fault).toEqual({ at, message });
  });

  it('cuts long texts between characters, never within one', () => {
    const before = 'x'.repeat(63);
    expect(itemAt(sealer.encode(`${before}😀y`))?.meaning).toBe(`"${before}"…`);
    expect(itemAt(sealer.encode(new URL(`https://a.example/?${'x'.repeat(108)}#😀`)))?.meaning).toMatch(
      /^URL [ -~]+…?$/,
    );
    const named = Uint8Array.of(...fromHex('d81b817883'), ...new TextEncoder().encode(`${'x'.repeat(127)}😀`));
    expect(itemAt(named)?.meaning).toBe(`instance of ${'x'.repeat(127)}…`);
  });

  it('resolves the numbers of a dictionary in objects, and leaves those of Maps alone', () => {
    const object = withNames.encode({ email: 'a' });
    expect(itemAt(object, 0)).toMatchObject({
      label: 'unsigned(1)',
      meaning: '"email", from the dictionary',
      role: 'key',
    });
    expect(annotate(object).root?.children[0]?.meaning).toBe('a name in a dictionary');
    expect(annotate(object, { dictionary: ['userId'] }).fault?.message).toContain('the dictionary has 1 names');
    expect(itemAt(withNames.encode(new Map([[1, 2]])), 0, 0)).toMatchObject({ meaning: '', role: 'key' });
  });

  it('tells keys from values, elements and contents of tags', () => {
    const bytes = sealer.encode({ a: [new Date(0)] });
    expect(
      [itemAt(bytes, 0), itemAt(bytes, 1), itemAt(bytes, 1, 0), itemAt(bytes, 1, 0, 0)].map((item) => item?.role),
    ).toEqual(['key', 'value', 'element', 'content']);
  });

  it('reads 512 levels and not 513, and at most as many items as it is asked to', () => {
    const nested = (levels: number) => Uint8Array.of(...new Array<number>(levels).fill(0x81), 0x00);
    expect(annotate(nested(512)).fault).toBeUndefined();
    expect(annotate(nested(513)).fault?.at).toBe(513);
    expect(annotate(Uint8Array.of(0x83, 1, 2, 3), { items: 3 }).fault).toEqual({
      at: 3,
      message: 'more data items than are shown',
    });
  });
});

describe('formatDiagnostic()', () => {
  it.each([
    ['a1647465616d07', '{"team": 7}'],
    ['fb3ff8000000000000', '1.5'],
    ['fb41f0000000000000', '4294967296.0'],
    ['fb8000000000000000', '-0.0'],
    ['fb7ff8000000000000', 'NaN'],
    ['fbfff0000000000000', '-Infinity'],
    ['fb7e37e43c8800759c', '1e+300'],
    ['f93c00', '1.0_1'],
    ['f97e00', 'NaN_1'],
    ['fa3fc00000', '1.5_2'],
    ['c24101', "2(h'01')"],
    ['1b0000000100000000', '4294967296'],
    ['1bffffffffffffffff', '18446744073709551615'],
    ['c249010000000000000000', "2(h'010000000000000000')"],
    ['f7', 'undefined'],
    ['c11a69248100', '1(1764000000)'],
    ['d90102826178c24101', '258(["x", 2(h\'01\')])'],
    ['420102', "h'0102'"],
    ['62c3a9', '"é"'],
    ['80', '[]'],
    ['a0', '{}'],
    ['', '/ byte 0: the bytes end where a data item was expected /'],
    ['8201', '[]\n/ byte 0: array(2), but only 1 byte is left /'],
    ['820118', '[1]\n/ byte 2: a head of 2 bytes, but only 1 byte is left /'],
    ['0000', '0\n/ byte 1: 1 byte after the value /'],
  ])('of %s is %s', (hex, notation) => {
    expect(formatDiagnostic(fromHex(hex))).toBe(notation);
  });

  it('breaks what does not fit a line, and indents it', () => {
    const value = { short: [1, 2], long: ['x'.repeat(30), 'y'.repeat(30), { deep: 'z'.repeat(70) }] };
    expect(formatDiagnostic(sealer.encode(value)).split('\n')).toEqual([
      '{',
      '  "short": [1, 2],',
      '  "long": [',
      `    "${'x'.repeat(30)}",`,
      `    "${'y'.repeat(30)}",`,
      '    {',
      `      "deep": "${'z'.repeat(70)}"`,
      '    }',
      '  ]',
      '}',
    ]);
  });

  it('breaks keys and tags that do not fit a line as well', () => {
    const long = 'x'.repeat(79);
    const value = new Map([[[long, long], new Set([long])]]);
    expect(formatDiagnostic(sealer.encode(value)).split('\n')).toEqual([
      '259({',
      '  [',
      `    "${long}",`,
      `    "${long}"`,
      '  ]: 258([',
      `    "${long}"`,
      '  ])',
      '})',
    ]);
  });

  it('indents by 30 levels at most, and has empty brackets on one line however deep', () => {
    const lines = formatDiagnostic(fromHex(`${'81'.repeat(50)}826b${'78'.repeat(11)}80`)).split('\n');
    expect(lines.slice(0, 3)).toEqual(['[', '  [', '    [']);
    expect(lines[50]).toBe(`${' '.repeat(60)}["xxxxxxxxxxx", []]`);
    expect(lines.every((line) => line.search(/\S/) <= 60)).toBe(true);
  });

  it('is what cbor2 writes, but for white space and the widths of numbers', () => {
    const leaf = fc.oneof(
      fc.integer(),
      fc.string({ unit: 'grapheme-ascii' }),
      fc.boolean(),
      fc.constant(null),
      fc.uint8Array(),
      fc.date({ noInvalidDate: true }),
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.array(tie('value'), { maxLength: 5 }),
        fc.dictionary(
          fc.string({ unit: 'grapheme-ascii' }).filter((key) => key !== '__proto__'),
          tie('value'),
          { maxKeys: 4, noNullPrototype: true },
        ),
        fc.array(tie('value'), { maxLength: 3 }).map((members) => new Set(members)),
      ),
    }));
    const bare = (text: string) =>
      text
        .replace(/_\d/g, '')
        .replace(/\s+/g, '')
        .replace(/\.0(?!\d)/g, '');
    fc.assert(
      fc.property(value, (given) => {
        const bytes = sealer.encode(given);
        expect(bare(formatDiagnostic(bytes))).toBe(bare(diagnose(bytes)));
      }),
      { seed: 20_261_124, numRuns: 300 },
    );
  });
});

function refusalOf(bytes: Uint8Array): string | undefined {
  try {
    sealer.decode(bytes);
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}
