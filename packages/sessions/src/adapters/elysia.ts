/** Elysia 1.4. */

import { checkFunction, checkOptions } from '../options.ts';
import { respond } from '../response/serve.ts';

/** Options of `sessions()`. */
export interface SessionsOptions {
  /** Is told why a save failed, and may return the response to send. Default: the error goes to `Bun.serve()`, which answers with a 500. */
  onError?: (error: unknown, request: Request) => Response | undefined | Promise<Response | undefined>;
}

type Handle = (...given: unknown[]) => unknown;

/** Elysia's instance, as far as it is needed. */
export interface ElysiaApp {
  readonly config: { readonly aot?: boolean };
  wrap(around: (handle: Handle, request: Request) => Handle): unknown;
}

/**
 * Plugin that saves what the handlers change, and puts the cookies on the response. It stands around all routes of the app, wherever it is added.
 *
 * Elysia makes a response of an error before this plugin sees it, so what a handler changed before it threw is saved.
 *
 * @throws {TypeError} if an option is wrong; and when it is added to an app with `aot: false`, where Elysia would leave it out.
 * @example
 * import { sessions } from 'sealring/elysia';
 * const plugin = sessions(); // new Elysia().use(plugin)
 */
export function sessions(options: SessionsOptions = {}): <App extends ElysiaApp>(app: App) => App {
  const { onError } = checkOptions('sessions()', options, ['onError']);
  checkFunction('onError', onError);
  return (app) => {
    if (app.config.aot === false) {
      throw new TypeError(
        'sessions() expected an app without "aot: false": there, give Bun.serve() a fetch: withSessions(app.fetch)',
      );
    }
    app.wrap((handle, request) => async (...given) => {
      return await respond(
        request,
        () => answer(handle, given),
        (error) => onError?.(error, request),
      );
    });
    return app;
  };
}

/** `undefined` once the connection has been upgraded to a WebSocket. */
function answer(handle: Handle, given: unknown[]): Response | undefined {
  return handle(...given) as Response | undefined; // trust boundary: Elysia's own type says only that it is a function
}
