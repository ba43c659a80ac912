import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { readAttributes } from '../../../packages/sessions/src/cookie/attributes.ts';
import { deletionOf, setCookieOf } from '../../../packages/sessions/src/cookie/header.ts';
import {
  applyToJar,
  type CookieJar,
  isJar,
  isReadOnlyJar,
  readJar,
} from '../../../packages/sessions/src/cookie/jar.ts';

type Call = [name: string, value: string, attributes: unknown];

/** Jars as frameworks have them, each with what it was told to set. `get` answers as the framework's does. */
const jars: { name: string; create: (cookies: Record<string, string>) => { jar: CookieJar; calls: Call[] } }[] = [
  {
    name: 'Next: an object with name and value',
    create: (cookies) => jarOf(cookies, (name, value) => ({ name, value })),
  },
  { name: 'SvelteKit: a string', create: (cookies) => jarOf(cookies, (_name, value) => value) },
  {
    name: 'Astro: an object with a value',
    create: (cookies) => jarOf(cookies, (_name, value) => new AstroCookie(value)),
  },
  { name: 'Bun: a string or null', create: (cookies) => jarOf(cookies, (_name, value) => value, null) },
];

const attributes = readAttributes({}, 'cookie');
const LOGIN = setCookieOf('__Host-login', 'Eabc-_', attributes, 3600.5);

describe.each(jars)('a jar whose get() returns what it does in $name', ({ create }) => {
  it('is a jar that can be set', () => {
    const { jar } = create({});
    expect([isJar(jar), isReadOnlyJar(jar)]).toEqual([true, false]);
  });

  it('gives the value of a cookie', () => {
    const { jar } = create({ login: 'Eabc', 'login.1': '-_', other: 'x' });
    expect(['login', 'login.1', 'login.2', 'LOGIN'].map((name) => readJar(jar, name))).toEqual([
      'Eabc',
      '-_',
      undefined,
      undefined,
    ]);
  });

  it('gives no value of a cookie that is empty, as a deletion leaves it', () => {
    expect(readJar(create({ login: '' }).jar, 'login')).toBeUndefined();
  });

  it('gives no second cookie to a value that was decoded', () => {
    expect(readJar(create({ login: 'a; __Host-admin=b' }).jar, 'login')).toBe('a%3B __Host-admin=b');
  });

  it('is set with every attribute that jars have defaults of their own for', () => {
    const { jar, calls } = create({});
    applyToJar(jar, { cookies: [LOGIN] });
    const always = { path: '/', secure: true, httpOnly: true, sameSite: 'lax' };
    expect(calls).toStrictEqual([['__Host-login', 'Eabc-_', { ...always, maxAge: 3601 }]]);
  });

  it('is set with all other attributes where they are chosen', () => {
    const { jar, calls } = create({});
    const options = {
      domain: 'a.example',
      path: '/app',
      httpOnly: false,
      sameSite: 'none',
      partitioned: true,
    } as const;
    const chosen = readAttributes({ ...options, priority: 'high' }, 'cookie');
    applyToJar(jar, { cookies: [setCookieOf('__Secure-login', 'E', chosen, undefined)] });
    expect(calls).toStrictEqual([['__Secure-login', 'E', { ...options, secure: true, priority: 'high' }]]);
  });

  it('deletes with Max-Age and Expires', () => {
    const { jar, calls } = create({ login: 'E' });
    applyToJar(jar, { cookies: [deletionOf('login', readAttributes({ secure: false }, 'cookie'))] });
    const expected = { path: '/', secure: false, httpOnly: true, sameSite: 'lax', maxAge: 0, expires: new Date(0) };
    expect(calls).toStrictEqual([['login', '', expected]]);
  });

  it('is set in order, and not at all where there is nothing to set', () => {
    const { jar, calls } = create({});
    applyToJar(jar, { cookies: [] });
    expect(calls).toEqual([]);
    applyToJar(jar, { cookies: [LOGIN, deletionOf('login.1', attributes), LOGIN] });
    expect(calls.map(([name]) => name)).toEqual(['__Host-login', 'login.1', '__Host-login']);
  });
});

