/** Express 4 and 5, and everything else that has Connect's middleware: NestJS, Polka, a plain `node:http` server. */

import { checkFunction, checkOptions, checkString, describe, isObject } from '../options.ts';
import type { NodeResponse } from '../response/node.ts';
import { saveBeforeHeaders } from '../response/save.ts';
import type { RequestWithHeaders } from '../store/request.ts';
import type { SessionSource } from './express/property.ts';

export type { SessionSource } from './express/property.ts';
export type { RequestSession, SessionCookie, SessionProperty } from './express/types.ts';

/** Options of `sessions()`. */
export interface SessionsOptions {
  /**
   * Is told why a save failed, and may answer with a page of its own. If it does not, the client gets a 500 without details. Default: `console.error`.
   */
  onError?(error: unknown, response: NodeResponse): unknown;
  /** For code that was written for express-session: the property of the request that holds `session`, usually `'session'`. Default: none. */
  property?: string;
  /** The session that `property` holds: what `defineSession()` returns. */
  session?: SessionSource;
}

/** Express's `RequestHandler`. */
export type Middleware = (
  request: RequestWithHeaders,
  response: NodeResponse,
  next: (error?: unknown) => void,
) => void | Promise<void>;

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
  const { onError, property, session } = checkOptions('sessions()', options, ['onError', 'property', 'session']);
  checkFunction('onError', onError);
  if (property !== undefined || session !== undefined) return withProperty(property, session, onError);
  return (request, response, next) => {
    saveBeforeHeaders(request, response, onError);
    next();
  };
}

function withProperty(
  property: string | undefined,
  session: SessionSource | undefined,
  onError: SessionsOptions['onError'],
): Middleware {
  checkString('property', property);
  if (!isObject(session) || typeof session.get !== 'function') {
    throw new TypeError(`"session" expected what defineSession() returns, for "property", got ${describe(session)}`);
  }
  return async (request, response, next) => {
    try {
      // loaded late: the plain way has no need of it
      const { openProperty } = await import('./express/property.ts');
      await openProperty({ request, response, name: property ?? '', source: session, onError });
    } catch (error) {
      next(error);
      return;
    }
    next();
  };
}
