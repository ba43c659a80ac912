/** Elysia 1.4. */

import { respond } from '../response/serve.ts';

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
 * @throws {TypeError} when it is added to an app with `aot: false`, where Elysia would leave it out.
 * @example
 * import { Elysia } from 'elysia';
 * import { sessions } from 'sealring/elysia';
 * const app = new Elysia().use(sessions());
 */
export function sessions(): <App extends ElysiaApp>(app: App) => App {
  return (app) => {
    if (app.config.aot === false) {
      throw new TypeError(
        'sessions() expected an app without "aot: false": give withSessions(app.fetch) to Bun.serve()',
      );
    }
    app.wrap(
      (handle, request) =>
        async (...given) =>
          await respond(
            request,
            () => answer(handle, given),
            () => undefined,
          ),
    );
    return app;
  };
}

/** `undefined` once the connection has been upgraded to a WebSocket. */
function answer(handle: Handle, given: unknown[]): Response | undefined {
  return handle(...given) as Response | undefined; // trust boundary: Elysia's own type says only that it is a function
}