describe('isJar()', () => {
  const request = new IncomingMessage(new Socket());
  const accessors = { get: () => undefined, set: () => {} };
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a string', 'login=E'],
    ['a Map', new Map()],
    ['a WeakMap', new WeakMap()],
    ['Headers', new Headers()],
    ['URLSearchParams', new URLSearchParams()],
    ['FormData', new FormData()],
    ['a Request', new Request('http://a.example/')],
    ['a Response', new Response()],
    ['a Node request', request],
    ['a Node response', new ServerResponse(request)],
    ['the response of Express', Object.assign(new ServerResponse(request), accessors)],
    ['the context of Koa', { ...accessors, req: request, headers: {} }],
    ['the jar of Koa, which counts in milliseconds', { ...accessors, request, response: {} }],
    ['a request with methods of its own', { ...accessors, headers: { cookie: 'login=E' } }],
    ['the context of Hono', { ...accessors, req: {} }],
    ['a promise of a jar', Promise.resolve(accessors)],
    ['half a jar', { get: () => undefined }],
  ])('says no to %s', (_name, value) => {
    expect(isJar(value)).toBe(false);
  });

  it('says yes to an object of one’s own', () => {
    expect(isJar(accessors)).toBe(true);
    expect(isJar({ ...accessors, headers: () => [] })).toBe(true); // Astro's has such a method
  });
});

describe('a jar that cannot be used', () => {
  it.each([
    { name: 'a promise', cookie: Promise.resolve('E'), got: 'a promise' },
    { name: 'a number', cookie: 7, got: '7' },
    { name: 'an object without a value', cookie: { name: 'login' }, got: 'an object' },
  ])('by its get(), which returns $name, is a mistake of the caller', ({ cookie, got }) => {
    const jar = { get: () => cookie, set: () => {} };
    expect(() => readJar(jar, 'login')).toThrow(
      new TypeError(`"jar" expected get() to return a string or an object with a value, got ${got}`),
    );
  });

  it('as it shows the cookies of a request is read, and never set', () => {
    const { jar, calls } = jarOf({ login: 'E' }, (name, value) => ({ name, value }));
    const readOnly = Object.assign(jar, { clear: () => {} });
    expect([isJar(readOnly), isReadOnlyJar(readOnly), readJar(readOnly, 'login')]).toEqual([true, true, 'E']);
    applyToJar(readOnly, { cookies: [] });
    expect(() => applyToJar(readOnly, { cookies: [LOGIN] })).toThrow(TypeError);
    expect(calls).toEqual([]);
  });

  it('as it is too late is an error with its own as cause', () => {
    const cause = new Error('Cannot use `cookies.set(...)` after the response has been generated');
    const jar = {
      get: () => undefined,
      set: () => {
        throw cause;
      },
    };
    const error = errorOf(() => applyToJar(jar, { cookies: [LOGIN] }));
    expect(error).toMatchObject({ name: 'SessionError', code: 'ERR_SESSION_HEADERS_SENT', cause });
    expect(String(error)).not.toContain(LOGIN.value);
  });
});

class AstroCookie {
  readonly value: string;
  constructor(value: string) {
    this.value = value;
  }
}

function jarOf(
  cookies: Record<string, string>,
  answer: (name: string, value: string) => unknown,
  missing?: null,
): { jar: CookieJar; calls: Call[] } {
  const calls: Call[] = [];
  const jar = {
    get: (name: string) => (Object.hasOwn(cookies, name) ? answer(name, cookies[name] ?? '') : missing),
    set: (...call: Call) => void calls.push(call),
  };
  return { jar, calls };
}

function errorOf(call: () => void): unknown {
  try {
    call();
    return undefined;
  } catch (error) {
    return error;
  }
}
