/** The worked examples of FORMAT.md are what the codec makes and what Python makes, so that the document cannot drift from either. */
import { hkdfSync } from 'node:crypto';
import { createSealer, parseToken, typeRegistry } from '@sealring/codec';
import { describe, expect, it, vi } from 'vitest';
import { codeOf, fromHex, toHex } from '../codec/support.ts';
import {
  cell,
  issuedAt,
  key,
  payloads,
  purpose,
  random,
  secret,
  sessions,
  spellings,
  temporal,
  tokens,
} from './examples.ts';
import { ask, skipped } from './python.ts';
import { sessionVectors } from './session-vectors.ts';

class Person {
  firstName: string;
  lastName: unknown;
  constructor(firstName: string, lastName?: string) {
    this.firstName = firstName;
    this.lastName = lastName;
  }
}

const sealerOf = (encrypt: boolean) => createSealer({ keys: [{ secret: key, encrypt }], purpose });
const types = typeRegistry().register('Person', Person, { fields: ['firstName', 'lastName'] });
const plain = createSealer({ keys: [key], purpose, types });
const named = createSealer({ keys: [key], purpose, dictionary: ['userId', 'email'] });

describe('FORMAT.md', () => {
  it.skipIf(skipped)('shows every row as Python makes it', async () => {
    const { rows } = await ask({ do: 'examples' });
    const shown = [...tokens, ...payloads, ...temporal, ...spellings, ...sessions];
    expect(shown.map(([name, value]) => [name.replace(/`, .*/, '`'), value])).toStrictEqual(
      rows?.map(([name, value]) => [name?.replace(/`, .*/, '`'), value]),
    );
  });

  it('shows the key in its text form, and what HKDF derives from it', () => {
    const text = cell(tokens, 'its text form');
    const token = createSealer({ keys: [text], purpose }).seal({ team: 7 });
    expect(plain.open(token).value).toStrictEqual({ team: 7 });
    const derived = (info: Uint8Array | string, length = 32) =>
      Buffer.from(hkdfSync('sha256', key, 'sealring/v1', info, length)).toString('hex');
    expect(cell(tokens, 'key id')).toBe(derived('kid', 3));
    expect(cell(tokens, 'subkey, sealed')).toBe(derived(`\x11${purpose}`));
    expect(cell(tokens, 'subkey, signed')).toBe(derived(`\x49${purpose}`));
  });

  it('shows the six tokens as the codec makes them', () => {
    const bindings = [{}, { context: 'user:42' }, { secret }];
    const made = bindings.flatMap((binding) =>
      [true, false].map((encrypt) => sealerOf(encrypt).seal({ team: 7 }, { now: issuedAt, random, ...binding })),
    );
    const shown = tokens.filter(([name]) => name.startsWith('token, '));
    expect(shown).toStrictEqual(made.map((token) => [`token, ${token.length} characters`, token]));
    const parts = made.slice(0, 4).flatMap((text) => {
      const token = parseToken(text);
      return token.mode === 'sealed'
        ? [token.ciphertext, token.tag, Buffer.from(text, 'base64url')]
        : [token.mac, Buffer.from(text, 'base64url')];
    });
    const names = ['ciphertext', 'tag', 'mac', 'bytes'];
    const rows = tokens.filter(([name]) => names.includes(name));
    expect(rows.map(([, value]) => value)).toStrictEqual(parts.map(toHex));
  });

  const values: [name: string, value: unknown][] = [
    ['-0', -0],
    ['1.5', 1.5],
    ['4294967295', 4_294_967_295],
    ['4294967296', 4_294_967_296],
    ['-4294967296', -4_294_967_296],
    ['Number.MAX_SAFE_INTEGER', Number.MAX_SAFE_INTEGER],
    ['2 ** 53', 2 ** 53],
    ['NaN', Number.NaN],
    ['0n', 0n],
    ['1n', 1n],
    ['-1n', -1n],
    ['2n ** 64n', 2n ** 64n],
    ['-(2n ** 64n)', -(2n ** 64n)],
    ['undefined', undefined],
    ['new Date(1764000000000)', new Date(1_764_000_000_000)],
    ['new Date(1764000000123)', new Date(1_764_000_000_123)],
    ['new Date(4294967296000)', new Date(4_294_967_296_000)],
    [
      'new Map([["a", 1], [2, "b"]])',
      new Map<unknown, unknown>([
        ['a', 1],
        [2, 'b'],
      ]),
    ],
    ['new Set(["x", 1n])', new Set(['x', 1n])],
    ['new URL("https://a.example/?q=1")', new URL('https://a.example/?q=1')],
    ['new Uint16Array([1, 258])', new Uint16Array([1, 258])],
    ['new Uint8Array([1, 2])', new Uint8Array([1, 2])],
    ['new Person("Ada", undefined)', new Person('Ada')],
    ['{ email: "a", x: 1 }', { email: 'a', x: 1 }],
  ];
  it.each(values)('shows %s as the codec writes and reads it', (name, value) => {
    const sealer = name.startsWith('{') ? named : plain;
    const payload = cell(payloads, `\`${name}\``);
    expect(toHex(sealer.encode(value))).toBe(payload);
    expect(sealer.decode(fromHex(payload))).toStrictEqual(value);
  });

  const read: [payload: string, value: unknown][] = [
    ['f93c00', 1],
    ['fb3ff0000000000000', 1],
    ['f93e00', 1.5],
    ['fa47c35000', 100_000],
    ['f98000', -0],
    ['f97e00', Number.NaN],
    ['fbfff0000000000001', Number.NaN],
    ['1b0020000000000000', 2n ** 53n],
    ['3bffffffffffffffff', -(2n ** 64n)],
    ['c1f93c00', new Date(1000)],
    ['c1fb41da49204007e6b7', new Date(1_764_000_000_123)],
    ['d9010281f98000', new Set([0])],
  ];
  it.each(read)('shows how the codec reads %s and writes it again', (payload, value) => {
    expect(plain.decode(fromHex(payload))).toStrictEqual(value);
    expect(toHex(plain.encode(value))).toBe(cell(spellings, `\`${payload}\``));
  });

  it.each(temporal)('shows %s, which the codec refuses where nobody has asked for it', (_, payload) => {
    expect(codeOf(() => plain.decode(fromHex(payload)))).toBe('ERR_SEAL_PAYLOAD');
  });

  it('shows no value that this test does not know', () => {
    expect(payloads).toHaveLength(values.length);
    expect(spellings).toHaveLength(read.length);
  });

  it('shows the sessions as the stores make them', async () => {
    const drawn = vi.spyOn(crypto, 'getRandomValues');
    // The codec combines a clock with what it draws, and draws anew in each second.
    vi.spyOn(performance, 'now').mockReturnValue(0);
    vi.spyOn(Date, 'now').mockReturnValue(1_767_225_600_000);
    const made = await sessionVectors((fill) => void drawn.mockImplementation((array) => fixed(array, fill)));
    vi.restoreAllMocks();
    expect(sessions).toStrictEqual([...made]);
  });
});

function fixed<T extends ArrayBufferView | null>(array: T, fill: (bytes: Uint8Array) => void): T {
  if (array instanceof Uint8Array) fill(array);
  return array;
}
