/** The headers of a Node response: what the sessions have to say, what `writeHead` was given, and what an error leaves of them. */

import { type ResponseChanges, type ResponseHeaders, rememberLines, setHeaders } from './changes.ts';

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

/** The headers that are set on a response. */
class Present implements ResponseHeaders {
  readonly #response: NodeHeaders;

  constructor(response: NodeHeaders) {
    this.#response = response;
  }

  get(name: string): string | undefined {
    const value = this.#response.getHeader(name);
    return value === undefined ? undefined : toList(value).join(', ');
  }

  set(name: string, value: string): void {
    this.#response.setHeader(name, value);
  }

  getSetCookie(): readonly string[] {
    return toList(this.#response.getHeader('set-cookie'));
  }

  replaceSetCookie(lines: readonly string[]): void {
    this.#response.setHeader('Set-Cookie', lines);
  }
}

/** Puts the changes on headers that have not been sent. */
export function changeHeaders(response: NodeHeaders, changes: ResponseChanges): void {
  setHeaders(response, new Present(response), changes);
  rememberLines(response, response, changes.cookies);
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

/**
 * Sets the status to 500 and takes away the headers of the body that will not be sent. Cookies, and what guards the page or the
 * connection, stay.
 */
export function clearForError(response: NodeHeaders & { statusCode: number }): void {
  response.statusCode = 500;
  if (!('createPushResponse' in response)) Reflect.set(response, 'statusMessage', ''); // HTTP/2 has none, and warns
  for (const name of OF_THE_BODY) response.removeHeader(name);
  response.setHeader('Cache-Control', 'no-store');
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
