/** A plugin of Nitro 2, Nuxt's server: every request runs in its scope, and is answered when its sessions are saved. */

import type { NodeResponse } from '../../response/node.ts';
import { saveBeforeHeaders } from '../../response/save.ts';
import type { RequestWithHeaders } from '../../store/request.ts';
import { inScope } from '../../store/scope.ts';

interface Response extends NodeResponse {
  readonly writableEnded: boolean;
  once(event: 'close', listener: () => void): unknown;
}

interface Event {
  readonly node: { readonly req: RequestWithHeaders; readonly res: Response };
}

/** `useNitroApp()`, as far as it is used here. */
interface Nitro {
  readonly h3App: {
    handler: (event: Event) => Promise<unknown>;
    readonly options: { onError?: (error: unknown, event: Event) => unknown };
  };
  captureError(error: unknown, context: { event: Event; tags: string[] }): void;
}

/**
 * Nitro answers the requests that it sends to itself (`useFetch` while a page is rendered, `$fetch` in a route, on some platforms all of them) with an
 * object instead of a response, which it reads as soon as the handler is done. So the handler is done when the response is.
 */
function plugin({ h3App, captureError }: Nitro): void {
  const { handler, options } = h3App;
  const { onError } = options;
  const answers = new WeakMap<Response, Promise<void>>();

  const answered = async ({ node: { res } }: Event, run: () => unknown): Promise<unknown> => {
    const answer = answers.get(res) ?? new Promise((resolve) => void res.once('close', resolve));
    answers.set(res, answer);
    const result = await run();
    if (res.writableEnded) await answer;
    return result;
  };

  h3App.handler = (event) => {
    const { req, res } = event.node;
    return inScope(req, ({ owner }) => {
      if (owner !== req) return handler(event); // within a request of the same visitor, whose response saves
      saveBeforeHeaders(req, res, (error) => {
        console.error(error);
        captureError(error, { event, tags: ['response'] });
      });
      return answered(event, () => handler(event));
    });
  };

  // In the scope as well: the page for an error is rendered by a request within this one.
  options.onError = (error, event) => inScope(event.node.req, () => answered(event, () => onError?.(error, event)));
}

export { plugin as default }; // Nitro looks for a plugin there
