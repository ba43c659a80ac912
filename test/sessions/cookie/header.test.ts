/** Set-Cookie lines as they are written, and what a Cookie header holds of one session. */
import type { Candidate } from '@sealring/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CookieOptions, cookieNameOf, readAttributes } from '../../../packages/sessions/src/cookie/attributes.ts';
import {
  cookieHeaderAfter,
  deletionOf,
  parseCookies,
  setCookieOf,
  staleChunks,
} from '../../../packages/sessions/src/cookie/header.ts';
import { MAX_COOKIE_AGE } from '../../../packages/sessions/src/session/lifetime.ts';
import { broken, name, seed, whole } from './support.ts';

const secure = readAttributes(undefined, 'cookie');

describe('setCookieOf()', () => {
  it.each<[name: string, options: CookieOptions, maxAge: number | undefined, expected: string]>([
    ['until the browser closes', {}, undefined, '__Host-login=v; Path=/; HttpOnly; Secure; SameSite=Lax'],
    ['an hour', {}, 3600, '__Host-login=v; Max-Age=3600; Path=/; HttpOnly; Secure; SameSite=Lax'],
    ['a fraction', {}, 0.25, '__Host-login=v; Max-Age=1; Path=/; HttpOnly; Secure; SameSite=Lax'],
    ['400 days', {}, MAX_COOKIE_AGE, '__Host-login=v; Max-Age=34560000; Path=/; HttpOnly; Secure; SameSite=Lax'],
    ['longer', {}, MAX_COOKIE_AGE + 1, '__Host-login=v; Max-Age=34560000; Path=/; HttpOnly; Secure; SameSite=Lax'],
    ['for ever', {}, Infinity, '__Host-login=v; Max-Age=34560000; Path=/; HttpOnly; Secure; SameSite=Lax'],
    ['plain http', { secure: false }, 60, 'login=v; Max-Age=60; Path=/; HttpOnly; SameSite=Lax'],
    [
      'everything',
      { domain: 'example.org', path: '/a b', sameSite: 'none', partitioned: true, priority: 'high' },
      60,
      '__Secure-login=v; Max-Age=60; Domain=example.org; Path=/a b; HttpOnly; Secure; Partitioned; Priority=High; SameSite=None',
    ],
    ['little', { secure: false, httpOnly: false, sameSite: 'strict' }, undefined, 'login=v; Path=/; SameSite=Strict'],
  ])('writes %s', (_name, options, maxAge, expected) => {
    const attributes = readAttributes(options, 'cookie');
    const cookie = setCookieOf(cookieNameOf('login', attributes), 'v', attributes, maxAge);
    expect(cookie.line).toBe(expected);
    expect(cookie).toMatchObject({ name: cookieNameOf('login', attributes), value: 'v', attributes });
    expect(cookie.maxAge).toBe(maxAge === undefined ? undefined : Math.ceil(Math.min(maxAge, MAX_COOKIE_AGE)));
  });

  it('writes the value as it is', () => {
    const value = '3.AZaz09-_';
    expect(setCookieOf(name, value, secure, undefined).line.split(';')[0]).toBe(`${name}=${value}`);
  });

  it.each([0, -1, -Infinity])('with maxAge %d does not send the value', (maxAge) => {
    expect(setCookieOf(name, 'secret', secure, maxAge)).toStrictEqual(deletionOf(name, secure));
  });

  it('throws for what no cookie can hold', () => {
    expect(() => setCookieOf(name, 'a;b', secure, 1)).toThrow(TypeError);
    expect(() => setCookieOf(name, 'a\r\nb', secure, 1)).toThrow(TypeError);
    expect(() => setCookieOf(name, 'v', secure, Number.NaN)).toThrow(TypeError);
  });
});

describe('deletionOf()', () => {
  it('repeats what a browser finds the cookie by', () => {
    const past = 'Expires=Thu, 01 Jan 1970 00:00:00 GMT';
    expect(deletionOf(name, secure).line).toBe(`${name}=; Max-Age=0; Path=/; ${past}; HttpOnly; Secure; SameSite=Lax`);
    const attributes = readAttributes(
      { domain: 'a.example', path: '/x', partitioned: true, sameSite: 'none' },
      'cookie',
    );
    expect(deletionOf('__Secure-a', attributes).line).toBe(
      `__Secure-a=; Max-Age=0; Domain=a.example; Path=/x; ${past}; HttpOnly; Secure; Partitioned; SameSite=None`,
    );
  });
});

