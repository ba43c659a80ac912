/** Keys: their text form, what is refused at construction, rotation, colliding ids, and what a token is bound to. */
import { createSealer, generateKey, type KeyInput } from '@sealring/codec';
import { describe, expect, it } from 'vitest';
import { createKeyRing } from '../../packages/codec/src/crypto/keys.ts';
import { formatSecret, readSecret } from '../../packages/codec/src/crypto/secret.ts';
import { codeOf, modes, now, sealerOf, secret } from './support.ts';

const text = formatSecret(secret(1));

describe('generateKey()', () => {
  it('makes 56 characters that a scanner can find and createSealer() takes', () => {
    const key = generateKey();
    expect(key).toMatch(/^sealring_[A-Za-z0-9_-]{47}$/);
    expect(generateKey()).not.toBe(key);
    expect(createSealer({ keys: [key], purpose: 'test' }).seal(1)).toMatch(/^E/);
  });

  it('stands for the same key as its 32 bytes', () => {
    const token = createSealer({ keys: [text], purpose: 'test' }).seal('x');
    expect(sealerOf('sealed').open(token).value).toBe('x');
  });

  it('is refused with any one character changed, missing or doubled', () => {
    for (let at = 0; at < text.length; at++) {
      const other = text[at] === 'A' ? 'B' : 'A';
      for (const changed of [
        text.slice(0, at) + other + text.slice(at + 1),
        text.slice(0, at) + text.slice(at + 1),
        text.slice(0, at) + text.slice(at - 1),
      ]) {
        if (changed !== text) expect(() => readSecret(changed, 'keys[0]')).toThrow(TypeError);
      }
    }
  });
});

