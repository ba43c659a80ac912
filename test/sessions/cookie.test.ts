/** Cookies: their attributes, what a header holds of one session, and values split over several of them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CookieOptions,
  cookieNameOf,
  MAX_COOKIE_AGE,
  readAttributes,
} from '../../packages/sessions/src/attributes.ts';
import {
  type Candidate,
  chunkName,
  cookieBytes,
  countChunks,
  MAX_CHUNKS,
  MAX_COOKIE_BYTES,
  splitValue,
} from '../../packages/sessions/src/chunks.ts';
import { formatDeletion, formatSetCookie, parseCookies, staleChunks } from '../../packages/sessions/src/cookie.ts';

const MOST = 8; // cookies that these tests allow for one value

const seed = 20_261_124;
const secure = readAttributes(undefined, 'cookie');
const name = '__Host-login';

const whole = (value: string): Candidate => ({ value, chunks: 1, broken: false });
const joined = (value: string, chunks: number): Candidate => ({ value, chunks, broken: false });
const broken = (chunks: number): Candidate => ({ value: '', chunks, broken: true });
const header = (cookies: readonly { name: string; value: string }[]) =>
  cookies.map((cookie) => `${cookie.name}=${cookie.value}`).join('; ');

/** Base64url text in which no two places look alike, different for each `start`. */
function text(length: number, start = 0): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  let state = start * 7919 + 1;
  const next = () => {
    state = (state * 48_271) % 0x7fff_ffff;
    return alphabet[state >>> 25] ?? 'A';
  };
  return Array.from({ length }, next).join('');
}

