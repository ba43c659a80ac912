/** Which format a value looks like: our own are recognised, nothing else is. */
import { explain, readCookies } from '@sealring/inspect';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../codec/support.ts';
import { flip, KEY, loginToken, now, OTHER_KEY, sealerOf, toBase64url } from './support.ts';

const random = randomFrom(20_261_124);
const bytes = (length: number) => Uint8Array.from({ length }, () => Math.floor(random() * 256));
const hex = (length: number) => Array.from(bytes(length), (byte) => byte.toString(16).padStart(2, '0')).join('');
const digits = (length: number) => Array.from(bytes(length), (byte) => byte % 10).join('');
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const letters = (length: number) => Array.from(bytes(length), (byte) => LETTERS[byte % 52]).join('');

const FOREIGN: readonly (readonly [string, () => string])[] = [
  ['UUIDs', () => [4, 2, 2, 2, 6].map(hex).join('-')],
  ['ids in hexadecimal', () => hex(32)],
  ['ids of 16 bytes in base64url', () => toBase64url(bytes(16))],
  ['ids of 24 bytes in base64url', () => toBase64url(bytes(24))],
  ['ids of Express', () => `s:${toBase64url(bytes(24))}.${btoa(String.fromCharCode(...bytes(32)))}`],
  ['Google Analytics', () => `GA1.1.${digits(9)}.${digits(10)}`],
  ['Google Analytics 4', () => `GS1.1.${digits(10)}.1.1.${digits(10)}.0.0.0`],
  [
    'Cloudflare __cf_bm',
    () => `${toBase64url(bytes(32))}-${digits(10)}-1.0.1.1-${toBase64url(bytes(90)).replaceAll('-', '.')}`,
  ],
  [
    'JSON Web Tokens',
    () =>
      ['{"alg":"HS256"}', `{"sub":"${hex(4)}"}`].map((part) => btoa(part).replaceAll('=', '')).join('.') +
      `.${toBase64url(bytes(32))}`,
  ],
  ['words', () => letters(1 + Math.floor(random() * 12))],
  ['sentences', () => Array.from({ length: 8 }, () => letters(6)).join(' ')],
  [
    'iron',
    () =>
      `Fe26.2**${hex(32)}*${toBase64url(bytes(16))}*${toBase64url(bytes(48))}**${hex(32)}*${toBase64url(bytes(32))}~2`,
  ],
  ['Fernet', () => `gAAAAA${toBase64url(bytes(80))}==`],
];

describe('a format is claimed of none of 1,000', () => {
  it.each(FOREIGN)('%s', (_, make) => {
    for (let round = 0; round < 1000; round++) {
      const value = make();
      const { format, verdict } = explain(`sid=${value}`, { secrets: [KEY], now });
      expect({ value, format, state: verdict.state }).toEqual({ value, format: undefined, state: 'unknown' });
    }
  });

  // Of 256 texts one starts with a lead byte, and one in nine of these has a likely time: that much is chance.
  it.each([32, 48, 64, 96])('ids of %d bytes in base64url, but by chance', (length) => {
    let claims = 0;
    for (let round = 0; round < 2000; round++) {
      const { format, verdict } = explain(`sid=${toBase64url(bytes(length))}`, { secrets: [KEY], now });
      if (format !== undefined) claims++;
      expect(verdict.state).not.toBe('opens');
    }
    expect(claims).toBeLessThanOrEqual(5);
  });
});

describe('a token', () => {
  it.each([true, false])('is recognised without a key, encrypt: %s', (encrypt) => {
    const mode = encrypt ? 'sealed' : 'signed';
    const [cookie] = readCookies(loginToken({ a: 1 }, encrypt));
    expect(cookie?.format).toMatchObject({
      id: 'sealring',
      label: `Sealring token, version 1, ${mode}`,
      confidence: 0.95,
    });
    expect(cookie?.format?.reasons.length).toBeGreaterThan(1);
  });

  it('is recognised with less certainty where some of its characters are damaged, or its payload', () => {
    const token = loginToken();
    const damaged = `${token.slice(0, 60)}*${token.slice(61)}`;
    expect(readCookies(damaged)[0]?.format?.confidence).toBe(0.5);
    const signed = flip(loginToken({ a: 1 }, false), 8, 7);
    expect(readCookies(signed)[0]?.format?.confidence).toBe(0.6);
  });

  it('with an unlikely time is recognised by a key that it names, and by nothing else', () => {
    const token = sealerOf('sealring:cookie:login').seal(1, { now: 5 });
    expect(explain(token, { now: 5 })).toMatchObject({ format: undefined, verdict: { state: 'unknown' } });
    expect(explain(token, { now: 5, secrets: [OTHER_KEY] })).toMatchObject({ verdict: { state: 'unknown' } });
    expect(explain(token, { now: 5, secrets: [KEY] })).toMatchObject({
      format: { confidence: 0.9 },
      verdict: { state: 'opens' },
    });
  });

  it('that is cut to its first bytes is recognised by a key that it names', () => {
    const cut = loginToken().slice(0, 16);
    expect(explain(cut, { now }).verdict.state).toBe('unknown');
    expect(explain(cut, { now, secrets: [KEY] })).toMatchObject({
      verdict: { state: 'refused', headline: 'Something is missing.' },
      format: { id: 'sealring' },
    });
  });
});
