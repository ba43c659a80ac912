/** Express 4 and 5, and everything else that has Connect's middleware: NestJS, Polka, a plain `node:http` server. */

import { checkOptions } from '../options.ts';
import type { NodeResponse } from '../response/node.ts';
import { saveBeforeHeaders } from '../response/save.ts';
import type { RequestWithHeaders } from '../store/request.ts';

/** Options of `sessions()`. */
export interface SessionsOptions {
  /**
   * Is told why a save failed, and may answer with a page of its own. If it does not, the client gets a 500 without details. Default: `console.error`.
   */
  onError?: (error: unknown, response: NodeResponse) => unknown;
}

/** Express's `RequestHandler`. */
export type Middleware = (request: RequestWithHeaders, response: NodeResponse, next: () => void) => void;

/**
 * Middleware that saves what the handlers after it have changed, before the headers of the response are sent.
 *
 * @throws {TypeError} if an option is wrong.
 * @example
 * import express from 'express';
 * import { sessions } from 'sealring/express';
 * const app = express();
 * app.use(sessions());
 */
export function sessions(options: SessionsOptions = {}): Middleware {
  const { onError } = checkOptions('sessions()', options, ['onError']);
  return (request, response, next) => {
    saveBeforeHeaders(request, response, onError);
    next();
  };
}