describe('createSealer()', () => {
  const keys = [secret(1)];
  const wrong: [name: string, options: unknown, error: ErrorConstructor, message: RegExp][] = [
    ['no options', undefined, TypeError, /createSealer\(\) expected an object with options, got undefined/],
    ['no keys', { purpose: 'p' }, TypeError, /"keys" expected an array of keys, got undefined/],
    ['an empty ring', { keys: [], purpose: 'p' }, TypeError, /"keys" expected at least one key, got none/],
    [
      '31 bytes',
      { keys: [secret(1).slice(1)], purpose: 'p' },
      RangeError,
      /"keys\[0\]" expected 32 to 1024 bytes, got 31/,
    ],
    ['1025 bytes', { keys: [new Uint8Array(1025)], purpose: 'p' }, RangeError, /got 1025/],
    [
      '31 bytes as second',
      { keys: [secret(1), { secret: new Uint8Array(31) }], purpose: 'p' },
      RangeError,
      /"keys\[1\]\.secret" expected 32/,
    ],
    [
      'a password',
      { keys: ['correct horse battery staple, and more of it'], purpose: 'p' },
      TypeError,
      /"keys\[0\]" expected a key made by generateKey/,
    ],
    [
      'an undefined key, as of an environment variable that is not set',
      { keys: [undefined], purpose: 'p' },
      TypeError,
      /^"keys\[0\]" expected a key made by generateKey\(\) or a Uint8Array, got undefined$/,
    ],
    [
      'null as a second key',
      { keys: [secret(1), null], purpose: 'p' },
      TypeError,
      /"keys\[1\]" expected a key .* null$/,
    ],
    ['a number as a key', { keys: [40_711], purpose: 'p' }, TypeError, /"keys\[0\]" expected a key .* a number$/],
    [
      'a function as a key',
      { keys: [() => text], purpose: 'p' },
      TypeError,
      /"keys\[0\]" expected a key .* a function$/,
    ],
    ['an empty text as a key', { keys: [''], purpose: 'p' }, TypeError, /"keys\[0\]" expected a key .* 0 characters$/],
    [
      'an object without a key',
      { keys: [{ encrypt: false }], purpose: 'p' },
      TypeError,
      /"keys\[0\]\.secret" expected a key made by generateKey\(\) or a Uint8Array, got undefined/,
    ],
    [
      'equal bytes',
      { keys: [new Uint8Array(32).fill(7)], purpose: 'p' },
      RangeError,
      /expected random bytes, got 32 with only 1 different/,
    ],
    [
      '7 different bytes',
      { keys: [Uint8Array.from({ length: 32 }, (_, at) => at % 7)], purpose: 'p' },
      RangeError,
      /only 7 different/,
    ],
    [
      'one key twice',
      { keys: [secret(1), secret(2), secret(1)], purpose: 'p' },
      TypeError,
      /"keys\[2\]" is the same key as "keys\[0\]"/,
    ],
    [
      'one key as bytes and text',
      { keys: [secret(1), text], purpose: 'p' },
      TypeError,
      /"keys\[1\]" is the same key as "keys\[0\]"/,
    ],
    [
      'a wrong encrypt',
      { keys: [{ secret: secret(1), encrypt: 'no' }], purpose: 'p' },
      TypeError,
      /"keys\[0\]\.encrypt" expected true or false/,
    ],
    [
      'an unknown key option',
      { keys: [{ secret: secret(1), encrypted: false }], purpose: 'p' },
      TypeError,
      /"keys\[0\]" has no option "encrypted"/,
    ],
    ['no purpose', { keys }, TypeError, /"purpose" expected a string of at least one character, got undefined/],
    ['an empty purpose', { keys, purpose: '' }, TypeError, /"purpose" expected .* got an empty one/],
    ['a lone surrogate as purpose', { keys, purpose: '\ud800' }, TypeError, /"purpose" expected .* lone surrogate/],
    ['an unknown option', { keys, purpose: 'p', maxAge: 1 }, TypeError, /createSealer\(\) has no option "maxAge"/],
    ['an unknown limit', { keys, purpose: 'p', limits: { size: 1 } }, TypeError, /"limits" has no option "size"/],
    [
      'a limit of text',
      { keys, purpose: 'p', limits: { bytes: '1' } },
      RangeError,
      /"limits.bytes" expected an integer from 1 to/,
    ],
    [
      'a fractional limit',
      { keys, purpose: 'p', limits: { depth: 1.5 } },
      RangeError,
      /"limits.depth" expected .* got 1.5/,
    ],
    [
      'too high a limit',
      { keys, purpose: 'p', limits: { depth: 513 } },
      RangeError,
      /"limits.depth" expected an integer from 1 to 512, got 513/,
    ],
    ['types that are no registry', { keys, purpose: 'p', types: {} }, TypeError, /"types" expected a typeRegistry\(\)/],
    [
      'a dictionary that is no list',
      { keys, purpose: 'p', dictionary: 'id' },
      TypeError,
      /"dictionary" expected an array/,
    ],
    [
      'a name twice',
      { keys, purpose: 'p', dictionary: ['a', 'b', 'a'] },
      TypeError,
      /"dictionary\[2\]" is the same name as "dictionary\[0\]"/,
    ],
    ['an empty name', { keys, purpose: 'p', dictionary: [''] }, TypeError, /"dictionary\[0\]" expected/],
    ['__proto__ as a name', { keys, purpose: 'p', dictionary: ['__proto__'] }, TypeError, /must not be __proto__/],
  ];
  it.each(wrong)('refuses %s', (_, options, error, message) => {
    const construct = () => Reflect.apply(createSealer, undefined, [options]);
    expect(construct).toThrow(error);
    expect(construct).toThrow(message);
  });

  it('takes 32 bytes, and copies them', () => {
    const bytes = secret(3);
    const sealer = createSealer({ keys: [bytes], purpose: 'test' });
    bytes.fill(0);
    expect(createSealer({ keys: [secret(3)], purpose: 'test' }).open(sealer.seal(1)).value).toBe(1);
  });

  it('takes one secret for both modes', () => {
    const both = createSealer({ keys: [secret(1), { secret: secret(1), encrypt: false }], purpose: 'test' });
    expect(both.open(sealerOf('signed').seal(1))).toMatchObject({ value: 1, stale: true });
    expect(both.open(sealerOf('sealed').seal(2))).toMatchObject({ value: 2, stale: false });
  });

  it('tells no secret, not even in part', () => {
    for (const [, options] of wrong) {
      try {
        Reflect.apply(createSealer, undefined, [options]);
      } catch (error) {
        expect(String(error)).not.toMatch(/correct horse|sealring_[A-Za-z]|40711/);
      }
    }
  });
});