describe('readAttributes()', () => {
  const defaults = {
    domain: undefined,
    path: '/',
    secure: true,
    httpOnly: true,
    sameSite: 'lax',
    partitioned: false,
    priority: undefined,
    prefix: '__Host-',
  };

  it.each<[name: string, given: CookieOptions | undefined, changed: object]>([
    ['nothing', undefined, {}],
    ['no options', {}, {}],
    ['plain http', { secure: false }, { secure: false, prefix: '' }],
    ['plain http and none', { secure: false, prefix: 'none' }, { secure: false, prefix: '' }],
    ['a domain', { domain: 'example.org' }, { domain: 'example.org', prefix: '__Secure-' }],
    ['a domain with a point', { domain: '.example.org' }, { domain: '.example.org', prefix: '__Secure-' }],
    ['localhost', { domain: 'localhost' }, { domain: 'localhost', prefix: '__Secure-' }],
    ['a path', { path: '/app' }, { path: '/app', prefix: '__Secure-' }],
    ['the path /', { path: '/' }, {}],
    ['a path over plain http', { path: '/app', secure: false }, { path: '/app', secure: false, prefix: '' }],
    ['no prefix', { prefix: 'none' }, { prefix: '' }],
    ['__Secure- where __Host- is allowed', { prefix: '__Secure-' }, { prefix: '__Secure-' }],
    ['__Host-', { prefix: '__Host-' }, {}],
    ['SameSite=None', { sameSite: 'none' }, { sameSite: 'none' }],
    ['SameSite=Strict', { sameSite: 'strict' }, { sameSite: 'strict' }],
    ['Partitioned', { partitioned: true, sameSite: 'none' }, { partitioned: true, sameSite: 'none' }],
    ['readable by scripts', { httpOnly: false }, { httpOnly: false }],
    ['a priority', { priority: 'high' }, { priority: 'high' }],
    ['a path of 1,024 bytes', { path: `/${'a'.repeat(1023)}` }, { path: `/${'a'.repeat(1023)}`, prefix: '__Secure-' }],
  ])('takes %s', (_name, given, changed) => {
    const attributes = readAttributes(given, 'cookie');
    expect(attributes).toEqual({ ...defaults, ...changed });
    expect(Object.isFrozen(attributes)).toBe(true);
    expect(() => formatSetCookie(cookieNameOf('login', attributes), 'x', attributes, 1)).not.toThrow();
  });

  it('takes an option that is undefined for one that is not given', () => {
    const options: object = {
      path: undefined,
      secure: undefined,
      domain: undefined,
      priority: undefined,
      prefix: undefined,
    };
    expect(readAttributes(options, 'cookie')).toEqual(defaults);
  });

  it.each<[given: unknown, error: typeof TypeError | typeof RangeError, message: RegExp]>([
    [null, TypeError, /^"cookie" expected an object with options, got null$/],
    ['lax', TypeError, /^"cookie" expected an object with options, got a text of 3 characters$/],
    [{ samesite: 'lax' }, TypeError, /^"cookie" has no option "samesite"; it takes domain, path, secure/],
    [{ maxAge: 1 }, TypeError, /^"cookie" has no option "maxAge"/],
    [{ sameSite: 'Lax' }, TypeError, /^"cookie.sameSite" expected "strict" or "lax" or "none", got "Lax"$/],
    [{ sameSite: true }, TypeError, /^"cookie.sameSite" .* got true$/],
    [{ sameSite: 'none', secure: false }, TypeError, /^"cookie.sameSite" .* where secure is false/],
    [{ partitioned: true, secure: false }, TypeError, /^"cookie.partitioned" .* where secure is false/],
    [{ prefix: '__Host-', secure: false }, TypeError, /^"cookie.prefix" expected "none" where secure is false/],
    [{ prefix: '__Secure-', secure: false }, TypeError, /^"cookie.prefix" expected "none" where secure is false/],
    [{ prefix: '__Host-', domain: 'example.org' }, TypeError, /^"cookie.prefix" .* got domain "example.org"$/],
    [{ prefix: '__Host-', path: '/app' }, TypeError, /^"cookie.prefix" .* got path "\/app"$/],
    [{ prefix: '' }, TypeError, /^"cookie.prefix" expected "__Host-" or "__Secure-" or "none", got ""$/],
    [{ prefix: '__host-' }, TypeError, /^"cookie.prefix"/],
    [{ priority: 'High' }, TypeError, /^"cookie.priority"/],
    [{ secure: 1 }, TypeError, /^"cookie.secure" expected true or false, got 1$/],
    [{ secure: null }, TypeError, /^"cookie.secure" expected true or false, got null$/],
    [{ httpOnly: 'false' }, TypeError, /^"cookie.httpOnly" expected true or false, got "false"$/],
    [{ partitioned: 0 }, TypeError, /^"cookie.partitioned"/],
    [{ path: '' }, TypeError, /^"cookie.path" .* got ""$/],
    [{ path: 'app' }, TypeError, /^"cookie.path"/],
    [{ path: '/a;b' }, TypeError, /^"cookie.path"/],
    [{ path: '/a\nb' }, TypeError, /^"cookie.path"/],
    [{ path: '/a\n' }, TypeError, /^"cookie.path"/],
    [{ path: '/ü' }, TypeError, /^"cookie.path"/],
    [{ path: 1 }, TypeError, /^"cookie.path" expected a text, got 1$/],
    [{ path: `/${'a'.repeat(1024)}` }, RangeError, /^"cookie.path" expected at most 1024 bytes, got 1025$/],
    [{ path: `/${'ü'.repeat(512)}` }, RangeError, /got 1025$/],
    [{ domain: '' }, TypeError, /^"cookie.domain"/],
    [{ domain: null }, TypeError, /^"cookie.domain" expected a text, got null$/],
    [{ domain: 'a;b' }, TypeError, /^"cookie.domain"/],
    [{ domain: 'example.org\r\nSet-Cookie: a=b' }, TypeError, /^"cookie.domain" .* got "example.org\\r\\n/],
    [{ domain: 'example.org\n' }, TypeError, /^"cookie.domain"/],
    [{ domain: 'example.org:8080' }, TypeError, /^"cookie.domain"/],
    [{ domain: 'https://example.org' }, TypeError, /^"cookie.domain"/],
    [{ domain: 'a..b' }, TypeError, /^"cookie.domain"/],
    [{ domain: 'müller.example' }, TypeError, /^"cookie.domain"/],
    [{ domain: 'a'.repeat(64) }, TypeError, /^"cookie.domain"/],
    [{ domain: 'a.'.repeat(600) }, RangeError, /^"cookie.domain" expected at most 1024 bytes, got 1200$/],
  ])('refuses %j', (given, error, message) => {
    // trust boundary: what a caller without types may pass
    const read = () => readAttributes(given as CookieOptions, 'cookie');
    expect(read).toThrow(error);
    expect(read).toThrow(message);
  });
});

describe('cookieNameOf()', () => {
  const open = readAttributes({ httpOnly: false }, 'cookie');
  const plain = readAttributes({ secure: false }, 'cookie');
  const shared = readAttributes({ domain: 'example.org' }, 'cookie');

  it.each([
    ['login', secure, '__Host-login'],
    ['login', shared, '__Secure-login'],
    ['login', plain, 'login'],
    ['session-name', secure, '__Host-session-name'],
    ["!#$%&'*+-.^_`|~09AZaz", plain, "!#$%&'*+-.^_`|~09AZaz"],
    ['__proto__', secure, '__Host-__proto__'],
    ['connect.sid', secure, '__Host-connect.sid'],
    ['v1', secure, '__Host-v1'],
    ['1.x', secure, '__Host-1.x'],
    ['a'.repeat(128), plain, 'a'.repeat(128)],
    ['Http-login', secure, '__Host-Http-login'],
    ['Http-login', plain, 'Http-login'],
  ])('of %s', (given, attributes, expected) => {
    expect(cookieNameOf(given, attributes)).toBe(expected);
  });

  it.each([
    ['', secure, TypeError, /got ""$/],
    ['a b', secure, TypeError, /RFC 6265/],
    ['a;b', secure, TypeError, /RFC 6265/],
    ['a=b', secure, TypeError, /RFC 6265/],
    ['a,b', secure, TypeError, /RFC 6265/],
    ['"a"', secure, TypeError, /RFC 6265/],
    ['a\n', secure, TypeError, /RFC 6265/],
    ['a\0', secure, TypeError, /RFC 6265/],
    ['ü', secure, TypeError, /RFC 6265/],
    ['__Host-login', secure, TypeError, /no cookie prefix/],
    ['__host-login', plain, TypeError, /no cookie prefix/],
    ['__SECURE-login', secure, TypeError, /no cookie prefix/],
    ['__Http-login', secure, TypeError, /no cookie prefix/],
    ['login.1', secure, TypeError, /no number after its last point/],
    ['login.10', plain, TypeError, /no number after its last point/],
    ['http-login', open, TypeError, /httpOnly is false/],
    ['a'.repeat(129), secure, RangeError, /at most 128 characters, got 129$/],
  ])('refuses %j', (given, attributes, error, message) => {
    expect(() => cookieNameOf(given, attributes)).toThrow(error);
    expect(() => cookieNameOf(given, attributes)).toThrow(message);
  });
});

describe('formatSetCookie()', () => {
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
    expect(formatSetCookie(cookieNameOf('login', attributes), 'v', attributes, maxAge)).toBe(expected);
  });

  it('writes the value as it is', () => {
    const value = '3.AZaz09-_';
    expect(formatSetCookie(name, value, secure, undefined).split(';')[0]).toBe(`${name}=${value}`);
  });

  it.each([0, -1, -Infinity])('with maxAge %d does not send the value', (maxAge) => {
    expect(formatSetCookie(name, 'secret', secure, maxAge)).toBe(formatDeletion(name, secure));
  });

  it('refuses what no cookie can hold', () => {
    expect(() => formatSetCookie(name, 'a;b', secure, 1)).toThrow(TypeError);
    expect(() => formatSetCookie(name, 'a\r\nb', secure, 1)).toThrow(TypeError);
    expect(() => formatSetCookie(name, 'v', secure, Number.NaN)).toThrow(RangeError);
  });
});

