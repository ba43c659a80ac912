/** Every value of the profile comes back exactly, in both modes; everything else is refused at seal, with its path. */
import { errorType, parseToken, regExpType, typeRegistry } from '@sealring/codec';
import { describe, expect, it } from 'vitest';
import { everything, modes, now, sealerOf } from './support.ts';

describe.each(modes)('seal() and open(), %s', (mode) => {
  const sealer = sealerOf(mode, { limits: { bytes: 1 << 20 } });

  it.each(Object.entries(everything))('bring back %s', (_, value) => {
    const opened = sealer.open(sealer.seal(value, { now }), { now });
    expect(opened.value).toStrictEqual(value);
  });

  it('bring back -0 as itself', () => {
    const { value } = sealer.open(sealer.seal([-0, { a: -0 }, new Map([['k', -0]])]));
    expect(value).toStrictEqual([-0, { a: -0 }, new Map([['k', -0]])]);
    expect(Object.is(Array.isArray(value) && value[0], -0)).toBe(true);
  });

  it('bring back everything at once', () => {
    expect(sealer.open(sealer.seal(everything)).value).toStrictEqual(everything);
  });

  it('make a null-prototype object plain', () => {
    const bare: object = Object.assign(Object.create(null), { a: 1 });
    expect(sealer.open(sealer.seal(bare)).value).toStrictEqual({ a: 1 });
  });

  it('make two of what stands there twice', () => {
    const shared = { a: 1 };
    const { value } = sealer.open(sealer.seal([shared, shared]));
    expect(value).toStrictEqual([{ a: 1 }, { a: 1 }]);
    expect(Array.isArray(value) && value[0] !== value[1]).toBe(true);
  });

  it('give bytes of their own, which no other token shares', () => {
    const token = sealer.seal({ bytes: new Uint8Array([1, 2, 3]), numbers: new Uint16Array([4]) });
    const one = sealer.open(token).value;
    const other = sealer.open(token).value;
    if (typeof one !== 'object' || one === null || !('bytes' in one) || !(one.bytes instanceof Uint8Array))
      throw new Error();
    expect(one.bytes.buffer.byteLength).toBe(3);
    one.bytes.fill(9);
    expect(other).toStrictEqual({ bytes: new Uint8Array([1, 2, 3]), numbers: new Uint16Array([4]) });
  });

  it('run a getter once and keep what it gave', () => {
    let runs = 0;
    const value = {
      get counted() {
        return ++runs;
      },
    };
    expect(sealer.open(sealer.seal(value)).value).toStrictEqual({ counted: 1 });
  });

  it('stand a getter that seals and opens on the way', () => {
    const value = {
      before: 'b'.repeat(100),
      get nested() {
        return sealer.open(sealer.seal({ inner: 'i'.repeat(50) })).value;
      },
      after: 'a'.repeat(100),
    };
    const { value: back } = sealer.open(sealer.seal(value));
    expect(back).toStrictEqual({ before: 'b'.repeat(100), nested: { inner: 'i'.repeat(50) }, after: 'a'.repeat(100) });
  });

  it.skipIf(!('Float16Array' in globalThis))('bring back a Float16Array', () => {
    const value: unknown = Reflect.construct(Reflect.get(globalThis, 'Float16Array'), [[1.5, -0, 65_504]]);
    expect(sealer.open(sealer.seal(value)).value).toStrictEqual(value);
  });

  it.skipIf(!('Buffer' in globalThis))('make a Uint8Array of a Buffer', () => {
    const { value } = sealer.open(sealer.seal(Buffer.from('hi')));
    expect(value).toStrictEqual(new Uint8Array([104, 105]));
  });

  it('bring back RegExp and Error where they are registered', () => {
    const types = typeRegistry().register('RegExp', RegExp, regExpType).register('Error', Error, errorType);
    const willing = sealerOf(mode, { types });
    const error = Object.assign(new Error('outer', { cause: new Error('inner') }), { code: 'E_X' });
    const { value } = willing.open(willing.seal({ pattern: /a+/gi, error }));
    expect(value).toStrictEqual({ pattern: /a+/gi, error });
    if (typeof value !== 'object' || value === null || !('error' in value) || !(value.error instanceof Error))
      throw new Error();
    expect(value.error.cause).toStrictEqual(new Error('inner'));
    expect(Reflect.get(value.error, 'code')).toBe('E_X');
    expect(value.error.stack).toBe('Error: outer');
    expect(Object.keys(value.error)).toStrictEqual(['code']);
  });
});

class Decimal {}
class SubMap extends Map {}
class SubArray extends Array {}
class SubDate extends Date {}
class SubBytes extends Uint8Array {}

