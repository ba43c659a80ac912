/** TanStack Start: request middleware. */

import { checkFunction, checkOptions } from '../options.ts';
import type * as serving from '../response/serve.ts';

/** Options of `sessions()`. */
export interface SessionsOptions {
  /** Is told why a save failed, and may return the response to send. Default: the error goes to TanStack Start, as one that a handler throws. */
  onError?: (error: unknown, request: unknown) => Response | undefined | Promise<Response | undefined>;
}

type Next = () => Promise<Answer> | Answer;
interface Answer {
  readonly response: Response;
}

/** TanStack Start's `AnyRequestMiddleware`, which adds nothing to the context. */
export interface Middleware {
  readonly options: {
    readonly server: (request: { readonly request: Request; readonly next: Next }) => Promise<Response>;
  };
  readonly '~types': {
    readonly type: 'request';
    readonly allInput: undefined;
    readonly allOutput: undefined;
    readonly middlewares: undefined;
    readonly serverContext: undefined;
    readonly allServerContext: undefined;
  };
}

const TYPES: Middleware['~types'] = {
  type: 'request',
  allInput: undefined,
  allOutput: undefined,
  middlewares: undefined,
  serverContext: undefined,
  allServerContext: undefined,
};

/**
 * Request middleware that saves what server functions and server routes have changed. Inside it `login.get()` needs no request.
 *
 * @throws {TypeError} if an option is wrong.
 * @example
 * import { sessions } from 'sealring/tanstack-start';
 * const requestMiddleware = [sessions()]; // an option of createStart(), in src/start.ts
 */
export function sessions(options: SessionsOptions = {}): Middleware {
  const { onError } = checkOptions('sessions()', options, ['onError']);
  checkFunction('onError', onError);
  let loaded: Promise<typeof serving> | undefined;
  async function server({ request, next }: Parameters<Middleware['options']['server']>[0]): Promise<Response> {
    loaded ??= import('../response/serve.ts'); // loaded late: start.ts is for browsers too, which have no need of it
    const { respond } = await loaded;
    const run = async () => (await next()).response;
    return await respond(request, run, (error) => onError?.(error, request));
  }
  return { options: { server }, '~types': TYPES };
}
