/** h3 2 and Nitro 3. */

import { isObject } from '../options.ts';
import { type ResponseChanges, rememberLines, setHeaders } from '../response/changes.ts';
import { serve } from '../response/serve.ts';
import type { RequestWithHeaders } from '../store/request.ts';

/** h3's `H3Event`, as far as it is needed. */
export interface H3Event {
  readonly req: RequestWithHeaders;
  readonly res: {
    /** For what a handler answers. */
    readonly headers: Headers;
    /** For errors, and responses with their status. */
    readonly errHeaders: Headers;
  };
}

/** h3's `Middleware`. */
export type Middleware = (event: H3Event, next: () => unknown) => Promise<unknown>;

/**
 * Middleware that saves what the handlers after it have changed, and puts the cookies on the response.
 *
 * When a handler throws, the error goes on and its changes are not saved; with a server store, a logout still is. A redirect that is thrown is an
 * answer like any other. If a save fails, the error goes to h3's own `onError`.
 *
 * @example
 * import { sessions } from 'sealring/h3';
 * export default sessions(); // server/middleware/sessions.ts of Nitro. In h3 it is app.use(sessions())
 */
export function sessions(): Middleware {
  // With two parameters, by which h3 knows middleware that calls what comes after it.
  return async (event, next) => {
    const { answer, isThrown, changes } = await serve(event, next);
    // What h3 makes of the answer, it says later: a response, or an error when no route was found.
    for (const headers of [event.res.headers, event.res.errHeaders]) stage(headers, answer, changes);
    if (changes.failure !== undefined) throw changes.failure.error;
    if (isThrown) throw answer;
    return answer;
  };
}

/** h3 adds these headers to those of the answer, in their place if they have the same name. */
function stage(staged: Headers, answer: unknown, changes: ResponseChanges): void {
  const own = isObject(answer) && 'headers' in answer && answer.headers instanceof Headers ? answer.headers : undefined;
  const target = {
    get: (name: string) => staged.get(name) ?? own?.get(name) ?? undefined,
    set: (name: string, value: string) => staged.set(name, value),
    getSetCookie: () => staged.getSetCookie(),
    replaceSetCookie(lines: readonly string[]) {
      staged.delete('Set-Cookie');
      for (const line of lines) staged.append('Set-Cookie', line);
    },
  };
  setHeaders(staged, target, changes);
  rememberLines(staged, staged, changes.cookies);
}