describe('open()', () => {
  it('finds each key of a ring, and calls all but the first stale', () => {
    const inputs: KeyInput[] = Array.from({ length: 10 }, (_, at) => ({ secret: secret(at), encrypt: at % 2 === 0 }));
    const ring = createSealer({ keys: inputs, purpose: 'test' });
    const ids = inputs.map((input, at) => {
      const token = createSealer({ keys: [input], purpose: 'test' }).seal(at);
      const { value, stale, keyId } = ring.open(token);
      expect({ value, stale }).toStrictEqual({ value: at, stale: at > 0 });
      return keyId;
    });
    expect(new Set(ids).size).toBe(10);
    expect(ids[0]).toMatch(/^[0-9a-f]{6}$/);
  });

  it('refuses a key that is not in the ring, or there for the other mode', () => {
    expect(codeOf(() => sealerOf('sealed').open(createSealer({ keys: [secret(9)], purpose: 'test' }).seal(1)))).toBe(
      'ERR_SEAL_KEY_UNKNOWN',
    );
    expect(codeOf(() => sealerOf('sealed').open(sealerOf('signed').seal(1)))).toBe('ERR_SEAL_KEY_UNKNOWN');
    expect(codeOf(() => sealerOf('signed').open(sealerOf('sealed').seal(1)))).toBe('ERR_SEAL_KEY_UNKNOWN');
  });

  it.each(modes)('tries both of two keys that share an id, %s', (mode) => {
    // Found by a search: secrets whose key ids are equal, of the form "collision <n>" as 32 bytes.
    const [one, other] = [collision(604), collision(3867)];
    const idOf = (bytes: Uint8Array) => createKeyRing([bytes], 'test').current.id;
    expect(idOf(one)).toBe(idOf(other));
    const encrypt = mode === 'sealed';
    const ring = createSealer({
      keys: [
        { secret: one, encrypt },
        { secret: other, encrypt },
      ],
      purpose: 'test',
    });
    expect(ring.open(ring.seal(1))).toMatchObject({ value: 1, stale: false });
    const older = createSealer({ keys: [{ secret: other, encrypt }], purpose: 'test' });
    expect(ring.open(older.seal(2))).toMatchObject({ value: 2, stale: true });
    const third = createSealer({ keys: [{ secret: one, encrypt }], purpose: 'other' });
    expect(codeOf(() => ring.open(third.seal(3)))).toBe('ERR_SEAL_TAMPERED');
  });

  it('opens only under the exact mode, key, purpose and context', () => {
    const purposes = ['cookie:a', 'cookie:b', 'cookie:', 'record:a', 'cookie:a\u0000'];
    const contexts = [undefined, 'user:1', 'user:2', 'user:', new Uint8Array([0]), new Uint8Array([0, 0])];
    const cases = modes.flatMap((mode) =>
      [1, 2].flatMap((key) =>
        purposes.flatMap((purpose) => contexts.map((context) => ({ mode, key, purpose, context }))),
      ),
    );
    const made = cases.map(({ mode, key, purpose, context }) => {
      const sealer = createSealer({ keys: [{ secret: secret(key), encrypt: mode === 'sealed' }], purpose });
      return { sealer, context, token: sealer.seal('value', context === undefined ? {} : { context }) };
    });
    made.forEach(({ sealer, context }, at) => {
      made.forEach(({ token }, from) => {
        const result = sealer.safeOpen(token, context === undefined ? {} : { context });
        if (result.ok !== (at === from))
          throw new Error(`${JSON.stringify(cases[from])} at ${JSON.stringify(cases[at])}`);
      });
    });
  });

  it.each(modes)('opens only with the second secret, %s', (mode) => {
    const sealer = sealerOf(mode);
    const [one, other] = [secret(7), secret(8)];
    const token = sealer.seal('value', { secret: one });
    expect(sealer.open(token, { secret: one })).toMatchObject({ value: 'value', stale: false });
    expect(codeOf(() => sealer.open(token, { secret: other }))).toBe('ERR_SEAL_TAMPERED');
    expect(codeOf(() => sealer.open(token))).toBe('ERR_SEAL_TAMPERED');
    expect(codeOf(() => sealer.open(sealer.seal('value'), { secret: one }))).toBe('ERR_SEAL_TAMPERED');
    expect(() => sealer.seal(1, { secret: one.subarray(0, 15) })).toThrow(
      '"secret" expected 16 bytes or more, got 15 bytes',
    );
  });

  it('tells a context from the end of the payload', () => {
    const sealer = sealerOf('signed');
    const token = sealer.seal('abc', { now, context: 'def' });
    expect(codeOf(() => sealer.open(token, { now }))).toBe('ERR_SEAL_TAMPERED');
    expect(codeOf(() => sealer.open(token, { now, context: 'cdef' }))).toBe('ERR_SEAL_TAMPERED');
    expect(sealer.open(token, { now, context: new TextEncoder().encode('def') }).value).toBe('abc');
  });
});

/** The utf8 of `collision <n>`, padded with the numbers from 1 to 32 bytes. */
function collision(n: number): Uint8Array {
  const label = new TextEncoder().encode(`collision ${n}`);
  return Uint8Array.from({ length: 32 }, (_, at) => label[at] ?? at);
}
