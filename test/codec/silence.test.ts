/** Nothing changes in silence: what would not come back as it was is rejected with its path, where it is registered, sealed or opened, whichever is first. */
import { errorType, regExpType, typeRegistry } from '@sealring/codec';
import { describe, expect, it } from 'vitest';
import { codeOf, modes, sealerOf } from './support.ts';

/** What an array, an object … loses if it is written by its indexes and its enumerable names. */
const lossy: readonly (readonly [what: string, value: () => unknown, message: RegExp])[] = [
  ['a hole', () => Array(1), /holes or extra properties/],
  // biome-ignore lint/suspicious/noSparseArray: that is the case
  ['a hole and a property that cancel out', () => Object.assign([1, , 3], { note: 'x' }), /holes or extra properties/],
  ['a property of an array', () => Object.assign([1], { note: 'x' }), /holes or extra properties/],
  ['a symbol of an array', () => Object.assign([1], { [Symbol('a')]: 2 }), /holes or extra properties/],
  ['a match of a regular expression', () => 'ab'.match(/b/), /holes or extra properties/],
  [
    'the raw strings of a template',
    () => ((strings: TemplateStringsArray, ..._: unknown[]) => strings)`a${1}b`,
    /holes or extra properties/,
  ],
  ['a hidden property', () => Object.defineProperty({ a: 1 }, 'hidden', { value: 2 }), /not enumerable/],
  ['a symbol', () => ({ [Symbol('a')]: 1 }), /symbol/],
  ['a hidden symbol', () => Object.defineProperty({}, Symbol('a'), { value: 2 }), /symbol/],
  [
    'the arguments of a function',
    () =>
      (function () {
        // biome-ignore lint/complexity/noArguments: that is the case
        return arguments;
      })(),
    /not enumerable/,
  ],
  ['a namespace', () => Math, /not enumerable|symbol/],
  ['a property of a Date', () => Object.assign(new Date(0), { zone: 'x' }), /Date with extra properties/],
  [
    'a hidden property of a Map',
    () => Object.defineProperty(new Map(), 'x', { value: 1 }),
    /Map with extra properties/,
  ],
  ['a symbol of a Set', () => Object.assign(new Set(), { [Symbol('a')]: 1 }), /Set with extra properties/],
  [
    'a property of a URL',
    () => Object.assign(new URL('https://a.example'), { title: 'x' }),
    /URL with extra properties/,
  ],
  [
    'a property of a typed array',
    () => Object.assign(new Float64Array(1), { unit: 'kg' }),
    /Float64Array with extra properties/,
  ],
  [
    'a symbol of bytes',
    () => Object.assign(new Uint8Array(1), { [Symbol('a')]: 1 }),
    /Uint8Array with extra properties/,
  ],
  [
    'another length of bytes',
    () => Object.defineProperty(new Uint8Array(1), 'byteLength', { value: 4000 }),
    /Uint8Array with/,
  ],
  [
    'another length of a typed array',
    () => Object.defineProperty(new Int16Array(2), 'length', { value: 9 }),
    /Int16Array with/,
  ],
  ['memory that is gone', () => detached(), /Uint8Array with detached memory/],
  ['a boxed number', () => Object(1), /class Number/],
  ['a boxed string', () => Object('a'), /class String/],
  ['an object that pretends to be a Map', () => Object.create(Map.prototype), /only looks like a Map/],
  ['an object that pretends to be a Date', () => Object.create(Date.prototype), /only looks like a Date/],
  ['a Date with the prototype of an object', () => Object.setPrototypeOf(new Date(), {}), /class Object/],
  ['a subclass of Uint8Array', () => new (class Key extends Uint8Array {})(2), /class Key/],
  ['a subclass of Array', () => new (class List extends Array {})(), /class List/],
  ['an array without prototype', () => Object.setPrototypeOf([1], null), /without prototype/],
  ['a function', () => () => 1, /a function/],
  ['a promise', () => Promise.resolve(1), /class Promise/],
  ['an ArrayBuffer', () => new ArrayBuffer(1), /class ArrayBuffer/],
];

