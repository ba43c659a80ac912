/** Whatever a framework hands out -> the request it stands for, and its cookies. */

import { type CookieJar, isJar, readJar } from '../cookie/jar.ts';
import { describe, isObject } from '../options.ts';

/** A request with headers: a Fetch `Request`, or a request of `node:http`, `node:http2` and of the frameworks built on them. */
export interface RequestWithHeaders {
  readonly headers:
    | { get(name: string): string | null }
    | Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** An AWS Lambda event that stands for a request: of API Gateway, a function URL or an Application Load Balancer. */
export interface LambdaEvent {
  readonly requestContext: object;
  readonly headers?: Readonly<Record<string, string | undefined>> | null | undefined;
  /** An Application Load Balancer has this one or the other. */
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null | undefined;
  /** Payload format 2.0 has the cookies here. */
  readonly cookies?: readonly string[] | undefined;
}

/**
 * What sessions can be asked for with: a request, what a framework wraps around one (Fastify's and Hono's `raw`, Koa's and h3's `req`, the `request` of
 * SvelteKit, Astro and React Router), React Router's `context`, an AWS Lambda event, or a cookie jar.
 */
export type SessionRequest =
  | RequestWithHeaders
  | { readonly raw: RequestWithHeaders }
  | { readonly req: RequestWithHeaders | { readonly raw: RequestWithHeaders } }
  | { readonly request: RequestWithHeaders }
  | LambdaEvent
  | ValuesOfRequest
  | CookieJar;

/** React Router's `context`, on which `sessions()` has put the request. */
interface ValuesOfRequest {
  get<Value>(context: { defaultValue?: Value }): Value;
  set(context: { defaultValue?: unknown }, value: never): void;
}

const WRAPPING: readonly string[] = ['raw', 'req', 'request'];

/**
 * The request inside what a framework hands out, or the cookie jar.
 *
 * @throws {TypeError} if there is neither, saying what came.
 */
export function unwrap(given: unknown): object {
  let request = given;
  for (let inner = request; inner !== undefined; inner = innerOf(request)) request = inner;
  if (!isObject(request)) throw notARequest(given);
  if (isResponse(request)) throw swapped();
  if (hasHeaders(request) || isJar(request)) return request;
  throw notARequest(given);
}

/** AWS has headers, headers with arrays, or null where a request came without any. */
function hasHeaders(request: object): boolean {
  if (isObject(Reflect.get(request, 'headers'))) return true; // asked in every request, so without a list of names
  return isObject(Reflect.get(request, 'multiValueHeaders')) || isObject(Reflect.get(request, 'requestContext'));
}

/**
 * Every Cookie header of the request, joined by `; `, or `undefined` if it has none. HTTP/2 sends several (RFC 9113 §8.2.3): Node joins them, and an
 * array of them, as other servers have it, is joined here.
 */
export function cookieHeaderOf(request: object): string | undefined {
  const value = headerOf(request, 'cookie', 'Cookie', 'cookies');
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.filter((line) => typeof line === 'string').join('; ') : undefined;
}

/** What browsers and frameworks put on a request for a page that the visitor may never see. */
const PREFETCH: readonly (readonly [name: string, spelled: string])[] = [
  ['sec-purpose', 'Sec-Purpose'],
  ['purpose', 'Purpose'], // Chromium before 103, Safari
  ['x-purpose', 'X-Purpose'],
  ['x-moz', 'X-Moz'],
  ['next-router-prefetch', 'Next-Router-Prefetch'],
];

/** Whether nobody may be looking at the answer: a HEAD request, a prefetch, a prerender or a preview. */
export function isPrefetch(request: object): boolean {
  if (methodOf(request) === 'HEAD') return true;
  return PREFETCH.some((names) => /^1$|prefetch|prerender|preview/.test(String(headerOf(request, ...names))));
}

/** AWS has it under a name of its own, in format 2.0 inside the context. */
function methodOf(request: object): unknown {
  const context: unknown = Reflect.get(request, 'requestContext');
  if (!isObject(context)) return Reflect.get(request, 'method');
  const http: unknown = Reflect.get(context, 'http');
  return isObject(http) ? Reflect.get(http, 'method') : Reflect.get(request, 'httpMethod');
}

/** The cookies of one name and its chunks in a jar, as a Cookie header. */
export function cookieHeaderOfJar(jar: CookieJar, cookieName: string, maxChunks: number): string | undefined {
  const pairs: string[] = [];
  for (let at = 0; at < maxChunks; at++) {
    const name = at === 0 ? cookieName : `${cookieName}.${at}`;
    const value = readJar(jar, name);
    if (value !== undefined) pairs.push(`${name}=${value}`);
  }
  return pairs.length === 0 ? undefined : pairs.join('; ');
}

/** A header of the request, by its name in lower case and as senders spell it. @param beside where AWS has it outside the headers. */
export function headerOf(request: object, name: string, spelled: string, beside?: string): unknown {
  const headers: unknown = Reflect.get(request, 'headers');
  if (isObject(headers) && hasGet(headers)) return headers.get(name);
  // Gateways pass on records that keep the sender's spelling. Where AWS has an array of each header, the other record has only the last value.
  return (
    valueIn(Reflect.get(request, 'multiValueHeaders'), name, spelled) ??
    valueIn(headers, name, spelled) ??
    (beside === undefined ? undefined : Reflect.get(request, beside))
  );
}

function valueIn(headers: unknown, name: string, spelled: string): unknown {
  return isObject(headers) ? (Reflect.get(headers, name) ?? Reflect.get(headers, spelled)) : undefined;
}

/** What an object wraps, if that can be a request. */
function innerOf(wrapper: unknown): object | undefined {
  if (!isObject(wrapper) || isFetchRequest(wrapper)) return undefined;
  for (const name of WRAPPING) {
    const value: unknown = Reflect.get(wrapper, name);
    if (isObject(value) && ('headers' in value || 'raw' in value || 'req' in value)) return value;
  }
  return undefined;
}

/** It wraps nothing, and may not even be asked: that of Next.js's edge sandbox throws where `request` is read. */
function isFetchRequest(value: object): boolean {
  return typeof Request !== 'undefined' && value instanceof Request;
}

/** A response has headers as well, but a status and no method. */
function isResponse(value: object): boolean {
  return (typeof Response !== 'undefined' && value instanceof Response) || 'setHeader' in value;
}

function hasGet(headers: object): headers is { get(name: string): unknown } {
  return 'get' in headers && typeof headers.get === 'function';
}

function swapped(): TypeError {
  return new TypeError(
    '"request" expected a request, got a response: are the arguments swapped? It is save(request, response)',
  );
}

function notARequest(given: unknown): TypeError {
  const got = isObject(given) ? `${given.constructor?.name || 'an object'} without headers` : describe(given);
  return new TypeError(`"request" expected a request, what a framework wraps around one, or a cookie jar, got ${got}`);
}
