/** Records: what is remembered of a session comes back from the value that is sealed, and nothing else is taken for one. */
import { decodeRecord, encodeRecord, type SessionRecord, valuesToMap, valuesToObject } from '@sealring/wire';
import { describe, expect, it } from 'vitest';

const ID = Uint8Array.from({ length: 12 }, (_, at) => at);
const EMPTY: SessionRecord = {
  contents: { values: new Map(), flashes: new Map() },
  createdAt: 1_767_225_600,
  ...{ maxAge: undefined, subject: undefined, authenticatedAt: undefined },
  ...{ id: undefined, family: undefined, stamp: undefined },
};
const flashes = new Map([
  ['default', [{ id: 7, message: { text: 'Saved' } }]],
  ['errors', [{ id: 8, message: undefined }]],
]);

describe('encodeRecord() and decodeRecord()', () => {
  it.each<[string, Partial<SessionRecord>, unknown[]]>([
    ['nothing but its birth', {}, [1_767_225_600, {}]],
    ['an id', { id: ID }, [1_767_225_600, {}, ID]],
    ['a stamp alone', { stamp: 0 }, [1_767_225_600, {}, ...new Array<undefined>(6).fill(undefined), 0]],
    ['an end with the browser', { maxAge: null }, [1_767_225_600, {}, undefined, undefined, null]],
    [
      'everything',
      {
        contents: { values: new Map<unknown, unknown>([['a', 1]]), flashes },
        ...{ id: ID, maxAge: 60, subject: 'ada', authenticatedAt: 5, family: ID, stamp: 9 },
      },
      [
        1_767_225_600,
        { a: 1 },
        ID,
        new Map([
          ['default', [[7, { text: 'Saved' }]]],
          ['errors', [[8, undefined]]],
        ]),
        ...[60, 'ada', 5, ID, 9],
      ],
    ],
  ])('of a session with %s', (_, more, encoded) => {
    const record = { ...EMPTY, ...more };
    expect(encodeRecord(record)).toStrictEqual(encoded);
    expect(decodeRecord(encoded)).toStrictEqual(record);
  });

  it.each<[string, Map<unknown, unknown>]>([
    ['a key that is a number', new Map([[42, 43]])],
    ['a key that no object may have', new Map([['__proto__', 1]])],
    ['a key that is an object', new Map([[{}, 1]])],
  ])('keep %s, in a Map', (_, values) => {
    const record = { ...EMPTY, contents: { values, flashes: new Map() } };
    expect(encodeRecord(record)[1]).toBe(values);
    expect(decodeRecord(encodeRecord(record))?.contents.values).toEqual(values);
  });

  const bag = (pairs: unknown) => new Map([['default', pairs]]);
  it.each<[string, unknown]>([
    ['no array', { 0: 1, 1: {} }],
    ['nothing', []],
    ['a time that is none', ['now', {}]],
    ['no values', [1]],
    ['values that are null', [1, null]],
    ['values that are an array', [1, [2]]],
    ['values that are a Set', [1, new Set()]],
    ['values that are a Date', [1, new Date(0)]],
    ['values that are bytes', [1, ID]],
    ['an id that is a string', [1, {}, 'id']],
    ['flash messages that are an object', [1, {}, ID, {}]],
    ['a bag that is no list', [1, {}, ID, bag('a')]],
    ['a bag whose name is a number', [1, {}, ID, new Map([[1, []]])]],
    ['a message without an id', [1, {}, ID, bag([['text', 1]])]],
    ['a message that is no pair', [1, {}, ID, bag([1])]],
    ['a max age that is a string', [1, {}, ID, undefined, '60']],
    ['a subject that is a number', [1, {}, ID, undefined, undefined, 7]],
    ['a subject that is null', [1, {}, ID, undefined, undefined, null]],
    ['a login at no time', [1, {}, ID, undefined, undefined, 'ada', 'now']],
    ['a family that is a string', [1, {}, ID, undefined, undefined, 'ada', 5, 'family']],
    ['a stamp that is a bigint', [1, {}, ID, undefined, undefined, 'ada', 5, ID, 9n]],
    ['ten fields', [1, {}, ID, undefined, undefined, 'ada', 5, ID, 9, undefined]],
  ])('take no record from %s', (_, value) => {
    expect(decodeRecord(value)).toBeUndefined();
  });

  it('take values without a prototype', () => {
    expect(decodeRecord([1, Object.assign(Object.create(null), { a: 1 })])?.contents.values).toEqual(
      new Map([['a', 1]]),
    );
  });
});

it('valuesToObject() and valuesToMap() are inverse', () => {
  const values = new Map<string, unknown>([
    ['constructor', 1],
    ['', { a: 1 }],
  ]);
  expect(valuesToMap(valuesToObject(values) ?? {})).toEqual(values);
});
