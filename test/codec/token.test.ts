/** Tokens: golden ones, their length, and every way to change one, in both modes. */
import { formatToken, parseToken } from '@sealring/codec';
import { describe, expect, it } from 'vitest';
import { codeOf, fromNotation, modes, now, random, sealerOf, toHex } from './support.ts';
import golden from './vectors/tokens.json' with { type: 'json' };

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const value = { userId: 'u_8f3a2c91', role: 'admin' };

describe('golden tokens', () => {
  it.each(golden.tokens)(
    'are made and opened in every engine: $mode, $name',
    ({ mode, value: written, context, token }) => {
      const sealer = sealerOf(mode === 'sealed' ? 'sealed' : 'signed');
      const expected = fromNotation(written);
      expect(sealer.seal(expected, { now, random, context })).toBe(token);
      expect(sealer.open(token, { now, context }).value).toStrictEqual(expected);
    },
  );
});

describe('parseToken()', () => {
  it('cuts a sealed token into views of one buffer', () => {
    const token = parseToken(sealerOf('sealed').seal(value, { now, random }));
    if (token.mode !== 'sealed') throw new Error('expected a sealed token');
    expect(toHex(token.keyId)).toBe(sealerOf('sealed').open(formatToken(token), { now }).keyId);
    expect(token.issuedAt).toBe(now);
    expect(token.random).toStrictEqual(random);
    expect(token.ciphertext).toHaveLength(30);
    expect(token.tag).toHaveLength(16);
    expect(new Set([token.keyId, token.random, token.ciphertext, token.tag].map(({ buffer }) => buffer)).size).toBe(1);
  });

  it('cuts a signed token, whose payload anyone can read', () => {
    const token = parseToken(sealerOf('signed').seal({ a: 1 }, { now }));
    if (token.mode !== 'signed') throw new Error('expected a signed token');
    expect(token.keyId).toHaveLength(3);
    expect(toHex(token.payload)).toBe('a1616101');
    expect(token.mac).toHaveLength(16);
  });

  it.each([
    ['nothing', '', 'ERR_SEAL_MALFORMED'],
    ['one character', 'E', 'ERR_SEAL_MALFORMED'],
    ['another version', 'IgAA', 'ERR_SEAL_VERSION'],
    ['a sealed token without payload', 'EQAA'.padEnd(54, 'A'), 'ERR_SEAL_MALFORMED'],
    ['a signed token without payload', 'SQAA'.padEnd(32, 'A'), 'ERR_SEAL_MALFORMED'],
  ])('refuses %s', (_, text, code) => {
    expect(codeOf(() => parseToken(text))).toBe(code);
  });

  it.each(modes)('is undone by formatToken(), %s', (mode) => {
    for (let length = 0; length < 50; length++) {
      const token = sealerOf(mode).seal('x'.repeat(length));
      expect(formatToken(parseToken(token))).toBe(token);
    }
    const token = parseToken(sealerOf(mode).seal(1));
    expect(() => formatToken({ ...token, keyId: new Uint8Array(4) })).toThrow('"keyId" expected 3 bytes, got 4 bytes');
  });

  it.each([undefined, null, 7, {}, ['EQ']])('refuses %s, which is no text', (text) => {
    const sealer = sealerOf('sealed');
    expect(Reflect.apply(sealer.safeOpen, sealer, [text])).toMatchObject({ ok: false, code: 'ERR_SEAL_MALFORMED' });
  });
});

describe.each(modes)('open(), %s', (mode) => {
  const sealer = sealerOf(mode);
  const token = sealer.seal(value, { now, random });
  const isRefused = (text: string) => !sealer.safeOpen(text, { now }).ok;

  it(`takes ${mode === 'sealed' ? 40 : 24} bytes more than the payload`, () => {
    const overhead = mode === 'sealed' ? 40 : 24;
    for (let length = 0; length < 200; length++) {
      const payload = length + (length < 24 ? 1 : 2);
      expect(sealer.seal('x'.repeat(length))).toHaveLength(Math.ceil(((overhead + payload) * 4) / 3));
    }
  });

  it('refuses each of the 63 other characters at every position', () => {
    for (let at = 0; at < token.length; at++) {
      for (const character of ALPHABET) {
        if (character === token[at]) continue;
        if (!isRefused(token.slice(0, at) + character + token.slice(at + 1)))
          throw new Error(`${character} at ${at} opens`);
      }
    }
  });

  it('refuses foreign characters at every position, also such as are equal modulo 128 or 256', () => {
    for (let at = 0; at < token.length; at++) {
      const code = token.charCodeAt(at);
      for (const foreign of [
        '=',
        '+',
        '/',
        '.',
        ' ',
        '\n',
        '\u0000',
        '%',
        '~',
        String.fromCharCode(code + 128),
        String.fromCharCode(code + 256),
      ]) {
        expect(codeOf(() => sealer.open(token.slice(0, at) + foreign + token.slice(at + 1), { now }))).toBe(
          'ERR_SEAL_MALFORMED',
        );
      }
    }
  });

  it('refuses every cut', () => {
    for (let length = 0; length < token.length; length++) {
      if (!isRefused(token.slice(0, length)) || !isRefused(token.slice(token.length - length)))
        throw new Error(`${length} characters open`);
    }
  });

  it('refuses every character before and after', () => {
    for (const character of `${ALPHABET}=+/. \n\t\r\u0000ŁÀ`) {
      for (const text of [token + character, character + token, token + character + character]) {
        if (!isRefused(text)) throw new Error(`${JSON.stringify(character)} opens`);
      }
    }
    for (const padding of ['=', '==', '===', 'AAAA', '\n', '%3D']) expect(isRefused(token + padding)).toBe(true);
  });

  it('refuses every other spelling of the same bytes', () => {
    for (const length of [29, 30, 31]) {
      const one = sealer.seal('x'.repeat(length), { now, random });
      const spare = one.length % 4 === 0 ? 0 : one.length % 4 === 3 ? 2 : 4;
      const last = ALPHABET.indexOf(one.at(-1) ?? '');
      for (let bits = 1; bits < 1 << spare; bits++) {
        expect(codeOf(() => sealer.open(one.slice(0, -1) + ALPHABET[last | bits], { now }))).toBe('ERR_SEAL_MALFORMED');
      }
      expect(isRefused(`${one}${'='.repeat((4 - (one.length % 4)) % 4)}`)).toBe(one.length % 4 !== 0);
    }
  });

  it('refuses each bit flipped, with the code of the field that it stands in', () => {
    const bytes = fromBase64url(token);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = bytes.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const expected = bit < 8 ? ['ERR_SEAL_VERSION'] : bit < 32 ? ['ERR_SEAL_KEY_UNKNOWN'] : ['ERR_SEAL_TAMPERED'];
      expect(expected).toContain(codeOf(() => sealer.open(toBase64url(changed), { now })));
    }
  });

  it('refuses the lead byte of the other mode, and all others', () => {
    const bytes = fromBase64url(token);
    for (let lead = 0; lead < 256; lead++) {
      if (lead === bytes[0]) continue;
      const changed = toBase64url(Uint8Array.of(lead, ...bytes.subarray(1)));
      const expected = lead === 0x11 || lead === 0x49 ? 'ERR_SEAL_KEY_UNKNOWN' : 'ERR_SEAL_VERSION';
      expect(codeOf(() => sealer.open(changed, { now }))).toBe(expected);
    }
  });
});

function fromBase64url(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
}

function toBase64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
