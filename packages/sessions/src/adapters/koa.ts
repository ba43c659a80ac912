/** Koa: middleware that works below the context, on Node's own response, because Koa clears the headers of the context when a handler throws. */

import { checkFunction, checkOptions } from '../options.ts';
import type { NodeResponse } from '../response/node.ts';
import { saveBeforeHeaders } from '../response/save.ts';
import type { RequestWithHeaders } from '../store/request.ts';

/** Options of `sessions()`. */
export interface SessionsOptions {
  /**
   * Is told why a save failed, and may answer with a page of its own through Node's response. If it does not, the client gets a 500 without details.
   * Default: `console.error`.
   */
  onError?(error: unknown, response: NodeResponse): unknown;
}

/** The part of Koa's context that is needed: Node's request and response. */
export interface KoaContext {
  readonly req: RequestWithHeaders;
  readonly res: NodeResponse;
}

/** Koa's `Middleware`. */
export type KoaMiddleware = (context: KoaContext, next: () => Promise<unknown>) => Promise<unknown>;

/**
 * Middleware that saves what the handlers after it have changed, before the headers of the response are sent. `login.get(ctx)` finds the session.
 *
 * @throws {TypeError} if an option is wrong.
 * @example
 * import Koa from 'koa';
 * import { sessions } from 'sealring/koa';
 * const app = new Koa();
 * app.use(sessions());
 */
export function sessions(options: SessionsOptions = {}): KoaMiddleware {
  const { onError } = checkOptions('sessions()', options, ['onError']);
  checkFunction('onError', onError);
  return (context, next) => {
    saveBeforeHeaders(context.req, context.res, onError);
    return next();
  };
}
