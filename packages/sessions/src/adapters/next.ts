/** Next.js 15 and 16, App Router: route handlers, server actions, the proxy (`middleware.ts` before 16), and flash messages in server components. */

import { cookieHeaderAfter } from '../cookie/header.ts';
import { applyToJar, type CookieJar } from '../cookie/jar.ts';
import { isWatched, warnOnce } from '../development.ts';
import { describe, isObject } from '../options.ts';
import { answerOf } from '../response/answers.ts';
import { withSessions } from '../response/save.ts';
import { serve } from '../response/serve.ts';
import { coreOf } from '../store/define.ts';
import { hasMessages, openMessages, takeMessages } from '../store/messages.ts';
import { isPrefetch, type SessionRequest } from '../store/request.ts';
import { forgetScope, isInScope, scopeOf } from '../store/scope.ts';
import type { Store } from '../store/store.ts';

/** What `defineSession()` returns, as far as it matters here. */
export interface Definition<Message = unknown> {
  readonly name: string;
  readonly store: Store;
  get(): Promise<unknown>;
  peek(request: SessionRequest): Promise<{ peekFlashes(bag?: string): Message[] }>;
}

/** Next's `NextProxy` and `NextMiddleware`. */
export type SessionsProxy = (request: Request, event: object) => Promise<Response>;

/** Under this name, and that of the session, the proxy sends the page its messages. */
const MESSAGES = 'sealring-messages-';
/** The answers of a proxy with which a request goes on to a page or a route handler. */
const NEXT = 'x-middleware-next';
const REWRITE = 'x-middleware-rewrite';
/** On the request by which Next itself fetches the page that a server action redirects to. */
const REDIRECTED = 'x-action-redirect';
/** How a proxy's answer names the request headers of the page, and gives their values. */
const OVERRIDES = 'x-middleware-override-headers';
const OVERRIDE = 'x-middleware-request-';

/** Of a cookie that the browser drops. */
const DROPPED = { path: '/', secure: false, httpOnly: true, sameSite: 'lax', maxAge: 0, expires: new Date(0) } as const;

type Handler = (...args: unknown[]) => unknown;

/**
 * Wraps a route handler, a server action or the proxy. Inside it `login.get()` needs no request, and what has changed is saved when it returns, redirects
 * or calls `notFound()`. If it is given sessions in place of a function, it returns a proxy that asks for each of them.
 *
 * The proxy renews the sessions that it asks for, and takes their messages for the page that is being loaded: `flashes` returns them there. What it
 * changes is there when the page asks for the session.
 *
 * @throws {TypeError} if it is given neither a function nor sessions.
 * @example
 * import { cookieStore, defineSession, generateKey } from 'sealring';
 * import { sessions } from 'sealring/next';
 * const login = defineSession<{ visits: number }>({ store: cookieStore({ keys: [generateKey()] }), name: 'login' });
 * export const GET = sessions(async (request) => {
 *   const session = await login.get();
 *   session.update('visits', (n = 0) => n + 1);
 *   return new Response(`Visit ${session.get('visits')} to ${request.url}`);
 * });
 */
export function sessions<Arguments extends unknown[] = [request: Request], Result = unknown>(
  handler: (...args: Arguments) => Result | Promise<Result>,
): (...args: Arguments) => Promise<Result>;
export function sessions(...definitions: [Definition, ...Definition[]]): SessionsProxy;
export function sessions(...given: unknown[]): unknown {
  const [handler] = given;
  if (isHandler(handler)) return wrap(handler);
  const definitions = given.map((one) => checkDefinition('sessions() expected a function, or', one));
  return wrap(async () => {
    await Promise.all(definitions.map((definition) => definition.get()));
  });
}

/**
 * For a server component: the flash messages that the proxy has taken for the page that is being loaded, or those of the server action that the page is
 * rendered for. They are the same however often they are asked for.
 *
 * What the router fetches gets none, as it may never be shown. The messages wait for the next page that the browser loads, or that a server action
 * redirects to.
 *
 * @param bag as in `session.flashes()`.
 * @example
 * ```tsx no-check it needs Next.js
 * export default async function Page() {
 *   const messages = await flashes(login);
 *   return messages.map((message) => <p role="alert" key={message}>{message}</p>);
 * }
 * ```
 */
export async function flashes<Message>(definition: Definition<Message>, bag = 'default'): Promise<Message[]> {
  const { store, name, peek } = checkDefinition('flashes() expected', definition);
  const { cookies, headers } = await import('next/headers'); // loaded late: only Next has it
  const request = await headers();
  const jar = await cookies();
  const sealed = request.get(MESSAGES + name) ?? jar.get(MESSAGES + name)?.value;
  if (sealed === undefined) {
    if (isWatched('no-proxy') && isPageLoad(request) && (await peek(jar)).peekFlashes(bag).length > 0) {
      const remedy = `put "export const proxy = sessions(${name})" into proxy.ts, and let its matcher include this page`;
      warnOnce('no-proxy', `flashes() of session "${name}" shows no messages, as a page cannot remove them: ${remedy}`);
    }
    return [];
  }
  // trust boundary: the messages have the type that the definition names
  return openMessages(coreOf(store).named(name), sealed, bag) as Message[];
}

