/** The cookie store of the model: a cookie is a string with the whole record, and a backend knows which ids have ended or moved. */

import type { Outcome } from '../promises.ts';
import { stillCounts } from './numbers.ts';
import type { ModelRequest } from './request.ts';
import { get, type Row, type Steps, set } from './steps.ts';

/** What is in a cookie. */
export interface CookieRecord {
  readonly id: string;
  readonly family: string | undefined;
  readonly subject: string | undefined;
  readonly stamp: number;
  readonly login: string | undefined;
  readonly log: readonly string[];
}

export function formatCookie({ id, family, subject, stamp, login, log }: CookieRecord): string {
  return JSON.stringify({ id, family, subject, stamp, login, log });
}

export function parseCookie(cookie: string): CookieRecord {
  return JSON.parse(cookie) as CookieRecord; // trust boundary: only `formatCookie` makes cookies
}

/** Under what a backend keeps how an id has ended. */
export function markOf(id: string): string {
  return `ended:${id}`;
}

/** Ends an id, or what it has moved to. */
export function* endCookie(request: ModelRequest, id: string): Steps<void> {
  const over = request.rules.mistakes.has('marksBlindly') ? undefined : null;
  for (let at = id; ; ) {
    if (yield* set(markOf(at), { state: 'ended', version: request.version() }, over)) return;
    const mark = yield* get(markOf(at));
    if (mark?.to === undefined) return;
    at = mark.to;
  }
}

/** Asks once more whether the session may go on, and makes the cookie with its changes. */
export function* writeCookie(request: ModelRequest): Steps<Outcome> {
  const { id } = request;
  const record = recordOf(request, id ?? newIdOf(request));
  if (!request.rules.mistakes.has('asksOnce')) {
    if (record.subject !== undefined && !(yield* stillCounts(record.stamp, record.family))) return 'gone';
    if (id !== undefined && (yield* get(markOf(id))) !== undefined) return 'gone';
  }
  request.newCookie = formatCookie(record);
  return id === undefined ? 'created' : 'saved';
}

/** Marks the old id as moved, and makes the cookie with the new one. */
export function* moveCookie(request: ModelRequest): Steps<Outcome> {
  const { id: old, rules, isUnsure } = request;
  const { mistakes } = rules;
  const to = newIdOf(request);
  if (mistakes.has('numberAtCommit') && request.hasLoggedIn) request.stamp = (yield* get('number'))?.number?.n ?? 0;
  const record = recordOf(request, to);
  const made = () => {
    request.newCookie = formatCookie(record);
    return old === undefined ? 'created' : 'saved';
  };
  if (isUnsure && old !== undefined) {
    const mark = yield* get(markOf(old));
    if (mark !== undefined) return mark.to === to ? made() : 'gone';
  }
  if (record.subject !== undefined && !mistakes.has('asksOnce')) {
    if (!(yield* stillCounts(record.stamp, record.family))) return 'gone';
  }
  if (old === undefined) return made();
  const moved: Row = { state: 'moved', version: request.version(), to };
  const ended: Row = { state: 'ended', version: request.version() };
  const over = mistakes.has('marksBlindly') ? undefined : null;
  if (yield* set(markOf(old), mistakes.has('markNamesNobody') ? ended : moved, over)) return made();
  return (yield* get(markOf(old)))?.to === to ? made() : 'gone';
}

function recordOf(request: ModelRequest, id: string): CookieRecord {
  const { family, subject, login } = request.next();
  const log = [...(request.record?.log ?? []), ...(request.hasWritten ? [request.name] : [])];
  return { id, family, subject, login, log, stamp: request.stamp ?? 0 };
}

function newIdOf({ name }: ModelRequest): string {
  return `${name.toLowerCase()}new`;
}
