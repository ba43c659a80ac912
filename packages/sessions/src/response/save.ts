/** The sessions of a request -> the response that carries them: one call, every session, before the headers go out. */

import type { MaybePromise } from '../backends/backend.ts';
import { isPromise } from '../backends/kit/promise.ts';
import { applyToJar, type CookieJar, isJar } from '../cookie/jar.ts';
import { SessionError } from '../error.ts';
import { checkFunction, checkOptions, describe, isObject } from '../options.ts';
import type { SessionBase } from '../session/session.ts';
import { type Commit, commitVisits } from '../store/commit.ts';
import { type LambdaEvent, type RequestWithHeaders, type SessionRequest, unwrap } from '../store/request.ts';
import { enterScope, type Scope, scopeOf } from '../store/scope.ts';
import { visitOf } from '../store/visit.ts';
import type { ResponseChanges } from './changes.ts';
import { applyToNodeResponse, beforeHeaders, type NodeResponse } from './node.ts';
import { applyToFetch, type Changes, changesOf, respond, saveLogouts } from './serve.ts';

/**
 * Saves every session that was asked for with this request, at once, and returns the cookies to set: for jobs, sockets, and servers that have no response
 * of their own kind. `save`, `withSessions` and `saveBeforeHeaders` are made of it. Called again after the response was sent, it waits until the flash
 * messages are removed that a component has read meanwhile: for functions that are stopped once they have answered.
 *
 * @param session saves this one only. Default: all.
 * @returns the cookies, and for each session what became of it. A session that `failed` comes with its error, and can be changed and saved again.
 * @throws {SessionError} `ERR_SESSION_TOO_LARGE`. @throws {SealError} if a value cannot be sealed. Then nothing has been done.
 * @example
 * import { commit, cookieStore, generateKey } from 'sealring';
 * const store = cookieStore({ keys: [generateKey()] });
 * const request = { headers: { cookie: '' } };
 * const session = await store.get(request, 'login');
 * session.set('visits', 1);
 * const { cookies, sessions } = await commit(request);
 * console.log(cookies[0]?.name, sessions[0]?.outcome); // __Host-login created
 */
export async function commit(request: SessionRequest, session?: SessionBase): Promise<Commit> {
  return await commitScope(scopeOf(unwrap(request)), session);
}

/**
 * Saves every session that was asked for with this request, at once, and puts their cookies on the response.
 *
 * Pass a Fetch Response and return the one that comes back, a copy with the cookies; or Node's ServerResponse before its headers are sent; or a cookie
 * jar, such as Next's `cookies()`, alone or after the request. A session that was only read costs nothing.
 *
 * @param session saves this one only. Default: all.
 * @throws {SessionError} `ERR_SESSION_TOO_LARGE`, `ERR_SESSION_CONFLICT`, `ERR_SESSION_BACKEND`, `ERR_SESSION_UNKNOWN`, `ERR_SESSION_HEADERS_SENT`.
 * @throws {SealError} if a value cannot be sealed.
 * @throws {TypeError} if an argument is wrong, or a value does not fit the schema.
 * @example
 * import { cookieStore, generateKey, save } from 'sealring';
 * const store = cookieStore({ keys: [generateKey()] });
 * async function handle(request: Request): Promise<Response> {
 *   const session = await store.get(request, 'login');
 *   session.update('visits', (n = 0) => n + 1);
 *   return save(request, new Response(`Visit ${session.get('visits')}`));
 * }
 * const response = await handle(new Request('https://example.org/'));
 * console.log(await response.text()); // Visit 1
 */
export async function save(request: SessionRequest, response: Response, session?: SessionBase): Promise<Response>;
export async function save(jar: CookieJar): Promise<undefined>;
export async function save(
  request: SessionRequest,
  response: NodeResponse | CookieJar,
  session?: SessionBase,
): Promise<undefined>;
export async function save(
  request: SessionRequest,
  given?: Response | NodeResponse | CookieJar,
  session?: SessionBase,
): Promise<Response | undefined> {
  const response = checkResponse(given ?? request, given);
  const scope = scopeOf(unwrap(request));
  const committed = commitScope(scope, session);
  return apply(response, changesOf(isPromise(committed) ? await committed : committed, scope), scope);
}

type Answerable = Response | NodeResponse | CookieJar;

function checkResponse(response: unknown, given: unknown): Answerable {
  if (!isNodeResponse(response)) {
    if (isJar(response) || isFetchResponse(response)) return response;
    throw notAResponse(given);
  }
  if (!response.headersSent) return response;
  const why = 'Cannot save sessions: the headers of the response are already sent';
  throw new SessionError('ERR_SESSION_HEADERS_SENT', why);
}

function apply(response: Answerable, changes: Changes, scope: Scope): Response | undefined {
  let saved: Response | undefined;
  if (isNodeResponse(response)) applyToNodeResponse(response, changes);
  else if (isFetchResponse(response)) saved = applyToFetch(response, changes, scope);
  else applyToJar(response, changes);
  if (changes.failure !== undefined) throw changes.failure.error;
  return saved;
}