const cyclic: { list: unknown[] } = { list: [1] };
cyclic.list.push({ back: cyclic });
const cyclicMap = new Map<string, unknown>();
cyclicMap.set('self', cyclicMap);

const refused: [name: string, value: unknown, message: string][] = [
  ['a class', { cart: [0, 1, { price: new Decimal() }] }, '$.cart[2].price: class Decimal is not registered'],
  ['a function', () => 1, '$: a function cannot be sealed'],
  ['a method', { f() {} }, '$.f: a function cannot be sealed'],
  ['a symbol', [Symbol('secret')], '$[0]: a symbol cannot be sealed'],
  ['a symbol for a key', { a: { [Symbol('k')]: 1 } }, '$.a: an object with a symbol as a key cannot be sealed'],
  ['a promise', { 'two words': Promise.resolve() }, '$["…"]: class Promise is not registered'],
  ['a subclass of Map', [new SubMap()], '$[0]: class SubMap is not registered'],
  ['a subclass of Array', [new SubArray()], '$[0]: class SubArray is not registered'],
  ['a subclass of Date', new SubDate(), '$: class SubDate is not registered'],
  ['a subclass of Uint8Array', new SubBytes(), '$: class SubBytes is not registered'],
  ['an ArrayBuffer', new ArrayBuffer(1), '$: class ArrayBuffer is not registered'],
  ['a DataView', new DataView(new ArrayBuffer(1)), '$: class DataView is not registered'],
  ['a WeakMap', new WeakMap(), '$: class WeakMap is not registered'],
  ['a RegExp', /a/, '$: class RegExp is not registered'],
  ['an Error', new TypeError('x'), '$: class TypeError is not registered'],
  ['a boxed number', Object(1), '$: class Number is not registered'],
  ['an invalid Date', { when: new Date(Number.NaN) }, '$.when: an invalid Date cannot be sealed'],
  ['a lone surrogate', ['a\ud800'], '$[0]: a string with a lone surrogate cannot be sealed'],
  ['a lone surrogate in a key', { '\udc00': 1 }, '$: an object with a lone surrogate in a key cannot be sealed'],
  ['the key __proto__', JSON.parse('{"a":{"__proto__":1}}'), '$.a.__proto__: the key __proto__ cannot be sealed'],
  ['a cycle', cyclic, '$.list[1].back: a value that contains itself cannot be sealed'],
  ['a cycle through a Map', { m: cyclicMap }, '$.m.value(0): a value that contains itself cannot be sealed'],
  ['a hole', { a: new Array(3) }, '$.a: an array with holes or extra properties cannot be sealed'],
  ['an array with a property', 'ab'.match(/b/), '$: an array with holes or extra properties cannot be sealed'],
  ['a Map with a property', Object.assign(new Map(), { x: 1 }), '$: a Map with extra properties cannot be sealed'],
  [
    'what only looks like a Map',
    Object.create(Map.prototype),
    '$: an object that only looks like a Map cannot be sealed',
  ],
  [
    'what only looks like a Date',
    Object.create(Date.prototype),
    '$: an object that only looks like a Date cannot be sealed',
  ],
  [
    'a key of a Map',
    new Map([
      ['user@example.org', 1],
      [Symbol(), 2],
    ] as [unknown, unknown][]),
    '$.key(1): a symbol cannot be sealed',
  ],
  ['a value of a Map', new Map([['user@example.org', () => 1]]), '$.value(0): a function cannot be sealed'],
  ['a member of a Set', { tags: new Set([1, () => 1]) }, '$.tags.member(1): a function cannot be sealed'],
];

describe('seal()', () => {
  it.each(refused)('refuses %s with its path', (_, value, message) => {
    const sealer = sealerOf('sealed');
    expect(() => sealer.seal(value)).toThrow(expect.objectContaining({ code: 'ERR_SEAL_TYPE_UNKNOWN', message }));
  });

  it('has an encode() that gives the payload, equal for equal values, in a buffer of its own', () => {
    const sealer = sealerOf('signed');
    const [one, other] = [sealer.encode({ a: [1, new Date(0)] }), sealer.encode({ a: [1, new Date(0)] })];
    expect(one).toStrictEqual(other);
    expect(one.buffer.byteLength).toBe(one.length);
    const token = parseToken(sealer.seal({ a: [1, new Date(0)] }));
    expect(token.mode === 'signed' && token.payload).toStrictEqual(one);
    expect(() => sealer.encode(() => 1)).toThrow('$: a function');
  });

  it('passes on what a getter throws, as it is', () => {
    const thrown = new Error('mine');
    const value = {
      get broken(): never {
        throw thrown;
      },
    };
    expect(() => sealerOf('sealed').seal(value)).toThrow(thrown);
  });
});
