/** SvelteKit 2 and 3. */

import type { CookieJar } from '../cookie/jar.ts';
import { checkFunction, checkOptions } from '../options.ts';
import { answerOf } from '../response/answers.ts';
import { save, type WithSessionsOptions } from '../response/save.ts';
import { respond } from '../response/serve.ts';
import type { RequestWithHeaders } from '../store/request.ts';
import { currentScope, joinScope, leaveScope } from '../store/scope.ts';

/** Options of `sessions()`. */
export interface SessionsOptions extends WithSessionsOptions {}

/** SvelteKit's `RequestEvent`, as far as it is used here. */
export interface KitEvent {
  readonly request: RequestWithHeaders;
  readonly cookies: CookieJar & { getAll(): readonly { readonly name: string; readonly value: string }[] };
  readonly isSubRequest: boolean;
}

/** SvelteKit's `Handle`. */
export type Handle = <Event extends KitEvent>(input: {
  event: Event;
  resolve: (event: Event) => Response | Promise<Response>;
}) => Promise<Response>;

/**
 * The hook that saves what load functions, form actions, endpoints, remote functions and later hooks have changed.
 *
 * @throws {TypeError} if an option is wrong.
 * @example
 * import { sessions } from 'sealring/sveltekit';
 * export const handle = sessions(); // src/hooks.server.ts
 */
export function sessions(options: SessionsOptions = {}): Handle {
  const { onError } = checkOptions('sessions()', options, ['onError']);
  checkFunction('onError', onError);
  const jars: WeakMap<object, KitEvent['cookies']> = new WeakMap();
  const handle: Handle = async ({ event, resolve }) => {
    const { request, cookies } = event;
    let redirect: { readonly thrown: unknown; readonly status: number } | undefined;
    const run = async () => {
      try {
        return await resolve(event);
      } catch (thrown) {
        const answer = answerOf(thrown);
        if (answer === undefined || answer === thrown) throw thrown;
        redirect = { thrown, status: answer.status };
        return answer;
      }
    };
    const response = await respond(request, run, (error) => onError?.(error, request));
    if (redirect === undefined || redirect.status !== response.status) return response;
    // A later hook has thrown it. SvelteKit answers, as its own scripts in the browser may expect something else than a redirect.
    await save(request, cookies);
    throw redirect.thrown;
  };
  return async (input) => {
    const { event, resolve } = input;
    const { request, cookies } = event;
    jars.set(request, cookies);
    const outer = event.isSubRequest ? currentScope()?.owner : undefined;
    if (outer === undefined) return await handle(input);
    // event.fetch() to a route of the app. For the same visitor, the request around it saves what this one changes.
    if (textOf(cookies) === textOf(jars.get(outer))) return await joinScope(request, () => resolve(event));
    return await leaveScope(request, async () => {
      const response = await resolve(event);
      await save(request, new Response()); // SvelteKit would set this session's cookies in the visitor's browser
      return response;
    });
  };
}

/** What tells whether a request that the app sends to itself has the visitor's cookies: it may have been given others, or none. */
function textOf(cookies: KitEvent['cookies'] | undefined): string | undefined {
  const pairs = cookies?.getAll().filter(({ value }) => value !== ''); // SvelteKit sends deleted cookies on with no value
  return pairs
    ?.map(({ name, value }) => `${name}=${value}`)
    .sort()
    .join('; ');
}
