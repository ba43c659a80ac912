/** An error of a save -> the page that the visitor gets: one that `onError` sends, or a bare 500. */

import { clearForError, type NodeHeaders } from './node-headers.ts';
import type { Methods } from './overrides.ts';

interface Answerable extends NodeHeaders {
  statusCode: number;
  readonly headersSent: boolean;
  destroy(): unknown;
}

/** The way past the calls of the handler, which are dropped from now on. */
export interface Way {
  /** The methods of the response itself. */
  readonly sending: Methods;
  /** Runs something whose calls on the response are carried out. */
  open<T>(run: () => T): T;
}

const FAILURE = 'Internal Server Error';

/** Tells `onError`, and sends the bare 500 unless it has answered. Never throws, as an error here could end the process. */
export function answerError<Response extends Answerable>(
  response: Response,
  way: Way,
  error: unknown,
  onError: (error: unknown, response: Response) => unknown,
): void {
  try {
    if (response.headersSent) response.destroy();
    else clearForError(response);
  } catch {
    // The visitor has left.
  }
  const told = guarded(() => way.open(() => onError(error, openedFor(response, way))), console.error);
  if (told === undefined) sendFailure(response, way);
  else void told.then(() => sendFailure(response, way));
}

/**
 * Runs something that may throw, or return a promise that rejects, and tells of it in either case.
 *
 * @returns undefined where it is done, else a promise that resolves when it is.
 */
export function guarded(run: () => unknown, onError: (error: unknown) => void): Promise<void> | undefined {
  try {
    const result = run();
    if (typeof result !== 'object' || result === null || !('then' in result)) return undefined;
    return Promise.resolve(result).then(() => {}, onError);
  } catch (error) {
    onError(error);
    return undefined;
  }
}

/** The response as `onError` gets it: calls through it are carried out, also after it has waited for something. */
function openedFor<Response extends Answerable>(response: Response, { sending, open }: Way): Response {
  const opened: Response = new Proxy(response, {
    get: (target, name) => {
      const method: unknown = Reflect.get(sending, name);
      if (typeof method !== 'function') return Reflect.get(target, name);
      return (...args: unknown[]) => {
        const result: unknown = open(() => Reflect.apply(method, target, args));
        return result === target ? opened : result;
      };
    },
  });
  return opened;
}

function sendFailure(response: Answerable, { sending, open }: Way): void {
  if (response.headersSent) return;
  try {
    clearForError(response);
    response.setHeader('Content-Type', 'text/plain; charset=utf-8');
    response.setHeader('Content-Length', FAILURE.length);
    const { end } = sending;
    if (typeof end === 'function') open(() => Reflect.apply(end, response, [FAILURE]));
  } catch {
    response.destroy();
  }
}
