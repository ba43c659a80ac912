/** The Header view's table: what it finds in what people paste, and what it warns of. */
import { createSealer, typeRegistry } from '@sealring/codec';
import { cookieStore, memory, save, serverStore } from 'sealring';
import { describe, expect, it } from 'vitest';
import { refusalsOf } from '../../../site/src/playground/header/attributes.ts';
import { headerLinesOf } from '../../../site/src/playground/header/har.ts';
import { type Opening, readTable } from '../../../site/src/playground/header/rows.ts';
import { growth, MAX_GROWTH } from '../../codec/growth.ts';

const KEY = 'sealring_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8K-IS';
const now = 1_767_225_600;
const WITHOUT_KEYS: Opening = { secrets: [], now, maxAge: undefined, types: typeRegistry(), dictionary: [] };
const WITH_KEY: Opening = { ...WITHOUT_KEYS, secrets: [KEY] };
const token = (name: string, encrypt = true) =>
  createSealer({ keys: [{ secret: KEY, encrypt }], purpose: `sealring:cookie:${name}`, reserved: true }).seal(
    [now, { a: 1 }, new Uint8Array(12)],
    { now },
  );
const flipped = (text: string) => `${text.slice(0, 20)}${text[20] === 'A' ? 'B' : 'A'}${text.slice(21)}`;
const warnings = (text: string) => readTable(text, WITHOUT_KEYS).rows.flatMap((row) => row.warnings);