describe('formatDeletion()', () => {
  it('repeats what a browser finds the cookie by', () => {
    const past = 'Expires=Thu, 01 Jan 1970 00:00:00 GMT';
    expect(formatDeletion(name, secure)).toBe(`${name}=; Max-Age=0; Path=/; ${past}; HttpOnly; Secure; SameSite=Lax`);
    const attributes = readAttributes(
      { domain: 'a.example', path: '/x', partitioned: true, sameSite: 'none' },
      'cookie',
    );
    expect(formatDeletion('__Secure-a', attributes)).toBe(
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

  it('takes what is no text for no header', () => {
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

describe('splitValue()', () => {
  const room = MAX_COOKIE_BYTES - name.length;

  it.each([
    [0, 1],
    [1, 1],
    [room, 1],
    [room + 1, 2],
    [2 * room - 4, 2], // "2." and ".1"
    [2 * room - 3, 3],
    [3 * room - 6, 3],
    [3 * room - 5, 4],
    [9 * room - 18, 9],
    [9 * room - 17, 10],
    [10 * room - 21, 10], // "10."
    [10 * room - 20, 11],
    [11 * room - 24, 11], // ".10"
    [11 * room - 23, 12],
    [16 * room - 39, 16],
  ])('of %d characters gives %d cookies', (length, count) => {
    const value = text(length);
    const cookies = splitValue(name, value, MAX_CHUNKS);
    expect(countChunks(name, length)).toBe(count);
    expect(cookies.map((cookie) => cookie.name)).toEqual(Array.from({ length: count }, (_, at) => chunkName(name, at)));
    const sizes = cookies.map((cookie) => cookieBytes(cookie.name, cookie.value));
    expect(sizes.slice(0, -1).every((size) => size === MAX_COOKIE_BYTES)).toBe(true);
    expect(sizes.at(-1)).toBeLessThanOrEqual(MAX_COOKIE_BYTES);
    expect(parseCookies(header(cookies), name)).toEqual(length === 0 ? [] : [joined(value, count)]);
  });

  it('leaves a value that fits as it is', () => {
    expect(splitValue(name, 'abc', 1)).toEqual([{ name, value: 'abc' }]);
  });

  it('throws ERR_SESSION_TOO_LARGE over the number of cookies allowed', () => {
    expect(splitValue(name, text(2 * room - 4), 2)).toHaveLength(2);
    expect(() => splitValue(name, text(2 * room - 3), 2)).toThrow(
      expect.objectContaining({ code: 'ERR_SESSION_TOO_LARGE' }),
    );
    expect(countChunks(name, 16 * room - 38)).toBe(17);
    expect(() => splitValue(name, text(16 * room - 38), 16)).toThrow(
      expect.objectContaining({ code: 'ERR_SESSION_TOO_LARGE' }),
    );
  });

  it.each([0, -1, 1.5, MAX_CHUNKS + 1, Number.NaN, Infinity])('refuses %d cookies', (most) => {
    expect(() => splitValue(name, 'abc', most)).toThrow(RangeError);
  });

  it.each(['3.a', 'a b', 'ü', 'a=', 'a\n'])('refuses the value %j', (value) => {
    expect(() => splitValue(name, value, 8)).toThrow(TypeError);
  });

  it('and parseCookies() give the value back, whatever the order of the cookies', () => {
    const names = fc.stringMatching(/^[a-z_.-]{1,100}[a-z]$/);
    const ranks = fc.array(fc.double({ noNaN: true }), { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(names, fc.nat(MAX_CHUNKS * 3900), fc.nat(1000), ranks, (own, length, start, order) => {
        const value = text(length + 1, start);
        const cookies = [
          ...splitValue(own, value, MAX_CHUNKS),
          { name: 'other', value: 'x' },
          { name: `${own}x.1`, value: 'y' },
        ];
        const shuffled = cookies
          .map((cookie, at) => ({ cookie, rank: order[at] ?? 0 }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ cookie }) => cookie);
        expect(parseCookies(header(shuffled), own)).toEqual([joined(value, countChunks(own, value.length))]);
      }),
      { seed, numRuns: 60 },
    );
  });
});

describe('chunks that do not belong together', () => {
  const value = text(15_000);
  const cookies = splitValue(name, value, MOST); // four
  const of = (length: number, start: number) => splitValue(name, text(length, start), MOST);
  const at = <Item>(items: readonly Item[], index: number): Item => {
    const item = items[index];
    if (item === undefined) throw new Error(`nothing at ${index}`);
    return item;
  };

  it.each([1, 2, 3])('part %d missing', (missing) => {
    expect(parseCookies(header(cookies.filter((_, index) => index !== missing)), name)).toEqual([broken(4)]);
  });

  it('the first part missing', () => {
    expect(parseCookies(header(cookies.slice(1)), name)).toEqual([]);
    expect(staleChunks(header(cookies.slice(1)), name, 0)).toEqual([`${name}.1`, `${name}.2`, `${name}.3`]);
  });

  it.each([0, 1, 2])('part %d cut short or drawn out', (index) => {
    for (const change of [(part: string) => part.slice(0, -1), (part: string) => `${part}A`]) {
      const changed = cookies.map((cookie, place) =>
        place === index ? { ...cookie, value: change(cookie.value) } : cookie,
      );
      expect(parseCookies(header(changed), name)).toEqual([broken(4)]);
    }
  });

  it('the last part empty or over its cookie', () => {
    for (const part of ['', 'A'.repeat(MAX_COOKIE_BYTES - name.length - 1)]) {
      const changed = [...cookies.slice(0, 3), { name: `${name}.3`, value: part }];
      expect(parseCookies(header(changed), name)).toEqual([broken(4)]);
    }
  });

  it('parts left over from a longer value change nothing', () => {
    const longer = of(30_000, 1);
    expect(parseCookies(header([...cookies, ...longer.slice(4)]), name)).toEqual([joined(value, 4)]);
    expect(staleChunks(header([...cookies, ...longer.slice(4)]), name, 4)).toEqual(
      longer.slice(4).map((cookie) => cookie.name),
    );
  });

  it('a short value ignores the chunks of an older one', () => {
    expect(parseCookies(header([{ name, value: 'abc' }, ...cookies.slice(1)]), name)).toEqual([whole('abc')]);
  });

  it('one count with the parts of a value of another length', () => {
    const three = of(11_000, 2);
    expect(parseCookies(header([at(three, 0), ...cookies.slice(1)]), name)).toEqual([
      joined(`${at(three, 0).value.slice(2)}${at(cookies, 1).value}${at(cookies, 2).value}`, 3), // for the seal to refuse
    ]);
    expect(parseCookies(header([at(cookies, 0), ...three.slice(1)]), name)).toEqual([broken(4)]);
    const mixed = [at(cookies, 0), at(cookies, 1), at(three, 2), at(cookies, 3)]; // the last of three is not full
    expect(parseCookies(header(mixed), name)).toEqual([broken(4)]);
  });

  it('two sessions of one name, set by set', () => {
    const other = text(15_500, 3);
    const both = [...cookies, ...splitValue(name, other, MOST)];
    const found = parseCookies(header(both), name);
    expect(found.slice(0, 2)).toEqual([joined(value, 4), joined(other, 4)]);
    expect(found).toHaveLength(4);
  });

  it('a split and a whole value of one name', () => {
    expect(parseCookies(header([{ name, value: 'abc' }, ...cookies]), name)).toEqual([whole('abc'), joined(value, 4)]);
    expect(parseCookies(header([...cookies, { name, value: 'abc' }]), name)).toEqual([joined(value, 4), whole('abc')]);
  });

  it.each([0, 1, 2, 3])('part %d with a foreign one before it', (index) => {
    const foreign = at(of(15_000, 4), index);
    const found = parseCookies(header([foreign, ...cookies]), name);
    expect(found).toContainEqual(joined(value, 4));
    expect(found).toHaveLength(2);
  });

  it('two parts with a foreign one before each', () => {
    const foreign = of(15_000, 5);
    expect(parseCookies(header([at(foreign, 1), at(foreign, 3), ...cookies]), name)).toContainEqual(joined(value, 4));
  });

  it('never more than four candidates, and every cookie of the name has one', () => {
    const sets = [0, 6, 7, 8, 9, 10].map((start) => of(30_000, start));
    const found = parseCookies(header(sets.flat()), name);
    expect(found).toEqual([0, 6, 7, 8].map((start) => joined(text(30_000, start), 8)));
  });

  it('never throw, nor join to what splitValue() would not have written', () => {
    const pool = [of(5000, 11), of(9000, 12), of(13_000, 13), of(40, 14)].flat();
    fc.assert(
      fc.property(fc.shuffledSubarray([...pool, ...pool]), (chosen) => {
        const found = parseCookies(header(chosen), name);
        expect(found.length).toBeLessThanOrEqual(4);
        for (const one of found) {
          if (one.broken) expect(one.value).toBe('');
          else expect(splitValue(name, one.value, MAX_CHUNKS)).toHaveLength(one.chunks);
        }
      }),
      { seed, numRuns: 300 },
    );
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

describe('a hostile header', () => {
  const size = 1 << 20;
  const fill = (pair: string, length = size) => pair.repeat(Math.ceil(length / pair.length)).slice(0, length);
  const shapes: [name: string, pair: string][] = [
    ['semicolons', ';'],
    ['equal signs', '='],
    ['empty pairs', '=;'],
    ['no equal signs', 'a;'],
    ['now and then an equal sign', 'a;b;c=d;'],
    ['spaces', ' '],
    ['spaces around', '   =   ;'],
    ['NUL', '\0=\0;'],
    ['quotes', '"'],
    ['broken percent-encoding', 'a=%;%=%ff;'],
    ['__proto__', '__proto__=x; '],
    ['the name', name],
    ['cookies of the name', `${name}=abc; `],
    ['counts', `${name}=16.abc; `],
    ['chunks', `${name}=3.a; ${name}.1=b; ${name}.2=c; `],
    ['nearly chunks', `${name}.1234567=b; ${name}.=c; `],
    ['other characters', 'ü€😀=ü;'],
  ];
  const elapsed = (run: () => unknown): number => {
    const start = performance.now();
    run();
    return performance.now() - start;
  };

  it.each(shapes)('of 1 MB of %s costs little and stays linear', (_name, pair) => {
    const [half, full] = [fill(pair, size / 2), fill(pair)];
    const run = (given: string) => () => [parseCookies(given, name), staleChunks(given, name, 0)];
    for (const given of [half, full]) expect(parseCookies(given, name).length).toBeLessThanOrEqual(4);
    const [short, long] = [half, full].map((given) => Math.min(...[1, 2, 3].map(() => elapsed(run(given)))));
    expect(long).toBeLessThan(1000);
    expect(long).toBeLessThan(8 * (short ?? 0) + 50); // a square would be four times, on a quiet machine
  });

  it.each(shapes)('of %s leaves the cookie behind it readable', (_name, pair) => {
    const own = 'session';
    const given = `${fill(pair, 10_000)}; ${own}=abc`;
    expect(parseCookies(given, own)).toEqual([whole('abc')]);
  });

  it('of 10,000 cookies', () => {
    const others = Array.from({ length: 10_000 }, (_, at) => `c${at}=${at}`);
    const given = [...others.slice(0, 5000), `${name}=abc`, ...others.slice(5000)].join('; ');
    expect(elapsed(() => expect(parseCookies(given, name)).toEqual([whole('abc')]))).toBeLessThan(1000);
  });

  it('of 10,000 full chunks of every number', () => {
    const cookies = splitValue(name, text(60_000), MAX_CHUNKS);
    const given = Array.from({ length: 600 }, () => header(cookies)).join('; '); // 36 MB
    expect(elapsed(() => expect(parseCookies(given, name)).toEqual([joined(text(60_000), 15)]))).toBeLessThan(5000);
  });
});
