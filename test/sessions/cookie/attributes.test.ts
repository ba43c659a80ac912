/** The attributes of the cookie and its name: what is accepted, what throws and how it is named. */
import { describe, expect, it } from 'vitest';
import { type CookieOptions, cookieNameOf, readAttributes } from '../../../packages/sessions/src/cookie/attributes.ts';
import { setCookieOf } from '../../../packages/sessions/src/cookie/header.ts';

const secure = readAttributes(undefined, 'cookie');

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
  ])('accepts %s', (_name, given, changed) => {
    const attributes = readAttributes(given, 'cookie');
    expect(attributes).toEqual({ ...defaults, ...changed });
    expect(Object.isFrozen(attributes)).toBe(true);
    expect(() => setCookieOf(cookieNameOf('login', attributes), 'x', attributes, 1)).not.toThrow();
  });

  it('treats an option that is undefined as not given', () => {
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
    ['lax', TypeError, /^"cookie" expected an object with options, got a \w+ of 3 characters$/],
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
    [{ path: 1 }, TypeError, /^"cookie.path" expected a \w+, got 1$/],
    [{ path: `/${'a'.repeat(1024)}` }, RangeError, /^"cookie.path" expected at most 1024 bytes, got 1025$/],
    [{ path: `/${'ü'.repeat(512)}` }, RangeError, /got 1025$/],
    [{ domain: '' }, TypeError, /^"cookie.domain"/],
    [{ domain: null }, TypeError, /^"cookie.domain" expected a \w+, got null$/],
    [{ domain: 'a;b' }, TypeError, /^"cookie.domain"/],
    [{ domain: 'example.org\r\nSet-Cookie: a=b' }, TypeError, /^"cookie.domain" .* got "example.org\\r\\n/],
    [{ domain: 'example.org\n' }, TypeError, /^"cookie.domain"/],
    [{ domain: 'example.org:8080' }, TypeError, /^"cookie.domain"/],
    [{ domain: 'https://example.org' }, TypeError, /^"cookie.domain"/],
    [{ domain: 'a..b' }, TypeError, /^"cookie.domain"/],
    [{ domain: 'müller.example' }, TypeError, /^"cookie.domain"/],
    [{ domain: 'a'.repeat(64) }, TypeError, /^"cookie.domain"/],
    [{ domain: 'a.'.repeat(600) }, RangeError, /^"cookie.domain" expected at most 1024 bytes, got 1200$/],
  ])('rejects %j', (given, error, message) => {
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
  ])('rejects %j', (given, attributes, error, message) => {
    expect(() => cookieNameOf(given, attributes)).toThrow(error);
    expect(() => cookieNameOf(given, attributes)).toThrow(message);
  });
});
