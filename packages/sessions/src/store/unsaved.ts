/** A session that was changed and never saved -> an event, and during development one warning. */

import { isWatched, warnOnce } from '../development.ts';
import { isObject } from '../options.ts';
import type { Emit } from './events.ts';
import type { Visit } from './visit.ts';

/** Tells of a change that was lost with its session. */
export function reportUnsaved(name: string, emit: Emit): void {
  emit({ type: 'unsaved', name });
  warn(name);
}

/**
 * In Node, during development: looks when the response is out, because a small server may run for hours until the garbage collector finds what was lost.
 *
 * @param scope the sessions of the request.
 */
export function noticeUnsaved(request: object, scope: { readonly visits: readonly Visit[] }): void {
  if (!isWatched('unsaved')) return;
  const response = responseOf(request);
  response?.once('finish', () => {
    // A record behind a secret can still be written without a cookie.
    const lost = scope.visits.find(
      ({ draft, found }) => draft.isUnsaved && (found?.state !== 'live' || found.stored === undefined),
    );
    if (lost !== undefined) warn(lost.named.name);
  });
}

function warn(name: string): void {
  const remedy =
    "use sessions() of your framework's subpath, as sealring/express, or withSessions(), or call save(request, response) after the last change";
  warnOnce('unsaved', `session "${name}" was changed and not saved, so the change is lost. To mend it, ${remedy}`);
}

/** What listens to a response. */
interface Listenable {
  once(event: 'finish', listener: () => void): unknown;
}

/** Node's request does not know its response, but their socket does. */
function responseOf(request: object): Listenable | undefined {
  const socket: unknown = Reflect.get(request, 'socket');
  const response: unknown = isObject(socket) ? Reflect.get(socket, '_httpMessage') : undefined;
  return isListenable(response) ? response : undefined;
}

function isListenable(value: unknown): value is Listenable {
  return isObject(value) && 'once' in value && typeof value.once === 'function';
}
