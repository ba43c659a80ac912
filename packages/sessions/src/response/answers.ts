/** What a handler has thrown -> the response that it stands for, as frameworks let a handler throw its answer. */

import { isObject } from '../options.ts';

/**
 * The answer that a handler has thrown: a Response as it is; for Next's `redirect()`, `notFound()` and their kind, for SvelteKit's
 * `redirect()`, and for errors with a 3xx status the response that the framework would make of it.
 *
 * @returns `undefined` if it is an error like any other.
 */
export function answerOf(thrown: unknown): Response | undefined {
  if (!isObject(thrown)) return undefined;
  if (isResponse(thrown)) return thrown;
  const digest: unknown = Reflect.get(thrown, 'digest');
  return typeof digest === 'string' ? answerOfNext(digest) : redirectOf(thrown);
}

/**
 * Next writes its answers into the digest of an error: `NEXT_REDIRECT;replace;/login;307;`, where the address may have semicolons of its
 * own, and `NEXT_HTTP_ERROR_FALLBACK;404`, in version 14 `NEXT_NOT_FOUND`.
 */
function answerOfNext(digest: string): Response | undefined {
  const [kind, ...parts] = digest.split(';');
  if (kind === 'NEXT_NOT_FOUND') return new Response(null, { status: 404 });
  if (kind === 'NEXT_HTTP_ERROR_FALLBACK')
    return isStatus(Number(parts[0]), 400) ? new Response(null, { status: Number(parts[0]) }) : undefined;
  const status = Number(parts.at(-2));
  return kind === 'NEXT_REDIRECT' && isStatus(status, 300)
    ? redirectTo(parts.slice(1, -2).join(';'), status)
    : undefined;
}

/** SvelteKit has the address beside the status, others in headers, and Hono's errors make the response themselves. */
function redirectOf(thrown: object): Response | undefined {
  const status: unknown = Reflect.get(thrown, 'status') ?? Reflect.get(thrown, 'statusCode');
  if (typeof status !== 'number' || !isStatus(status, 300)) return undefined;
  if ('getResponse' in thrown && typeof thrown.getResponse === 'function') {
    const response: unknown = thrown.getResponse();
    return isResponse(response) ? response : undefined;
  }
  const location: unknown = Reflect.get(thrown, 'location') ?? locationIn(Reflect.get(thrown, 'headers'));
  return typeof location === 'string' ? redirectTo(location, status) : undefined;
}

function locationIn(headers: unknown): unknown {
  if (!isObject(headers)) return undefined;
  if ('get' in headers && typeof headers.get === 'function') return headers.get('location');
  return Reflect.get(headers, 'location') ?? Reflect.get(headers, 'Location');
}

function redirectTo(location: string, status: number): Response {
  return new Response(null, { status, headers: { Location: location } });
}

function isStatus(status: number, from: 300 | 400): boolean {
  return Number.isInteger(status) && status >= from && status < from + 100;
}

/** Also one of another realm, such as Next's edge sandbox. */
function isResponse(value: unknown): value is Response {
  return isObject(value) && ['headers', 'body', 'status', 'clone'].every((name) => name in value);
}
