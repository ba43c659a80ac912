/** `readSecret`: what people paste as a key. */
import { keyIdOf } from '@sealring/codec';
import { readSecret, type SecretEncoding } from '@sealring/inspect';
import { describe, expect, it } from 'vitest';
import { KEY, KEY_ID, OTHER_KEY, toBase64url } from './support.ts';

const bytes = Uint8Array.from({ length: 32 }, (_, at) => at);
const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const base64 = btoa(String.fromCharCode(...bytes));

describe('readSecret()', () => {
  it.each<[SecretEncoding, string]>([
    ['sealring', KEY],
    ['sealring', ` "${KEY}"\n`],
    ['sealring', `SESSION_KEY="${KEY}"`],
    ['sealring', `export SESSION_KEY='${KEY}' # of the shop`],
    ['sealring', `SESSION_KEY: ${KEY}`],
    ['sealring', `{ "key": "${KEY}", }`],
    ['sealring', `\`${KEY}\`,`],
    ['sealring', `“${KEY}”`],
    ['sealring', `\u200b${KEY}\ufeff`],
    ['sealring', `${KEY}\n${KEY}`],
    ['hex', hex],
    ['hex', `"${hex}",`],
    ['base64', `${base64.slice(0, 20)}\n${base64.slice(20)}`],
    ['hex', hex.toUpperCase().replace(/../g, '$&:').slice(0, -1)],
    ['base64', base64],
    ['base64', base64.replace('=', '')],
    ['base64url', toBase64url(bytes)],
  ])('reads %s %s', (encoding, text) => {
    const read = readSecret(text, encoding);
    expect(read).toMatchObject({ ok: true, keyId: KEY_ID });
    if (read.ok) expect(keyIdOf(read.secret)).toBe(KEY_ID);
  });

  it('reads utf-8 as it stands', () => {
    const text = ' correct horse battery staple, at least ';
    expect(readSecret(text, 'utf-8')).toEqual({
      ok: true,
      secret: new TextEncoder().encode(text),
      keyId: expect.any(String),
    });
  });

  it.each<[string, SecretEncoding, string]>([
    ['', 'sealring', 'There is no key here yet.'],
    ['abc', 'sealring', 'A key starts with “sealring_”. For another kind of key, choose its encoding.'],
    [KEY.slice(0, -1), 'sealring', 'After “sealring_” a key has 47 characters, this one has 46.'],
    [
      KEY.replace('AAEC', 'AAED'),
      'sealring',
      'The checksum is wrong, probably because of a typo or missing characters.',
    ],
    [KEY.replace('AAEC', 'AA+C'), 'sealring', 'Character 12 is not valid in a key.'],
    [hex.slice(2), 'hex', 'A key has 32 bytes or more, these are 31.'],
    [hex.slice(1), 'hex', 'Expected an even number of digits, got 63.'],
    ['00', 'hex', 'A key has 32 bytes or more, this is 1.'],
    [`${hex}0g`, 'hex', 'Digit 66 is not hexadecimal.'],
    [`00:1😀`, 'hex', 'Digit 4 is not hexadecimal.'],
    ['0'.repeat(64), 'hex', 'A key is random, but these bytes have too few different values.'],
    ['ab'.repeat(1025), 'hex', 'A key has at most 1,024 bytes, these are 1,025.'],
    [base64.replace('A', '_'), 'base64', 'Character 1 is not valid in base64.'],
    ['AAAAA', 'base64', '5 characters of base64 do not make complete bytes.'],
    [
      base64.replace(/.=$/, '9'),
      'base64',
      'The last character of this base64 is not valid, probably because of a typo.',
    ],
    [KEY, 'base64url', 'A key that starts with “sealring_” is not base64url: choose the encoding “sealring”.'],
    [`${KEY} ${KEY.replace('AAEC', 'AAED')}`, 'sealring', 'There are several keys here: paste one.'],
    ['short', 'utf-8', 'A key has 32 bytes or more, these are 5.'],
    [`${'abcdefgh'.repeat(5)}\ud800`, 'utf-8', 'This text has half of a surrogate pair, so it cannot be encoded.'],
  ])('says what is wrong with %j as %s', (text, encoding, message) => {
    expect(readSecret(text, encoding)).toEqual({ ok: false, message });
  });

  it('tells nothing of the key in a message', () => {
    for (const encoding of ['sealring', 'hex', 'base64', 'base64url', 'utf-8'] as const) {
      const read = readSecret(toBase64url(OTHER_KEY.subarray(0, 20)), encoding);
      if (!read.ok) expect(read.message).not.toMatch(/ICEi|IiMk/);
    }
  });
});
