/** Hono 4, in every runtime that it runs in. */

import { respond } from '../response/serve.ts';
import type { RequestWithHeaders } from '../store/request.ts';

/** Hono's `Context`, as far as it is needed. */
export interface HonoContext {
  readonly req: { readonly raw: RequestWithHeaders };
  readonly finalized: boolean;
  get res(): Response;
  set res(response: Response | undefined);
  header(name: string, value?: string): void;
}

/** Hono's `MiddlewareHandler`. */
export type Middleware = (c: HonoContext, next: () => Promise<void>) => Promise<void>;

/**
 * Middleware that saves what the handlers after it have changed, and puts the cookies on the response.
 *
 * Hono makes a response of an error before this middleware sees it, so what a handler changed before it threw is saved. If a save fails, the error goes to
 * `app.onError`.
 *
 * @example
 * import { Hono } from 'hono';
 * import { sessions } from 'sealring/hono';
 * const app = new Hono();
 * app.use(sessions());
 */
export function sessions(): Middleware {
  return async (c, next) => {
    const answer = async () => {
      await next();
      return c.finalized ? c.res : undefined; // Hono itself tells when nothing has answered
    };
    try {
      const saved = await respond(c.req.raw, answer, () => undefined);
      if (saved === undefined || saved === c.res) return;
      c.res = undefined; // else Hono puts the headers of the present response on the new one, in place of its own
      c.res = saved;
    } catch (error) {
      // Hono puts the headers of the handler's response on the error page, to whose body these do not apply.
      for (const name of ['Content-Encoding', 'Content-Length']) c.header(name, undefined);
      throw error;
    }
  };
}
