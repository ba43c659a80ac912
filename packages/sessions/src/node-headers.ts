/** The headers of a Node response: what the sessions have to say, what `writeHead` was given, and what an error leaves of them. */

import { addCookieToVary, mergeSetCookies, type ResponseChanges } from './fetch-response.ts';

type HeaderValue = number | string | readonly string[];

/** What `http.ServerResponse` and `http2.Http2ServerResponse` have in common, as far as headers go. */
export interface NodeHeaders {
  getHeader(name: string): HeaderValue | undefined;
  setHeader(name: string, value: HeaderValue): unknown;
  removeHeader(name: string): void;
}

// What describes a body, or the way to it, and is wrong for another one.
const OF_THE_BODY: readonly string[] = [
  'Accept-Ranges',
  'Cache-Control',
  'Content-Disposition',
  'Content-Encoding',
  'Content-Language',
  'Content-Length',
  'Content-Location',
  'Content-Range',
  'Content-Type',
  'ETag',
  'Expires',
  'Last-Modified',
  'Location',
  'Refresh',
  'Trailer',
  'Transfer-Encoding',
];

/** Puts the changes onto headers that have not been sent. */
export function changeHeaders(headers: NodeHeaders, changes: ResponseChanges): void {
  const lines = mergeSetCookies(toList(headers.getHeader('Set-Cookie')), changes);
  if (lines?.length === 0) headers.removeHeader('Set-Cookie');
  else if (lines !== undefined) headers.setHeader('Set-Cookie', lines);
  const vary = changes.varyCookie ? addCookieToVary(toList(headers.getHeader('Vary')).join(', ')) : undefined;
  if (vary !== undefined) headers.setHeader('Vary', vary);
  if (changes.noStore && headers.getHeader('Cache-Control') === undefined) {
    headers.setHeader('Cache-Control', 'no-store');
  }
}

/**
 * Moves the headers given to `writeHead` onto the response, where `writeHead` would overwrite a Set-Cookie of ours with its own.
 *
 * @param args `(status, headers?)` or `(status, message, headers?)`; headers are an object, `[name, value, …]` or `[[name, value], …]`.
 * @returns the arguments without headers.
 * @throws what `setHeader` throws at a name or value that it refuses.
 */
export function foldHeaders(headers: NodeHeaders, args: readonly unknown[]): readonly unknown[] {
  const [status, message, last] = args;
  const isMessage = typeof message === 'string';
  const given = isMessage ? last : (last ?? message);
  if (typeof given !== 'object' || given === null) return args;
  if (Array.isArray(given)) {
    const pairs = toPairs(given);
    // As Node does: what was set before goes, what is given twice stands twice.
    for (const [name] of pairs) headers.removeHeader(name);
    for (const [name, value] of pairs) put(headers, name, joinLines(headers.getHeader(name), value));
  } else {
    for (const [name, value] of Object.entries(given)) put(headers, name, value);
  }
  return isMessage ? [status, message] : [status];
}

/** Takes away the headers of a body that will not be sent. Cookies, and what guards the page or the connection, stay. */
export function dropBodyHeaders(headers: NodeHeaders): void {
  for (const name of OF_THE_BODY) headers.removeHeader(name);
}

function toPairs(given: readonly unknown[]): [name: string, value: unknown][] {
  if (given.every((pair) => Array.isArray(pair))) return given.map(([name, value]) => [String(name), value]);
  if (given.length % 2 === 1) {
    const message = `"headers" expected a value for every name, got ${given.length} elements`;
    throw Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_VALUE' });
  }
  return given.flatMap((name, at) => (at % 2 === 0 ? [[String(name), given[at + 1]]] : []));
}

function joinLines(before: HeaderValue | undefined, value: unknown): unknown {
  return before === undefined ? value : [...toList(before), ...(Array.isArray(value) ? value : [value])];
}

function put(headers: NodeHeaders, name: string, value: unknown): void {
  if (name === '') return; // so does Node
  headers.setHeader(name, value as HeaderValue); // trust boundary: setHeader checks what it is given
}

function toList(value: HeaderValue | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' || typeof value === 'number' ? [String(value)] : value;
}
