/** Any request -> its Cookie header. */

import { describe } from './options.ts';

/**
 * What the session layer needs of a request: a Fetch `Request` has it, and so have the requests of `node:http`, `node:http2` and
 * of the frameworks built on them.
 */
export interface SessionRequest {
  readonly headers:
    | { get(name: string): string | null }
    | Readonly<Record<string, string | readonly string[] | undefined>>;
}

/**
 * Every Cookie header of the request, joined by `; `; undefined when there is none. HTTP/2 sends several (RFC 9113 §8.2.3): Node
 * joins them by itself, and an array of them, as other servers have it, is joined here.
 *
 * @throws {TypeError} when the argument has no headers, saying what came in its place.
 */
export function cookieHeaderOf(request: SessionRequest): string | undefined {
  const headers: unknown = typeof request === 'object' && request !== null ? request.headers : undefined;
  if (typeof headers !== 'object' || headers === null) {
    throw new TypeError(
      `"request" expected an object with headers, as Request or IncomingMessage, got ${show(request)}`,
    );
  }
  return joinHeader(hasGet(headers) ? headers.get('cookie') : readRecord(headers));
}

// Gateways hand on records that keep the sender's spelling; Node's are all lower case.
function readRecord(headers: object): unknown {
  return Reflect.get(headers, 'cookie') ?? Reflect.get(headers, 'Cookie');
}

function hasGet(headers: object): headers is { get(name: string): unknown } {
  return 'get' in headers && typeof headers.get === 'function';
}

function joinHeader(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.filter((line) => typeof line === 'string').join('; ') : undefined;
}

function show(value: unknown): string {
  if (typeof value !== 'object' || value === null) return describe(value);
  return `${value.constructor?.name || 'an object'} without headers`;
}
