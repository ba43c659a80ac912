/** React Router 7 and 8 in framework mode: middleware of the root route; and a session storage for code that calls `commitSession`. */

import { checkFunction, checkOptions } from '../options.ts';
import { respond } from '../response/serve.ts';
import type { DefinedSession } from '../store/define.ts';
import { type SessionStorage, storage } from './react-router/storage.ts';

export type { CommitOptions, SessionStorage, StorageSession } from './react-router/storage.ts';

/** Options of `sessions()`. */
export interface SessionsOptions {
  /** Is told why a save failed, and may return the response to send. Default: the error goes to React Router, as one that a loader throws. */
  onError?: (error: unknown, request: unknown) => Response | undefined | Promise<Response | undefined>;
}

/** React Router's `MiddlewareFunction<Response>`. */
export type Middleware = (
  args: { readonly request: Request; readonly context: object },
  next: () => Promise<Response>,
) => Promise<Response>;

/** `sessions`: middleware, and a storage for old code. */
export interface Sessions {
  /**
   * Middleware that saves what loaders and actions have changed. All of one request share its sessions.
   *
   * @throws {TypeError} if an option is wrong.
   * @example
   * // app/root.tsx
   * import { sessions } from 'sealring/react-router';
   * export const middleware = [sessions()];
   */
  (options?: SessionsOptions): Middleware;
  /**
   * What `createCookieSessionStorage` returns, for code that calls `getSession` and `commitSession`. Beside the middleware, which then does the saving, or
   * without it.
   *
   * @param session one of `defineSession`.
   * @example
   * import { cookieStore, defineSession, generateKey } from 'sealring';
   * import { sessions } from 'sealring/react-router';
   * const login = defineSession<{ user: string }>({ store: cookieStore({ keys: [generateKey()] }), name: 'login' });
   * export const { getSession, commitSession, destroySession } = sessions.storage(login);
   */
  storage<Data extends object, FlashData = Data>(session: DefinedSession<Data>): SessionStorage<Data, FlashData>;
}

function middleware(options: SessionsOptions = {}): Middleware {
  const { onError } = checkOptions('sessions()', options, ['onError']);
  checkFunction('onError', onError);
  return ({ request, context }, next) => {
    Reflect.defineProperty(context, 'request', { value: request, configurable: true }); // for login.get(context)
    const run = async () => withoutEmptyCookies(await next());
    return respond(request, run, (error) => onError?.(error, request));
  };
}

/** Inside the middleware `commitSession` has returned an empty string. */
function withoutEmptyCookies(response: Response): Response {
  const lines = response.headers.getSetCookie();
  if (!lines.includes('')) return response;
  const { headers } = response;
  headers.delete('Set-Cookie');
  for (const line of lines) if (line !== '') headers.append('Set-Cookie', line);
  return response;
}

/** Middleware that saves what loaders and actions have changed: `sessions()`. For old code a session storage: `sessions.storage(login)`. */
export const sessions: Sessions = /* @__PURE__ */ Object.assign(middleware, { storage });