/** Only a call shows what it wraps: route handlers and the proxy get a Request, the proxy an event as well, and server actions what the form sends. */
function wrap(handler: Handler): Handler {
  const withRequest = withSessions(async (request: Request, ...rest: unknown[]) => {
    // trust boundary: Next takes nothing else from a route handler and a proxy
    const answer = (await handler(request, ...rest)) as Response | undefined;
    const isProxy = rest.some((event) => isObject(event) && 'waitUntil' in event);
    const response = answer ?? (isProxy ? new Response(null, { headers: { [NEXT]: '1' } }) : undefined);
    return response && (await pass(request, response));
  });
  return async (...args) => {
    const [request, ...rest] = args;
    if (request instanceof Request) return await withRequest(request, ...rest);
    const { cookies } = await import('next/headers'); // loaded late: only Next has it
    const jar = await cookies();
    return await (isInScope(jar) ? handler(...args) : act(jar, () => handler(...args)));
  };
}

/** Runs a server action, which has cookies and no response. What it throws goes on, and saves if it is an answer, as `redirect()` is. */
async function act(jar: CookieJar, action: () => unknown): Promise<unknown> {
  let redirect: { readonly thrown: unknown } | undefined;
  const run = async () => {
    try {
      const result = await action();
      showMessages(jar);
      return result;
    } catch (thrown) {
      if (answerOf(thrown) === undefined) throw thrown;
      redirect = { thrown };
      return undefined;
    } finally {
      for (const visit of scopeOf(jar).visits) visit.setsCookie = true;
    }
  };
  const { answer, changes } = await serve(jar, run).finally(() => forgetScope(jar)); // the next action begins with the cookies as they are then
  applyToJar(jar, changes);
  if (changes.failure !== undefined) throw changes.failure.error;
  if (redirect !== undefined) throw redirect.thrown;
  return answer;
}

/** The page that is rendered in answer to a server action shows its messages. It sees their cookie, which the browser drops. */
function showMessages(jar: CookieJar): void {
  for (const visit of scopeOf(jar).visits) {
    const taken = takeMessages(visit);
    if (taken !== undefined) jar.set(MESSAGES + visit.named.name, taken, DROPPED);
  }
}

/** If this is a proxy that lets the request go on: takes the messages for the page, and shows the page what has become of the sessions. */
async function pass(request: Request, answer: Response): Promise<Response> {
  if (!answer.headers.has(NEXT) && !answer.headers.has(REWRITE)) return answer;
  const scope = scopeOf(request);
  // Of what Next fetches here the visitor gets no cookie, and sees it only if the router does not fetch it again. In place of an answer that is no page
  // the browser loads the page itself.
  if (request.headers.has(REDIRECTED) && scope.visits.some(hasMessages)) return new Response(null, { status: 204 });
  const added = new Map<string, string>();
  for (const visit of request.method === 'GET' && isPageLoad(request.headers) ? scope.visits : []) {
    const taken = takeMessages(visit);
    if (taken !== undefined) added.set(MESSAGES + visit.named.name, taken);
  }
  const { cookies } = await scope.commit(); // withSessions() gives them to the visitor
  const headers = requestHeaders(request, answer);
  if (cookies.length > 0) added.set('cookie', cookieHeaderAfter(headers.get('cookie') ?? '', cookies));
  if (added.size === 0) return answer;
  for (const [name, value] of added) headers.set(name, value);
  const response = new Response(null, answer);
  response.headers.set(OVERRIDES, [...headers.keys()].join(','));
  for (const [name, value] of headers) response.headers.set(OVERRIDE + name, value);
  return response;
}

/** The headers that the page gets: those of the request, unless the proxy has passed others to `NextResponse.next({ request: { headers } })`. */
function requestHeaders(request: Request, { headers }: Response): Headers {
  const overrides = headers.get(OVERRIDES);
  if (overrides === null) return new Headers(request.headers);
  return new Headers(overrides.split(',').map((name) => [name, headers.get(OVERRIDE + name) ?? '']));
}

/** Whether the browser loads a page, and nothing ahead of time. What the router fetches looks like any other data, as Next hides its headers. */
function isPageLoad(headers: { get(name: string): string | null }): boolean {
  return headers.get('accept')?.includes('text/html') === true && !isPrefetch({ headers });
}

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function';
}

function checkDefinition<Given>(expected: string, given: Given): Given & Definition {
  if (isObject(given) && 'store' in given && 'peek' in given) return given as Given & Definition; // trust boundary: as defineSession() has made it
  throw new TypeError(`${expected} what defineSession() returns, got ${describe(given)}`);
}
