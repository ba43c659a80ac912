/** Astro 7, in what is rendered on demand. */

import { checkFunction, checkOptions } from '../options.ts';
import type { WithSessionsOptions } from '../response/save.ts';
import { respond } from '../response/serve.ts';
import type { RequestWithHeaders } from '../store/request.ts';
import { forgetScope, isInScope } from '../store/scope.ts';

/** Options of `sessions()`. */
export interface SessionsOptions extends WithSessionsOptions {}

/** Astro's `APIContext`, as far as it is used here. */
export interface AstroContext {
  readonly request: RequestWithHeaders;
  readonly isPrerendered: boolean;
}

/** Astro's `MiddlewareHandler`. */
export type Middleware = (context: AstroContext, next: () => Promise<Response>) => Promise<Response>;

/**
 * Middleware that saves what pages, actions, endpoints and later middleware have changed.
 *
 * @throws {TypeError} if an option is wrong.
 * @example
 * import { sessions } from 'sealring/astro';
 * export const onRequest = sessions(); // src/middleware.ts
 */
export function sessions(options: SessionsOptions = {}): Middleware {
  const { onError } = checkOptions('sessions()', options, ['onError']);
  checkFunction('onError', onError);
  return async ({ request, isPrerendered }, next) => {
    // A page that is built ahead has no visitor. After a rewrite the middleware runs again, within itself: the outer one saves.
    if (isPrerendered || isInScope(request)) return await next();
    try {
      return await respond(request, next, (error) => onError?.(error, request));
    } catch (error) {
      forgetScope(request); // Astro answers with a page for errors, which the middleware sees as well
      throw error;
    }
  };
}
