/** The worked examples of FORMAT.md are what the codec makes, so that the document cannot drift from it. */
import { readFileSync } from 'node:fs';
import { createSealer, parseToken, typeRegistry } from '@sealring/codec';
import { describe, expect, it, vi } from 'vitest';
import { decode, encode } from '../../packages/codec/src/cbor.ts';
import { createKeyRing } from '../../packages/codec/src/keys.ts';
import { formatSecret } from '../../packages/codec/src/secret.ts';
import { fromHex, profileOf, toHex } from '../codec/support.ts';
import { sessionVectors } from './session-vectors.ts';

const text = readFileSync(new URL('../../packages/codec/FORMAT.md', import.meta.url), 'utf8');
const sessions = text.indexOf('\n## 9. Sessions');
const examples = text.slice(text.indexOf('## 8. Worked examples'), sessions);
const rows = rowsOf(examples);
const only = (name: string) => rows.find((row) => row.name.startsWith(name))?.value;
const bytes = Uint8Array.from({ length: 32 }, (_, at) => at);
const nonce = Uint8Array.from({ length: 24 }, (_, at) => 0x40 + at);
const purpose = 'magic-link';

/** The name and the value of each row of a table. */
function rowsOf(section: string): { name: string; value: string }[] {
  return [...section.matchAll(/^\| (.+?) \| `(\S+)`/gm)].map(([, name = '', value = '']) => ({ name, value }));
}

class Person {
  firstName: string;
  lastName: unknown;
  constructor(firstName: string, lastName?: string) {
    this.firstName = firstName;
    this.lastName = lastName;
  }
}

describe('FORMAT.md', () => {
  it('shows the key as the codec derives it', () => {
    expect(only('secret')).toBe(toHex(bytes));
    expect(only('its text form')).toBe(formatSecret(bytes));
    const sealed = createKeyRing([bytes], purpose).current;
    const signed = createKeyRing([{ secret: bytes, encrypt: false }], purpose).current;
    expect(only('key id')).toBe(sealed.id);
    expect(only('subkey, sealed')).toBe(toHex(sealed.subkey));
    expect(only('subkey, signed')).toBe(toHex(signed.subkey));
  });

  it('shows the four tokens as the codec makes them', () => {
    const tokens = rows.filter(({ name }) => name.startsWith('token, '));
    const made = ['', 'user:42'].flatMap((context) =>
      [true, false].map((encrypt) => {
        const sealer = createSealer({ keys: [{ secret: bytes, encrypt }], purpose });
        return sealer.seal({ team: 7 }, { now: 1_767_225_600, nonce, context });
      }),
    );
    expect(tokens.map(({ value }) => value)).toStrictEqual(made);
    expect(tokens.map(({ name }) => name)).toStrictEqual(made.map(({ length }) => `token, ${length} characters`));
    const headers = rows.filter(({ name }) => name === 'header').map(({ value }) => value.replace('`:', ''));
    expect(headers).toStrictEqual(made.map((token) => toHex(parseToken(token).header)));
  });

  const values: [name: string, value: unknown][] = [
    ['-0', -0],
    ['1.5', 1.5],
    ['4294967295', 4_294_967_295],
    ['4294967296', 4_294_967_296],
    ['-4294967296', -4_294_967_296],
    ['NaN', Number.NaN],
    ['1n', 1n],
    ['-1n', -1n],
    ['-(2n ** 64n)', -(2n ** 64n)],
    ['2n ** 64n', 2n ** 64n],
    ['undefined', undefined],
    ['new Date(1764000000000)', new Date(1_764_000_000_000)],
    ['new Date(1764000000123)', new Date(1_764_000_000_123)],
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
    const types = typeRegistry().register('Person', Person, { fields: ['firstName', 'lastName'] });
    const profile = profileOf({ types, ...(name.startsWith('{') && { dictionary: ['userId', 'email'] }) });
    const payload = rows.find((row) => row.name.startsWith(`\`${name}\``))?.value ?? 'not in FORMAT.md';
    expect(toHex(encode(value, profile))).toBe(payload);
    expect(decode(fromHex(payload), profile)).toStrictEqual(value);
  });

  it('shows no row that this test does not know', () => {
    const table = examples.slice(examples.indexOf('### Values and their payloads'));
    expect([...table.matchAll(/^\| `/gm)]).toHaveLength(values.length);
  });

  it('shows the sessions as the stores make them', async () => {
    const worked = text.slice(text.indexOf('### Sessions, worked', sessions));
    const random = vi.spyOn(crypto, 'getRandomValues');
    const made = await sessionVectors((fill) => void random.mockImplementation((array) => fixed(array, fill)));
    random.mockRestore();
    expect(rowsOf(worked)).toStrictEqual(Array.from(made, ([name, value]) => ({ name, value })));
  });
});

function fixed<T extends ArrayBufferView | null>(array: T, fill: (bytes: Uint8Array) => void): T {
  if (array instanceof Uint8Array) fill(array);
  return array;
}