/** Options of `withSessions`. */
export interface WithSessionsOptions {
  /** Is told why a save failed, and may return the response to send. Default: the error goes to whoever called the handler. */
  onError?: (error: unknown, request: unknown) => Response | undefined | Promise<Response | undefined>;
}

/**
 * A Fetch handler that saves by itself: `export default { fetch: withSessions(handler) }`. Inside it every copy and wrapper of the request finds the same
 * sessions, in runtimes with AsyncLocalStorage.
 *
 * A thrown redirect is an answer like any other: a Response, Next's `redirect()`, anything with a status from 300 to 399. When the handler throws something
 * else, the error goes on and changes are not saved; with a server store, a logout still is.
 *
 * @throws {TypeError} if an option is wrong, or the handler returns no response.
 * @example
 * import { cookieStore, generateKey, withSessions } from 'sealring';
 * const store = cookieStore({ keys: [generateKey()] });
 * const handle = withSessions(async (request) => {
 *   const session = await store.get(request, 'login');
 *   session.update('visits', (n = 0) => n + 1);
 *   return new Response(`Visit ${session.get('visits')}`);
 * });
 * const response = await handle(new Request('https://example.org/'));
 * console.log(await response.text()); // Visit 1
 */
export function withSessions<
  Incoming extends RequestWithHeaders | LambdaEvent = Request,
  Rest extends unknown[] = [],
  Answer extends Response | undefined = Response,
>(
  handler: (request: Incoming, ...rest: Rest) => Answer | Promise<Answer>,
  options: WithSessionsOptions = {},
): (request: Incoming, ...rest: Rest) => Promise<Answer> {
  const { onError } = checkOptions('withSessions()', options, ['onError']);
  checkFunction('onError', onError);
  return async (request, ...rest) => {
    const saved = await respond(
      request,
      () => handler(request, ...rest),
      (error) => onError?.(error, request),
    );
    if (saved === undefined && !rest.some(canUpgrade)) {
      throw new TypeError(
        'withSessions() expected the handler to return a Response, got undefined: is a "return" missing?',
      );
    }
    return saved;
  };
}

/**
 * Node: saves by itself, at the last moment before the headers go out, whoever sends them. Call it once, first thing in a handler or middleware. With cookie
 * stores and synchronous backends nothing is delayed; otherwise the response waits until the record is written. A session that was only read delays nothing.
 *
 * @param onError is told why a save failed, and may answer with a page of its own. If it does not, the client gets a 500 without details. Default: `console.error`.
 * @throws {SessionError} `ERR_SESSION_HEADERS_SENT` when called too late.
 * @example
 * import { createServer } from 'node:http';
 * import { cookieStore, saveBeforeHeaders } from 'sealring';
 * const store = cookieStore({ keys: [process.env.SESSION_KEY] });
 * const server = createServer(async (request, response) => {
 *   saveBeforeHeaders(request, response);
 *   const session = await store.get(request, 'login');
 *   session.update('visits', (n = 0) => n + 1);
 *   response.end(`Visit ${session.get('visits')}`);
 * });
 */
export function saveBeforeHeaders<Answer extends NodeResponse>(
  request: SessionRequest,
  response: Answer,
  onError: (error: unknown, response: Answer) => unknown = (error) => console.error(error),
): void {
  if (!isNodeResponse(response)) throw notAResponse(response);
  const scope = enterScope(unwrap(request));
  const commit = (): MaybePromise<ResponseChanges | undefined> => {
    scope.isClosed = true;
    if (!scope.isUsed) return undefined;
    const committed = scope.commit();
    return isPromise(committed) ? committed.then((done) => changesOf(done, scope)) : changesOf(committed, scope);
  };
  // Nothing may be sent any more once the visitor has left, and a logout must not wait for that.
  beforeHeaders(response, commit, onError, () => saveLogouts(scope));
}

/** All sessions of a scope, or one of them. */
function commitScope(scope: Scope, session: SessionBase | undefined): MaybePromise<Commit> {
  if (session === undefined) return scope.commit();
  const visit = visitOf('session', session);
  return commitVisits(scope.visits.filter((one) => one === visit));
}

/** Bun: a handler that has upgraded the connection returns nothing. */
function canUpgrade(argument: unknown): boolean {
  return isObject(argument) && 'upgrade' in argument && typeof argument.upgrade === 'function';
}

function isNodeResponse(response: unknown): response is NodeResponse {
  return isObject(response) && 'setHeader' in response && 'headersSent' in response;
}

/** Also one of another realm, such as Next's edge sandbox. */
function isFetchResponse(response: unknown): response is Response {
  return isObject(response) && 'headers' in response && 'status' in response;
}

function notAResponse(given: unknown): TypeError {
  const expected = '"response" expected a Response, a ServerResponse or a cookie jar';
  if (given === undefined) return new TypeError(`${expected}, got undefined. It is save(request, response)`);
  const isRequest = isObject(given) && 'method' in given;
  const got = isRequest ? 'a request: are the arguments swapped? It is save(request, response)' : describe(given);
  return new TypeError(`${expected}, got ${got}`);
}
