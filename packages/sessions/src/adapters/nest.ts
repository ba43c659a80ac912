/** NestJS on Express or Fastify: middleware, and a decorator for parameters. */

import { createParamDecorator } from '@nestjs/common';
import type { SessionSource } from './express/property.ts';
import { type Middleware, type SessionsOptions, sessions as saving } from './express.ts';

export type { Middleware, SessionSource, SessionsOptions };

/**
 * Without a session, middleware for `app.use(sessions())` that saves what the handlers have changed, before the headers of the response are sent.
 *
 * With what `defineSession()` returns, a decorator: `count(@sessions(login) session: InferSession<typeof login>)`. The parameter of the handler is the
 * session of the request.
 *
 * @throws {TypeError} if an option is wrong.
 * @example
 * ```ts no-check it needs NestJS
 * app.use(sessions()); // in main.ts
 *
 * // in a controller
 * @Post('count')
 * count(@sessions(login) session: InferSession<typeof login>) {
 *   session.update('count', (n = 0) => n + 1);
 * }
 * ```
 */
export function sessions(options?: SessionsOptions): Middleware;
export function sessions(session: SessionSource): ParameterDecorator;
export function sessions(given: SessionsOptions | SessionSource = {}): Middleware | ParameterDecorator {
  if (!('get' in given)) return saving(given);
  return createParamDecorator((_, context) => given.get(context.switchToHttp().getRequest()))();
}