describe('parseCookies()', () => {
  it.each<[name: string, header: string | null | undefined, expected: Candidate[]]>([
    ['no header', undefined, []],
    ['null', null, []],
    ['an empty header', '', []],
    ['one cookie', `${name}=abc`, [whole('abc')]],
    ['among others', `_ga=GA1.1.1; ${name}=abc; theme=dark; _gid=GA1.2.3`, [whole('abc')]],
    ['no space after the semicolon', `a=b;${name}=abc;c=d`, [whole('abc')]],
    ['spaces and tabs', ` a=b ;\t${name} = abc\t; c=d`, [whole('abc')]],
    // Browsers hold to their attributes only cookies whose names start with the prefix itself.
    [
      'spaces that browsers take for part of the name',
      `\u00a0${name}=a; \u2000${name}=b; \u0085${name}=c; \v${name}=d`,
      [],
    ],
    ['such spaces after the name', `${name}\u00a0=a; ${name}\u2000=b`, []],
    ['quotes', `${name}="abc"`, [whole('abc')]],
    ['one quote', `${name}="`, [whole('"')]],
    ['half quotes', `${name}="abc`, [whole('"abc')]],
    ['empty quotes', `${name}=""`, []],
    ['an empty value', `${name}=`, []],
    ['an empty value, then another', `${name}=; ${name}=abc`, [whole('abc')]],
    ['equal signs in the value', `${name}=b=c==`, [whole('b=c==')]],
    ['percent-encoding, left as it is', `${name}=%61%`, [whole('%61%')]],
    ['control characters', `${name}=a\0b\x7f`, [whole('a\0b\x7f')]],
    ['no equal sign', name, []],
    ['no equal sign, then a cookie', `${name}; ${name}=abc; x`, [whole('abc')]],
    ['no name', `=abc; ${name}=x; =`, [whole('x')]],
    ['another case', `__host-login=abc; __Host-Login=abc`, []],
    ['a longer name', `${name}2=a; x${name}=b; ${name}.x=c; ${name}.0=d; ${name}.01=e; ${name}.99=f`, []],
    ['the name as a value', `a=${name}=abc; b="; ${name}=x"`, [whole('x"')]], // quotes hold nothing together, as in browsers
    ['a comma', `a=1, ${name}=2`, []],
    ['duplicates', `${name}=a; x=y; ${name}=b`, [whole('a'), whole('b')]],
    ['equal duplicates', `${name}=a; ${name}=b; ${name}=a`, [whole('a'), whole('b')]],
    ['more than four', [1, 2, 3, 4, 5, 6].map((n) => `${name}=${n}`).join('; '), ['1', '2', '3', '4'].map(whole)],
    ['foreign prototypes', `__proto__=a; constructor=b; ${name}=abc; toString=c`, [whole('abc')]],
    ['a chunk without its first cookie', `${name}.1=abc`, []],
    [
      'counts that nobody writes',
      `${name}=1.a; ${name}=0.b; ${name}=17.c; ${name}=03.d`,
      ['1.a', '0.b', '17.c', '03.d'].map(whole),
    ],
    ['a count without chunks', `${name}=2.abc`, [broken(2)]],
    ['the same often', `${name}=2.abc; ${name}=3.abc; ${name}=d`, [broken(2), whole('d')]],
  ])('of %s', (_name, given, expected) => {
    expect(parseCookies(given, name)).toEqual(expected);
  });

  it.each(['__proto__', 'constructor', 'a', '*', '$&'])('finds a session called %s', (own) => {
    expect(parseCookies(`x=y; ${own}=abc; ${own}.1=z`, own)).toEqual([whole('abc')]);
    expect(parseCookies('x=y', own)).toEqual([]);
  });

  it('treats what is not a string as no header', () => {
    // trust boundary: what a caller without types may pass
    for (const given of [1, {}, [`${name}=a`], true])
      expect(parseCookies(given as unknown as string, name)).toEqual([]);
  });

  it('never throws and finds the cookie between any others', () => {
    const noise = fc.string({ unit: 'binary', maxLength: 40 }).map((any) => any.replaceAll(name, '')); // semicolons and all
    fc.assert(
      fc.property(noise, noise, (before, after) => {
        const found = parseCookies(`${before}; ${name}=abc; ${after}`, name);
        expect(found).toEqual([whole('abc')]);
      }),
      { seed, numRuns: 500 },
    );
  });
});

describe('cookieHeaderAfter()', () => {
  const set = (value: string, maxAge?: number) => ({ name, value, maxAge });

  it.each([
    ['adds a cookie', 'theme=dark', [set('new')], `theme=dark; ${name}=new`],
    ['adds a cookie to none', '', [set('new')], `${name}=new`],
    [
      'replaces every cookie of the name',
      `${name}=a;theme=dark;  ${name} =b; `,
      [set('new')],
      `theme=dark; ${name}=new`,
    ],
    ['leaves out what is deleted', `${name}=a; theme=dark`, [set('', 0)], 'theme=dark'],
    ['keeps what is no cookie, and similar names', `${name}; ${name}x=1; =2`, [], `${name}; ${name}x=1; =2`],
  ])('%s', (_, header, cookies, expected) => {
    expect(cookieHeaderAfter(header, cookies)).toBe(expected);
  });
});

describe('staleChunks()', () => {
  const given = `${name}.3=a; x=y; ${name}=2.b; ${name}.15=c; ${name}.1=d; ${name}.3=e; ${name}.16=f; ${name}.03=g; ${name}.x=h`;

  it.each([
    [0, [1, 3, 15]],
    [1, [1, 3, 15]],
    [2, [3, 15]],
    [4, [15]],
    [16, []],
  ])('where %d are kept', (keep, numbers) => {
    expect(staleChunks(given, name, keep)).toEqual(numbers.map((number) => `${name}.${number}`));
  });

  it('of no header', () => {
    expect(staleChunks(undefined, name, 0)).toEqual([]);
    expect(staleChunks(null, name, 0)).toEqual([]);
  });
});
