/** The sessions of a request -> the response that carries them: one call, every session, before the headers go out. */

import type { CookieChanges } from './carrier.ts';
import { SessionError } from './error.ts';
import { applyToResponse, type ResponseChanges } from './fetch-response.ts';
import { applyToNodeResponse, beforeHeaders, type NodeResponse } from './node-response.ts';
import { describe } from './options.ts';
import type { SessionRequest } from './request.ts';
import { commitLogouts, commitRequest } from './requests.ts';

/**
 * Saves every session that was asked for with this request, at once, and puts their cookies on the response.
 *
 * Give a Fetch Response and return what comes back: it is another object where the headers of the one given cannot be changed. Or give
 * Node's ServerResponse before its headers are sent. A session that was only read costs nothing.
 *
 * @throws {SessionError} `ERR_SESSION_TOO_LARGE`, `ERR_SESSION_CONFLICT`, `ERR_SESSION_BACKEND`, `ERR_SESSION_HEADERS_SENT`.
 * @example
 * import { cookieStore, save } from 'sealring';
 * import { generateKey } from '@sealring/codec';
 * const store = cookieStore({ keys: [generateKey()] });
 * async function handle(request: Request): Promise<Response> {
 *   const session = await store.get(request, 'login');
 *   session.update('visits', (n = 0) => n + 1);
 *   return save(request, new Response(`Visit ${session.get('visits')}`));
 * }
 * const response = await handle(new Request('https://example.org/'));
 * console.log(await response.text()); // Visit 1
 */
export async function save(request: SessionRequest, response: Response): Promise<Response>;
export async function save(request: SessionRequest, response: NodeResponse): Promise<undefined>;
export async function save(request: SessionRequest, response: Response | NodeResponse): Promise<Response | undefined> {
  const isNode = 'setHeader' in response;
  if (!isNode && !('headers' in response)) {
    throw new TypeError(`"response" expected a Response or ServerResponse, got ${describe(response)}`);
  }
  if (isNode && response.headersSent) {
    throw new SessionError('ERR_SESSION_HEADERS_SENT', 'Cannot save sessions: the headers of the response are sent');
  }
  const committed = await commitRequest(request);
  if (committed === undefined) return isNode ? undefined : response;
  const changes = responseChanges(committed);
  if (!isNode) return applyToResponse(response, changes);
  applyToNodeResponse(response, changes);
  return undefined;
}

/**
 * A Fetch handler that saves by itself: `export default { fetch: withSessions(handler) }`.
 *
 * When the handler throws, the error goes on and changes are not saved. A session that it has destroyed ends all the same.
 *
 * @example
 * import { cookieStore, withSessions } from 'sealring';
 * import { generateKey } from '@sealring/codec';
 * const store = cookieStore({ keys: [generateKey()] });
 * const handle = withSessions(async (request) => {
 *   const session = await store.get(request, 'login');
 *   session.update('visits', (n = 0) => n + 1);
 *   return new Response(`Visit ${session.get('visits')}`);
 * });
 * const response = await handle(new Request('https://example.org/'));
 * console.log(await response.text()); // Visit 1
 */
export function withSessions<Rest extends unknown[]>(
  handler: (request: Request, ...rest: Rest) => Response | Promise<Response>,
): (request: Request, ...rest: Rest) => Promise<Response> {
  return async (request, ...rest) => {
    let response: Response;
    try {
      response = await handler(request, ...rest);
    } catch (error) {
      await commitLogouts(request);
      throw error;
    }
    return save(request, response);
  };
}

/**
 * Node: saves by itself, at the last moment before the headers go out, whoever sends them. Call it once, first thing in a handler or
 * middleware. With cookie stores alone nothing is delayed; with a server store the response waits until the record is written.
 *
 * @param onError is told why a save failed; the client gets a 500 without details. Default: `console.error`.
 * @throws {SessionError} `ERR_SESSION_HEADERS_SENT` when called too late.
 * @example
 * import { createServer } from 'node:http';
 * import { cookieStore, saveBeforeHeaders } from 'sealring';
 * const store = cookieStore({ keys: [process.env.SESSION_KEY!] });
 * const server = createServer(async (request, response) => {
 *   saveBeforeHeaders(request, response);
 *   const session = await store.get(request, 'login');
 *   session.update('visits', (n = 0) => n + 1);
 *   response.end(`Visit ${session.get('visits')}`);
 * });
 */
export function saveBeforeHeaders(
  request: SessionRequest,
  response: NodeResponse,
  onError: (error: unknown) => void = console.error,
): void {
  const commit = () => {
    const committed = commitRequest(request);
    return committed instanceof Promise ? committed.then(responseChanges) : committed && responseChanges(committed);
  };
  beforeHeaders(response, commit, onError);
}

/** What a commit means for the response: what carries a session's cookie must not be cached. */
function responseChanges({ lines, names }: CookieChanges): ResponseChanges {
  return { setCookies: lines, ownNames: names, noStore: lines.length > 0, varyCookie: true };
}
