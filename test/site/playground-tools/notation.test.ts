/** The notation in which values are typed and shown: what is formatted is read back, and what is read means one thing. */
import { describe, expect, it } from 'vitest';
import { cut, formatValue } from '../../../site/src/playground/notation/format-value.ts';
import { layOut, list } from '../../../site/src/playground/notation/layout.ts';
import { parseValue } from '../../../site/src/playground/notation/parse-value.ts';
import { classNameOf, readClassTypes } from '../../../site/src/playground/types/class-types.ts';
import { growth, MAX_GROWTH, timesAsLong } from '../../codec/growth.ts';

const Float16: unknown = Reflect.get(globalThis, 'Float16Array');
const nested = (depth: number, inner: unknown) => Array.from({ length: depth }).reduce((held) => [0, held], inner);

describe('formatValue() and parseValue()', () => {
  it.each<[string, unknown]>([
    ['plain things', { a: [1, 'two', null, true, undefined, -0, Number.NaN], $b: 1 }],
    ['what JSON has not', [new Date(0), 1n, new Map([[1, new Set(['x'])]]), new URL('https://a.example/'), /ab+c/i]],
    ['bytes and typed arrays', [Uint8Array.of(0, 255), Float32Array.of(0.5, -0), BigInt64Array.of(-1n)]],
    [
      'something long and deep',
      nested(
        100,
        Array.from({ length: 50 }, (_, at) => ({ [`name${at}`]: 'x'.repeat(at) })),
      ),
    ],
  ])('go both ways with %s', (_, value) => {
    expect(parseValue(formatValue(value))).toEqual(value);
  });

  it.skipIf(typeof Float16 !== 'function')('go both ways with a Float16Array', () => {
    const value: unknown = typeof Float16 === 'function' ? Reflect.construct(Float16, [[1.5, -0, 65_504]]) : undefined;
    const text = formatValue(value);
    expect(text).toBe('{"$Float16Array": [1.5, {"$number": "-0"}, 65504]}');
    expect(parseValue(text)).toEqual(value);
  });

  it('go both ways with an instance of a class whose name has a colon', () => {
    const types = readClassTypes('shop:Person : first, last\nCar: doors');
    expect([...types.fields]).toEqual([
      ['shop:Person', ['first', 'last']],
      ['Car', ['doors']],
    ]);
    expect(types.problems).toEqual([]);
    const ada = types.create('shop:Person', new Map([['first', 'Ada']]));
    expect(parseValue(formatValue(ada, types), types)).toEqual(ada);
  });
});

describe('parseValue() of a date', () => {
  it.each([
    ['2026-01-01', '2026-01-01T00:00:00.000Z'],
    ['2026-01-01T09:30Z', '2026-01-01T09:30:00.000Z'],
    ['2026-01-01T09:30:15.5+02:00', '2026-01-01T07:30:15.500Z'],
    ['2024-02-29T00:00:00.000Z', '2024-02-29T00:00:00.000Z'],
    ['-000001-01-01T00:00:00.000Z', '-000001-01-01T00:00:00.000Z'],
    ['+275760-09-13T00:00:00.000Z', '+275760-09-13T00:00:00.000Z'],
  ])('reads %s', (text, expected) => {
    const value = parseValue(`{"$date": "${text}"}`);
    expect(value instanceof Date && value.toISOString()).toBe(expected);
  });

  // Each is another time in another place, another browser, or in none.
  it.each(['2026-01-01T09:30', '1', 'March 7', '2026-02-30', '2026-02-29T10:00Z', '-000000-01-01', '2026-13-01', ''])(
    'refuses %j',
    (text) => {
      expect(() => parseValue(`{"$date": "${text}"}`)).toThrow('$date expected a time with its zone');
    },
  );
});

describe('readClassTypes()', () => {
  it.each(['Person', ': first', '  : a, b', ':'])('says what is missing in %j', (line) => {
    expect(readClassTypes(`\n${line}`).problems).toEqual([expect.stringMatching(/^Line 2: expected a name, a colon/)]);
    expect(classNameOf(line)).toBe('');
  });

  it('reads a line without a colon in a time that grows as the line does', async () => {
    const run = (length: number) => expect(readClassTypes(`a${' '.repeat(length)}b`).problems).toHaveLength(1);
    expect(await growth(run, 160_000)).toBeLessThan(MAX_GROWTH);
  });
});

describe('layOut()', () => {
  it('keeps on one line what fits, and indents the rest by 20 levels at most', () => {
    expect(layOut(list('[', ['1', list('[', [], ']'), { before: '"a": ', shape: '2' }], ']'))).toBe('[1, [], "a": 2]');
    const long = 'x'.repeat(56);
    expect(formatValue({ a: [long], b: [] })).toBe(`{\n  "a": [\n    "${long}"\n  ],\n  "b": []\n}`);
    const lines = formatValue(nested(60, [])).split('\n');
    expect(Math.max(...lines.map((line) => line.search(/\S/)))).toBe(40);
  });

  it('takes time as the text does, not as lines times depth', async () => {
    const formatting = (depth: number) => {
      const value = nested(depth, new Array<number>(50_000).fill(0));
      return () => expect(formatValue(value).length).toBeLessThan(3_000_000);
    };
    expect(await timesAsLong(formatting(500), formatting(50), 2)).toBeLessThan(4); // ten times as long, where each level copies what is in it
  });
});

it('cut() leaves a text of 60,000 characters whole, and says how much of a longer one is missing', () => {
  expect(cut('x'.repeat(60_000))).toHaveLength(60_000);
  expect(cut('x'.repeat(61_234))).toBe(`${'x'.repeat(60_000)}\n… and 1,234 characters more`);
});
