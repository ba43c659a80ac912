/** What a commit has to say to the visitor -> the headers of the response. The same rules for a Fetch response and for a Node response. */

import type { SetCookie } from '../cookie/header.ts';

/** A cookie to set. */
export type CookieLine = Pick<SetCookie, 'name' | 'line'>;

/** What a commit has to say to the visitor. */
export interface ResponseChanges {
  /** The cookies to set, in this order. */
  readonly cookies: readonly CookieLine[];
  /** Whether a session was loaded. The response then depends on the Cookie header, and Vary says so. */
  readonly readSession: boolean;
  /** Why one of the sessions could not be saved. The cookies of the others are set all the same. */
  readonly failure?: { readonly error: unknown } | undefined;
}

/** The headers of a response: one value for each name, joined by commas, and every Set-Cookie line, in order. */
export interface ResponseHeaders {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
  getSetCookie(): readonly string[];
  replaceSetCookie(lines: readonly string[]): void;
}

// A registered symbol, so that two copies of this package know each other's lines.
const OWN_LINES = /* @__PURE__ */ Symbol.for('sealring.lines');

// RFC 9213 §2.1: a CDN that knows one of these obeys it in place of Cache-Control.
const FOR_CDNS: readonly string[] = [
  'cdn-cache-control',
  'cloudflare-cdn-cache-control',
  'netlify-cdn-cache-control',
  'vercel-cdn-cache-control',
  'surrogate-control', // Fastly and others
  'edge-control', // Akamai
];

/**
 * Sets the headers.
 *
 * A new cookie replaces the line that an earlier commit has put on this response under the same name, and no other line: those that
 * somebody else has written stay, whatever their name is.
 *
 * No cache may hand one visitor's cookie to another. Where a cookie is set, `Cache-Control: no-store` is added unless the response has
 * a Cache-Control of its own, which is the application's decision. Headers for CDNs alone become `no-store` as well: they are mostly
 * configured for a whole site, and a CDN that obeys one does not see our Cache-Control.
 */
export function setHeaders(response: object, headers: ResponseHeaders, changes: ResponseChanges): void {
  const { cookies } = changes;
  if (cookies.length > 0) {
    const lines = cookies.map(({ line }) => line);
    const present = headers.getSetCookie();
    headers.replaceSetCookie(present.length === 0 ? lines : [...withoutReplaced(present, response, cookies), ...lines]);
    if (headers.get('cache-control') === undefined) headers.set('Cache-Control', 'no-store');
    for (const name of FOR_CDNS.filter((each) => headers.get(each) !== undefined)) headers.set(name, 'no-store');
  }
  const vary = varyOf(headers.get('vary'), changes);
  if (vary !== undefined) headers.set('Vary', vary);
}

/**
 * Remembers on a response which lines are ours, for `setHeaders` of a later commit.
 *
 * @param before the response whose own lines still stand on this one; the same object, or the one that it is a copy of.
 */
export function rememberLines(response: object, before: object, cookies: readonly CookieLine[]): void {
  const kept = ownLines(before);
  if (cookies.length === 0 && (kept === undefined || response === before)) return;
  const lines = kept === undefined ? cookies : [...kept.filter((own) => !hasName(cookies, own.name)), ...cookies];
  Reflect.set(response, OWN_LINES, lines);
}

function withoutReplaced(
  lines: readonly string[],
  response: object,
  cookies: readonly CookieLine[],
): readonly string[] {
  const replaced = ownLines(response)?.filter(({ name }) => hasName(cookies, name));
  return lines.filter((line) => replaced?.some((own) => own.line === line) !== true);
}

function hasName(cookies: readonly CookieLine[], name: string): boolean {
  return cookies.some((cookie) => cookie.name === name);
}

/** The cookies that earlier commits have put on the response. */
function ownLines(response: object): readonly CookieLine[] | undefined {
  // trust boundary: only this package, whichever copy of it, writes under this symbol
  return Reflect.get(response, OWN_LINES) as readonly CookieLine[] | undefined;
}

/** Returns the new value of Vary, or `undefined` where the present one may stay: no session was read, or it says `Cookie` in any case, or `*`. */
export function varyOf(vary: string | undefined, { readSession }: ResponseChanges): string | undefined {
  if (!readSession) return undefined;
  if (vary === undefined || vary.trim() === '') return 'Cookie';
  const names = vary.split(',').map((name) => name.trim().toLowerCase());
  return names.includes('cookie') || names.includes('*') ? undefined : `${vary}, Cookie`;
}
