/** Koa: middleware that works below the context, on Node's own response, because Koa clears the headers of the context when a handler throws. */

import type { NodeResponse } from '../response/node.ts';
import type { RequestWithHeaders } from '../store/request.ts';
import { sessions as middleware, type SessionsOptions } from './express.ts';

export type { SessionsOptions } from './express.ts';

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
  const save = middleware(options);
  return (context, next) => {
    save(context.req, context.res, () => {});
    return next();
  };
}
