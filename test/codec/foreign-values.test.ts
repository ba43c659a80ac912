/** Values, keys and options that were made in another realm: a vm context in Node.js, an iframe in a browser. They are told by brand, so they seal as our own do. */
import { createSealer, typeRegistry } from '@sealring/codec';
import { describe, expect, it } from 'vitest';
import { codeOf, encode, everything, modes, now, profileOf, random, sealerOf, secret, toHex } from './support.ts';

const evaluate = await createRealm();

/** Runs code where all built-in classes are others than here. */
async function createRealm(): Promise<(code: string) => unknown> {
  if (typeof document === 'undefined') {
    const { createContext, runInContext } = await import('node:vm');
    const context = createContext({});
    return (code) => runInContext(`(${code})`, context);
  }
  const frame = document.createElement('iframe');
  document.body.append(frame);
  const inside: unknown = frame.contentWindow;
  return (code) => Reflect.get(Object(inside), 'eval')(`(${code})`);
}

const samples: readonly (readonly [code: string, own: unknown])[] = [
  ['{ a: [1, { b: [] }], c: null }', { a: [1, { b: [] }], c: null }],
  ['[1, "x", [2]]', [1, 'x', [2]]],
  ['new Date(1764000000123)', new Date(1_764_000_000_123)],
  [
    'new Map([[1, new Set(["a"])], ["b", new Map()]])',
    new Map<unknown, unknown>([
      [1, new Set(['a'])],
      ['b', new Map()],
    ]),
  ],
  ['new Uint8Array([1, 2, 3])', new Uint8Array([1, 2, 3])],
  ['new Uint8Array([9, 1, 2, 9]).subarray(1, 3)', new Uint8Array([1, 2])],
  ['new Float64Array([0.5, -0])', new Float64Array([0.5, -0])],
  ['new BigInt64Array([-1n])', new BigInt64Array([-1n])],
  ['Object.create(null, { a: { value: 1, enumerable: true } })', { a: 1 }],
];

describe.each(modes)('values of another realm, %s', (mode) => {
  const sealer = sealerOf(mode);

  it.each(samples)('%s seals as one of this realm does', (code, own) => {
    const token = sealer.seal(evaluate(code), { now, random });
    expect(token).toBe(sealer.seal(own, { now, random }));
    expect(sealer.open(token, { now }).value).toStrictEqual(own);
  });

  it('are keys, contexts, second secrets and payloads', () => {
    const bytes = (values: Uint8Array) => {
      const foreign = evaluate(`new Uint8Array([${values.join()}])`);
      if (!ArrayBuffer.isView(foreign)) throw new Error('expected bytes');
      expect(foreign instanceof Uint8Array).toBe(false);
      return foreign;
    };
    const encrypt = mode === 'sealed';
    const keys = [{ secret: bytes(secret(1)), encrypt }];
    const foreign: ReturnType<typeof sealerOf> = Reflect.apply(createSealer, undefined, [{ keys, purpose: 'test' }]);
    const own = { now, random, context: new TextEncoder().encode('a'), secret: secret(3) };
    const options = { now, random: bytes(random), context: bytes(own.context), secret: bytes(own.secret) };
    const token = Reflect.apply(foreign.seal, foreign, [{ a: 1 }, options]);
    expect(token).toBe(sealer.seal({ a: 1 }, own));
    expect(Reflect.apply(foreign.decode, foreign, [bytes(sealer.encode([7]))])).toStrictEqual([7]);
    if (encrypt)
      expect(Reflect.apply(createSealer, undefined, [{ keys: [bytes(secret(1))], purpose: 'test' }])).toBeDefined();
  });

  it('are still of their own class, when that is no built-in one', () => {
    for (const code of [
      'new (class Money {})()',
      'new (class Later extends Date {})()',
      'new (class Bag extends Map {})()',
    ]) {
      expect(codeOf(() => sealer.seal(evaluate(code)))).toBe('ERR_SEAL_TYPE_UNKNOWN');
    }
  });
});

describe('what structuredClone() gives', () => {
  it.each(Object.entries(everything).filter(([name]) => name !== 'url'))(
    'seals as the original does: %s',
    (_, value) => {
      const profile = profileOf({ limits: { bytes: 1_000_000 } });
      expect(toHex(encode(structuredClone(value), profile))).toBe(toHex(encode(value, profile)));
    },
  );
});

describe('objects as frameworks make them', () => {
  function Query(this: Record<string, unknown>) {
    this['page'] = '2';
  }
  Query.prototype = Object.create(null);

  it.each([
    ['by a constructor whose prototype is empty', Reflect.construct(Query, [])],
    ['without prototype', Object.assign(Object.create(null), { page: '2' })],
    ['by JSON.parse', JSON.parse('{"page":"2"}')],
    ['by a spread', { ...new URLSearchParams(), page: '2' }],
  ])('are plain: made %s', (_, query) => {
    expect(sealerOf('sealed').open(sealerOf('sealed').seal({ query }, { now }), { now }).value).toStrictEqual({
      query: { page: '2' },
    });
  });

  it('are not, when their prototype holds something', () => {
    const prototype = Object.assign(Object.create(null), { total: () => 1 });
    expect(codeOf(() => sealerOf('sealed').seal(Object.create(prototype)))).toBe('ERR_SEAL_TYPE_UNKNOWN');
    expect(codeOf(() => sealerOf('sealed').seal(typeRegistry()))).toBe('ERR_SEAL_TYPE_UNKNOWN');
  });
});