function detached(): Uint8Array {
  const bytes = new Uint8Array(8);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

describe.each(modes)('seal(), %s', (mode) => {
  const sealer = sealerOf(mode);

  it.each(lossy)('rejects %s, with its path', (_, make, message) => {
    const value = make();
    for (const [wrapped, path] of [
      [value, /^\$:/],
      [{ cart: [value] }, /^\$\.cart\[0\]:/],
      [new Map([['a', value]]), /^\$\.value\(0\):/],
    ] as const) {
      expect(() => sealer.seal(wrapped)).toThrow(expect.objectContaining({ code: 'ERR_SEAL_TYPE_UNKNOWN' }));
      expect(() => sealer.seal(wrapped)).toThrow(message);
      expect(() => sealer.seal(wrapped)).toThrow(path);
    }
  });

  it('rejects most of them without verify as well', () => {
    const quick = sealerOf(mode, { verify: false });
    const slow = ['another length of bytes']; // its indexes would have to be listed; it changes nothing then
    for (const [what, make] of lossy.filter(([what]) => !slow.includes(what))) {
      if (codeOf(() => quick.seal(make())) !== 'ERR_SEAL_TYPE_UNKNOWN') throw new Error(`${what} is sealed`);
    }
    const bytes = Object.defineProperty(new Uint8Array([1]), 'byteLength', { value: 4000 });
    expect(quick.open(quick.seal(bytes)).value).toStrictEqual(new Uint8Array([1]));
    for (const type of [Object, Array, Map]) {
      const odd = Object.defineProperty(new Uint8Array([1]), 'constructor', { value: type });
      expect(quick.open(quick.seal(odd)).value).toStrictEqual(new Uint8Array([1]));
    }
  });

  it('lets an error of the application through, also from inside a Map', () => {
    const broken = {
      get a(): never {
        throw new TypeError('mine');
      },
    };
    expect(() => sealer.seal(new Map([[1, broken]]))).toThrow('mine');
  });

  it('shows no data in a message: names only where a program would write them', () => {
    const value = { users: { 'alice@example.org': { cart: [() => 1] } } };
    expect(() => sealer.seal(value)).toThrow('$.users["…"].cart[0]: a function cannot be sealed');
    expect(() => sealer.seal(new Map([['secret', () => 1]]))).toThrow('$.value(0): a function cannot be sealed');
  });
});

describe('register()', () => {
  it.each([
    ['Error', class HttpError extends Error {}],
    ['Promise', class Later extends Promise<unknown> {}],
    ['Date', class Day extends Date {}],
    ['Uint8Array', class Key extends Uint8Array {}],
    ['URL', class Link extends URL {}],
    ['RegExp', class Pattern extends RegExp {}],
    ['WeakMap', class Cache extends WeakMap {}],
  ])('rejects fields for a subclass of %s, whose state they cannot hold', (_, type) => {
    expect(() => Reflect.apply(typeRegistry().register, typeRegistry(), ['X', type, { fields: [] }])).toThrow(
      'extends a built-in class: register it with encode and decode',
    );
  });
});

describe('a pair', () => {
  class Money {
    cents = 1;
  }
  class Euro extends Money {}
  const sealerFor = (decode: () => Money, verify: boolean) =>
    sealerOf('sealed', { verify, types: typeRegistry().register('M', Money, { encode: () => 1, decode }) });

  it.each([
    ['another class', () => new Euro(), /not an instance of exactly/],
    ['a plain object', () => ({ cents: 1 }), /not an instance of exactly/],
    ['a promise', (): Money => Object(Promise.resolve(new Money())), /a promise/],
  ])('whose decode returns %s is rejected: at once if verified, otherwise when opened', (_, decode, message) => {
    expect(() => sealerFor(decode, true).seal({ price: new Money() })).toThrow(message);
    const sealer = sealerFor(decode, false);
    const token = sealer.seal({ price: new Money() });
    expect(codeOf(() => sealer.open(token))).toBe('ERR_SEAL_PAYLOAD');
    expect(() => sealer.open(token)).toThrow(message);
  });

  it('for Error or RegExp takes no subclass', () => {
    class HttpError extends Error {}
    const types = typeRegistry().register('T', TypeError, errorType).register('H', HttpError, errorType);
    expect(() => sealerOf('sealed', { types }).seal(new TypeError('x'))).toThrow('errorType is for Error only');
    expect(() => sealerOf('sealed', { types }).seal(new HttpError('x'))).toThrow('errorType is for Error only');
    class Pattern extends RegExp {}
    const patterns = typeRegistry().register('P', Pattern, Reflect.get({ regExpType }, 'regExpType'));
    expect(() => sealerOf('sealed', { types: patterns }).seal(new Pattern('x'))).toThrow(
      'regExpType is for RegExp only',
    );
  });
});

describe('what does change, as the README says', () => {
  const back = (value: unknown) => sealerOf('sealed').open(sealerOf('sealed').seal(value)).value;

  it('a Buffer is a Uint8Array afterwards', () => {
    const Buffer = Reflect.get(globalThis, 'Buffer');
    if (Buffer === undefined) return; // browsers have none
    expect(Reflect.getPrototypeOf(Object(back(Buffer.from('hi'))))).toBe(Uint8Array.prototype);
    expect(back(Buffer.from('hi'))).toStrictEqual(new TextEncoder().encode('hi'));
  });

  it('two references are two copies', () => {
    const one = { a: 1 };
    const [first, second] = Object.values(Object(back([one, one])));
    expect(first).toStrictEqual(second);
    expect(first).not.toBe(second);
  });

  it('frozen objects can be changed, getters are values, null prototypes are Object.prototype', () => {
    expect(Object.isFrozen(back(Object.freeze({ a: 1 })))).toBe(false);
    expect(
      Object.getOwnPropertyDescriptor(
        back({
          get a() {
            return 1;
          },
        }),
        'a',
      ),
    ).toMatchObject({ value: 1 });
    expect(Object.getPrototypeOf(back(Object.create(null)))).toBe(Object.prototype);
  });
});
