/** The halves of `open`, for tools that explain a token: `authenticate`, `decode`, and `keyIdOf`. */
import { createSealer, keyIdOf } from '@sealring/codec';
import { describe, expect, it } from 'vitest';
import { codeOf, everything, fromHex, type Mode, modes, now, sealerOf, secret } from './support.ts';

const text = 'sealring_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8K-IS'; // FORMAT.md §8

describe.each(modes)('authenticate(), %s', (mode: Mode) => {
  const sealer = sealerOf(mode);
  const token = sealer.seal({ team: 7 }, { now });

  it('returns the payload, the time and the key of a good token', () => {
    const { keyId } = sealer.open(token, { now });
    expect(sealer.authenticate(token)).toEqual({
      payload: fromHex('a1647465616d07'),
      issuedAt: now,
      keyId,
      stale: false,
    });
  });

  it('asks neither for the age nor for what the payload holds', () => {
    const old = sealer.seal(1, { now: 5 });
    expect(sealer.authenticate(old).issuedAt).toBe(5);
    expect(codeOf(() => sealer.open(old, { maxAge: 60 }))).toBe('ERR_SEAL_EXPIRED');
    const deep = sealerOf(mode, { limits: { depth: 1 } });
    expect(codeOf(() => deep.open(sealer.seal([[1]], { now }), { now }))).toBe('ERR_SEAL_PAYLOAD');
    expect(deep.authenticate(sealer.seal([[1]], { now })).payload).toEqual(fromHex('818101'));
  });

  it('returns a buffer that nothing else is in', () => {
    const { payload } = sealer.authenticate(token);
    expect(payload.buffer.byteLength).toBe(payload.length);
    payload.fill(0);
    expect(sealer.authenticate(token).payload).toEqual(fromHex('a1647465616d07'));
  });

  it('tells an older key', () => {
    const encrypt = mode === 'sealed';
    const keys = [2, 1].map((n) => ({ secret: secret(n), encrypt }));
    expect(createSealer({ keys, purpose: 'test' }).authenticate(token).stale).toBe(true);
  });

  it('takes context and secret', () => {
    const options = { context: 'user:42', secret: secret(9) };
    const bound = sealer.seal(1, { now, ...options });
    expect(sealer.authenticate(bound, options).payload).toEqual(fromHex('01'));
    expect(codeOf(() => sealer.authenticate(bound, { context: 'user:42' }))).toBe('ERR_SEAL_TAMPERED');
    expect(codeOf(() => sealer.authenticate(bound, { secret: secret(9) }))).toBe('ERR_SEAL_TAMPERED');
  });

  it.each([
    ['ERR_SEAL_MALFORMED', '!'],
    ['ERR_SEAL_MALFORMED', token.slice(0, 28)],
    ['ERR_SEAL_VERSION', `A${token.slice(1)}`],
    ['ERR_SEAL_KEY_UNKNOWN', `${token.slice(0, 3)}AAA${token.slice(6)}`],
    ['ERR_SEAL_TAMPERED', `${token.slice(0, 12)}AAAA${token.slice(16)}`],
  ])('throws %s on %s', (code, given) => {
    expect(codeOf(() => sealer.authenticate(given))).toBe(code);
    expect(codeOf(() => sealer.open(given, { now }))).toBe(code);
  });

  it.each(['now', 'maxAge'])('throws a TypeError on the option %s, which it would not obey', (name) => {
    expect(() => Reflect.apply(sealer.authenticate, sealer, [token, { [name]: 5 }])).toThrow(TypeError);
  });
});

describe('decode()', () => {
  const sealer = sealerOf('sealed', { limits: { bytes: 1 << 20, items: 100_000, bignumBytes: 4096 } });

  it.each(Object.entries(everything))('is the inverse of encode(), for %s', (_, value) => {
    expect(sealer.decode(sealer.encode(value))).toStrictEqual(value);
  });

  it('throws the codes that open() ends with, and tells the offset', () => {
    expect(() => sealer.decode(fromHex('8201f818'))).toThrow(
      expect.objectContaining({ code: 'ERR_SEAL_PAYLOAD', offset: 2 }),
    );
    expect(codeOf(() => sealer.decode(fromHex('d81b8264557365722a')))).toBe('ERR_SEAL_TYPE_UNKNOWN');
  });

  it('leaves the payload as it was, and shares no bytes with it', () => {
    const payload = sealer.encode(Uint8Array.of(1, 2, 3));
    const value = sealer.decode(payload);
    expect(Reflect.ownKeys(payload)).toEqual(Object.keys([...payload]));
    payload.fill(0);
    expect(value).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('throws a TypeError on anything but bytes', () => {
    expect(() => Reflect.apply(sealer.decode, sealer, ['00'])).toThrow(
      '"payload" expected bytes, got a string of 2 characters',
    );
  });
});

describe('keyIdOf()', () => {
  it('is the id of FORMAT.md §8, for the text and for its bytes', () => {
    expect(keyIdOf(text)).toBe('dbc0e2');
    expect(keyIdOf(Uint8Array.from({ length: 32 }, (_, at) => at))).toBe('dbc0e2');
  });

  it.each(modes)('is what tokens name, %s', (mode) => {
    const sealer = sealerOf(mode);
    expect(sealer.open(sealer.seal(1)).keyId).toBe(keyIdOf(secret(1)));
  });

  it('leaves the secret as it was', () => {
    const bytes = secret(1);
    keyIdOf(bytes);
    expect(bytes).toEqual(secret(1));
  });

  it('throws on what is no secret', () => {
    expect(() => keyIdOf(text.slice(0, -1))).toThrow(TypeError);
    expect(() => keyIdOf(new Uint8Array(31))).toThrow(RangeError);
  });
});
