/** A plugin of Nitro 2, Nuxt's server: every request runs in its scope, and is answered when its sessions are saved. */

import { isHeld, type NodeResponse } from '../../response/node.ts';
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

function plugin({ h3App, captureError }: Nitro): void {
  const { handler, options } = h3App;
  const { onError } = options;
  h3App.handler = (event) => {
    const { req, res } = event.node;
    return inScope(req, ({ owner }) => {
      if (owner !== req) return handler(event); // within a request of the same visitor, whose response saves
      saveBeforeHeaders(req, res, (error) => {
        console.error(error);
        captureError(error, { event, tags: ['response'] });
      });
      return answered(res, () => handler(event));
    });
  };

  // In the scope as well: the page for an error is rendered by a request within this one.
  options.onError = (error, event) =>
    inScope(event.node.req, () => answered(event.node.res, () => onError?.(error, event)));
}

/**
 * Runs a handler, and waits for the save that holds its answer. Nitro sends requests to itself (`useFetch` while a page is rendered, `$fetch` in a route, on
 * some platforms all of them) with an object instead of a response, which it reads as soon as the handler is done.
 */
async function answered(response: Response, run: () => unknown): Promise<unknown> {
  const result = await run();
  if (response.writableEnded && isHeld(response)) await new Promise<void>((resolve) => response.once('close', resolve));
  return result;
}

export { plugin as default }; // Nitro looks for a plugin there