describe('readTable()', () => {
  it('has a row for each cookie of a Cookie header, and knows ours', () => {
    const text = `Cookie: theme=dark; a=${token('a')}; b=${token('b', false)}; _ga=GA1.1.12345.67890; empty=`;
    const { rows } = readTable(text, WITH_KEY);
    expect(rows.map(({ name, kind, keyId, verdict }) => [name, kind, keyId, verdict?.opens])).toEqual([
      ['theme', 'not ours', undefined, undefined],
      ['a', 'sealed', 'dbc0e2', true],
      ['b', 'signed', 'dbc0e2', true],
      ['_ga', 'not ours', undefined, undefined],
      ['empty', 'empty', undefined, undefined],
    ]);
    expect(rows[0]?.bytes).toBe('theme'.length + 'dark'.length);
    expect(rows[1]?.flags.every(({ state }) => state === 'unknown')).toBe(true);
    expect(readTable(text, WITHOUT_KEYS).rows[1]?.verdict).toBeUndefined();
  });

  it('says which check refuses a token that is sealed for another name', () => {
    const [row] = readTable(`Cookie: other=${token('login')}`, WITH_KEY).rows;
    expect(row?.verdict?.opens).toBe(false);
    expect(row?.verdict?.says).toMatch(/login/);
  });

  it('sees that a cookie holds an id alone', async () => {
    const request = new Request('https://example.org/');
    const session = await serverStore({ keys: [KEY], backend: memory() }).get(request, 'login');
    session.set('a', 1);
    const lines = (await save(request, new Response())).headers.getSetCookie();
    const opening = { ...WITH_KEY, now: Math.ceil(Date.now() / 1000) };
    expect(readTable(lines.map((line) => `Set-Cookie: ${line}`).join('\n'), opening).rows[0]?.kind).toBe('sealed id');
  });

  it('joins what is split, opens it, and hands it over whole', async () => {
    const request = new Request('https://example.org/');
    const session = await cookieStore({ keys: [KEY], chunks: 3 }).get(request, 'login');
    session.set('a', 'x'.repeat(7000));
    const pairs = (await save(request, new Response())).headers.getSetCookie().map((line) => line.split(';')[0]);
    const header = `Cookie: a=b; ${pairs.join('; ')}`;
    const { rows, headerBytes } = readTable(header, { ...WITH_KEY, now: Math.ceil(Date.now() / 1000) });
    expect(rows.map(({ name, chunks }) => [name, chunks])).toEqual([
      ['a', 1],
      ['__Host-login', 3],
    ]);
    expect(rows[1]?.verdict).toEqual({ opens: true, says: expect.any(String) });
    expect(rows[1]?.warnings).toEqual([]);
    expect([rows[1]?.cookie, rows[1]?.input]).toEqual([1, header]);
    expect(headerBytes).toBe(header.length);
  });

  it('says which part of a split cookie is missing', () => {
    const part = `login=2.${token('login').padEnd(4096 - 'login2.'.length, 'A')}`;
    expect(readTable(`Cookie: ${part}; a=b`, WITH_KEY).rows[0]).toMatchObject({
      kind: 'sealed',
      chunks: 2,
      verdict: { opens: false, says: 'Something is missing.' },
    });
  });

  it('tries names for a few tokens that do not open, and of all the others still knows mode and key', () => {
    const other = token('other', false);
    const refused = readTable(
      `Cookie: ${Array.from({ length: 60 }, (_, at) => `a${at}=${flipped(other)}`).join('; ')}`,
      WITH_KEY,
    );
    expect(refused.rows.every(({ kind, keyId }) => kind === 'signed' && keyId === 'dbc0e2')).toBe(true);
    const tried = refused.rows.filter(({ verdict }) => verdict !== undefined);
    expect(tried.length).toBeGreaterThan(5);
    expect(tried.length).toBeLessThan(20);
    const good = readTable(
      `Cookie: ${Array.from({ length: 60 }, (_, at) => `a${at}=${token(`a${at}`)}`).join('; ')}`,
      WITH_KEY,
    );
    expect(good.rows.filter(({ verdict }) => verdict?.opens)).toHaveLength(60);
    const old = readTable(`Cookie: ${`a=${token('a')}; `.repeat(60)}`, { ...WITH_KEY, now: now + 100, maxAge: 60 });
    expect(old.rows.filter(({ verdict }) => verdict?.says.startsWith('Genuine, but expired'))).toHaveLength(60);
  });

  it('counts the whole Cookie header', () => {
    const header = 'Cookie: a=b; longer=value; c=';
    expect(readTable(header, WITHOUT_KEYS).headerBytes).toBe(header.length);
  });

  it.each([
    ['4,096 bytes', `Cookie: n=${'x'.repeat(4095)}`, []],
    ['4,097 bytes', `Cookie: n=${'x'.repeat(4096)}`, [/4,097 bytes: browsers drop/]],
    ['two bytes a character', `Cookie: n=${'é'.repeat(2048)}`, [/4,097 bytes/]],
    ['a name twice', 'Cookie: a=1; b=2; a=3', [/“a” is here 2 times/, /“a” is here 2 times/]],
    ['a name set twice', 'Set-Cookie: a=1; HttpOnly\nSet-Cookie: a=2; HttpOnly', [/“a” is set 2 times/, /“a” is set/]],
    ['a good __Host-', 'Set-Cookie: __Host-a=1; Path=/; Secure; HttpOnly', []],
    ['__Host- without Secure', 'Set-Cookie: __Host-a=1; Path=/; HttpOnly', [/without Secure/]],
    ['__Host- with another path', 'Set-Cookie: __Host-a=1; Path=/x; Secure; HttpOnly', [/without Path=\//]],
    ['__Host- with Domain', 'Set-Cookie: __Host-a=1; Path=/; Domain=a.org; Secure; HttpOnly', [/with Domain/]],
    ['__Secure- without Secure', 'Set-Cookie: __Secure-a=1; HttpOnly', [/__Secure- without Secure/]],
    ['SameSite=None without Secure', 'Set-Cookie: a=1; SameSite=None; HttpOnly', [/SameSite=None without Secure/]],
    ['no HttpOnly', 'Set-Cookie: a=1; Secure', [/Without HttpOnly/]],
  ])('warns, or not, of %s', (_name, text, expected) => {
    expect(warnings(text)).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
  });

  it('shows flags and lifetime of a Set-Cookie line', () => {
    const [row] = readTable('Set-Cookie: __Host-a=1; Path=/; Secure; SameSite=Lax; Max-Age=3600', WITHOUT_KEYS).rows;
    expect(row?.flags.map(({ label, state }) => `${label} ${state}`)).toEqual([
      '__Host- kept',
      'HttpOnly off',
      'Secure on',
      'SameSite=Lax on',
    ]);
    expect(row?.lifetime).toBe('1 hour');
    expect(readTable('Set-Cookie: a=; Max-Age=0; Path=/', WITHOUT_KEYS).rows[0]?.lifetime).toBe('deletes the cookie');
    expect(readTable('Set-Cookie: a=1; Path=/', WITHOUT_KEYS).rows[0]?.lifetime).toBe('until the browser closes');
  });

  it.each([
    ['nothing', ''],
    ['spaces', '  \n '],
    ['a million letters', 'x'.repeat(1_000_000)],
    ['a sentence', 'there is no cookie in here'],
  ])('has no row for %s', (_name, text) => {
    expect(readTable(text, WITH_KEY).rows).toEqual([]);
  });

  it('shows the first two hundred of a hundred thousand cookies, in a time that grows as they do', async () => {
    const run = (count: number) => {
      const { rows, left } = readTable(`Cookie: ${'a=b; '.repeat(count)}`, WITH_KEY);
      expect([rows.length, left]).toEqual([200, count - 200]);
    };
    expect(await growth(run, 100_000)).toBeLessThan(MAX_GROWTH);
  });
});

describe('headerLinesOf()', () => {
  const request = { name: 'Cookie', value: 'a=1; b=2' };
  const response = { name: 'set-cookie', value: 'c=3; Path=/\nd=4' };
  const cookie = {
    name: 'e',
    value: '5',
    path: '/',
    domain: 'a.org',
    secure: true,
    httpOnly: true,
    sameSite: 'no_restriction',
  };

  it.each([
    [
      'a list of headers',
      JSON.stringify([request, response]),
      'Cookie: a=1; b=2\nset-cookie: c=3; Path=/\nset-cookie: d=4',
    ],
    ['a piece without its brackets', `"headers": ${JSON.stringify([request])},`, 'Cookie: a=1; b=2'],
    [
      'a whole log',
      JSON.stringify({ log: { entries: [{ request: { headers: [request], cookies: [{ name: 'a', value: '1' }] } }] } }),
      'Cookie: a=1; b=2',
    ],
    [
      'a whole log whose cookies stand there a second time, with attributes',
      JSON.stringify({
        log: {
          entries: [
            { request: { headers: [request], cookies: [{ name: 'a', value: '1', httpOnly: false, secure: false }] } },
            { response: { cookies: [{ name: 'c', value: '3', httpOnly: true, secure: true }], headers: [response] } },
          ],
        },
      }),
      'Cookie: a=1; b=2\nset-cookie: c=3; Path=/\nset-cookie: d=4',
    ],
    [
      'a log without headers of cookies, as some tools clean it',
      JSON.stringify({ headers: [{ name: 'Host', value: 'a.org' }], cookies: [cookie] }),
      'Set-Cookie: e=5; Path=/; Domain=a.org; Secure; HttpOnly; SameSite=None',
    ],
    [
      'cookies with attributes',
      JSON.stringify([cookie]),
      'Set-Cookie: e=5; Path=/; Domain=a.org; Secure; HttpOnly; SameSite=None',
    ],
  ])('reads %s', (_name, text, expected) => {
    expect(headerLinesOf(text)).toBe(expected);
  });

  it.each([
    ['a header', 'Cookie: a=1'],
    ['broken JSON', '{"headers": ['],
    ['JSON about something else', '{"a": [1, null, {"name": "x", "value": "y"}]}'],
    ['JSON ten thousand brackets deep', '['.repeat(10_000) + ']'.repeat(10_000)],
  ])('leaves %s as it is', (_name, text) => {
    expect(headerLinesOf(text)).toBe(text);
  });
});

describe('refusalsOf()', () => {
  it('says nothing about a cookie whose attributes are not known', () => {
    expect(refusalsOf('__Host-a', undefined)).toEqual([]);
  });
});
