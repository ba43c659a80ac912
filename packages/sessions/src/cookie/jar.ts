/** A framework's cookie jar, which is a request and a response in one: its cookies as they came, and cookies to set -> the jar's own calls. */

import { SessionError } from '../error.ts';
import { describe } from '../options.ts';
import type { SetCookie } from './header.ts';

/** Attributes as all jars spell them. */
interface JarAttributes {
  path: string;
  secure: boolean;
  httpOnly: boolean;
  sameSite: 'strict' | 'lax' | 'none';
  domain?: string;
  partitioned?: boolean;
  priority?: 'low' | 'medium' | 'high';
  /** Seconds. */
  maxAge?: number;
  expires?: Date;
}

/** Next's `cookies()`, SvelteKit's `event.cookies`, `Astro.cookies`, Bun's `CookieMap`, or an object of your own with these two methods. */
export interface CookieJar {
  /** Returns the decoded value, or an object with the value, or nothing. */
  get(name: string): unknown;
  set(name: string, value: string, attributes: JarAttributes): unknown;
}

/**
 * Whether something is a cookie jar. Others have `get` and `set` as well: `Map`, `Headers` and their kind, the contexts of Koa and Hono,
 * the response of Express, and Koa's jar, which counts `maxAge` in milliseconds.
 */
export function isJar(value: unknown): value is CookieJar {
  if (typeof value !== 'object' || value === null) return false;
  const kind = (name: string): string => typeof Reflect.get(value, name);
  if (kind('get') !== 'function' || kind('set') !== 'function') return false;
  if (kind('append') === 'function') return false;
  if (kind('headers') === 'object' || kind('req') === 'object' || kind('request') === 'object') return false;
  return !/^\[object (?:Weak)?Map\]$/.test(Object.prototype.toString.call(value)); // also one of another realm
}

/**
 * Whether a jar only shows the cookies of a request: Next's `cookies()` in a server component, and `request.cookies` in its proxy, where
 * `set` reaches no visitor.
 */
export function isReadOnlyJar(jar: CookieJar): boolean {
  return typeof Reflect.get(jar, 'clear') === 'function';
}

/**
 * Whether a jar says of itself that it takes no cookie: Next's `cookies()` in a server component, which has one function, which throws, in the place of
 * `set`, `delete` and `clear`. In Next's proxy `request.cookies` is another kind of the same class: its changes are saved to the response's cookies.
 */
export function isSealedJar(jar: object): boolean {
  const set: unknown = Reflect.get(jar, 'set');
  return typeof set === 'function' && set === Reflect.get(jar, 'clear');
}

/**
 * Reads a cookie.
 *
 * @returns its value as it stands in a Cookie header, or `undefined` if there is none, or an empty one.
 * @throws {TypeError} if the jar answers with something else, such as a promise.
 */
export function readJar(jar: CookieJar, name: string): string | undefined {
  const cookie = jar.get(name);
  if (cookie === undefined || cookie === null) return undefined;
  const value: unknown = typeof cookie === 'object' ? Reflect.get(cookie, 'value') : cookie;
  if (typeof value === 'string') return value === '' ? undefined : value.replaceAll(';', '%3B'); // the jar has decoded it
  const got = typeof cookie === 'object' && 'then' in cookie ? 'a promise' : describe(cookie);
  throw new TypeError(`"jar" expected get() to return a string or an object with a value, got ${got}`);
}

/**
 * Sets cookies. Only cookies of these names are touched. What the response says to caches is the framework's affair.
 *
 * @throws {TypeError} if the jar is read-only.
 * @throws {SessionError} `ERR_SESSION_HEADERS_SENT` if the jar takes no cookie any more, with the jar's own error as cause.
 */
export function applyToJar(jar: CookieJar, { cookies }: { readonly cookies: readonly SetCookie[] }): void {
  if (cookies.length === 0) return;
  if (isReadOnlyJar(jar)) {
    const advice = "in Next, save in a route handler or a server action, or to the response's cookies in the proxy";
    throw new TypeError(`"jar" expected cookies that can be set, got those of a request: ${advice}`);
  }
  try {
    for (const cookie of cookies) jar.set(cookie.name, cookie.value, attributesOf(cookie));
  } catch (cause) {
    throw new SessionError('ERR_SESSION_HEADERS_SENT', 'Cannot set a cookie: the cookie jar does not take one here', {
      cause,
    });
  }
}

/** All that differs between the defaults of jars is given. A deletion has Expires as well: Next drops a Max-Age of 0 from some lines. */
function attributesOf({ attributes, maxAge }: SetCookie): JarAttributes {
  const { path, secure, httpOnly, sameSite, domain, partitioned, priority } = attributes;
  return {
    path,
    secure,
    httpOnly,
    sameSite,
    ...(domain === undefined ? {} : { domain }),
    ...(partitioned ? { partitioned } : {}),
    ...(priority === undefined ? {} : { priority }),
    ...(maxAge === undefined ? {} : { maxAge }),
    ...(maxAge === 0 ? { expires: new Date(0) } : {}),
  };
}
