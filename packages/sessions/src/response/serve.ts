/** A handler, run in the scope of its request -> its answer, and what the sessions have to say to the visitor with it. */

import type { MaybePromise } from '../backends/backend.ts';
import { type Commit, commitVisits, failureOf } from '../store/commit.ts';
import { unwrap } from '../store/request.ts';
import { inScope, type Scope } from '../store/scope.ts';
import { answerOf } from './answers.ts';
import type { ResponseChanges } from './changes.ts';
import { applyToResponse } from './fetch.ts';

/** What a commit has to say to the visitor, whatever the response is. */
export type Changes = ResponseChanges & Pick<Commit, 'cookies'>;

/** What a handler answers. */
interface Answered<Answer> {
  /** What it returns, or a redirect that it throws. */
  readonly answer: Answer | Response;
  /** Whether it was thrown, and the framework has to see it thrown. */
  readonly isThrown: boolean;
}

/** An answer, and what goes out with it. */
export interface Served<Answer> extends Answered<Answer> {
  readonly changes: Changes;
}

/**
 * Runs a handler in the scope of its request and saves what it has changed.
 *
 * A failed commit is in the changes. Rejects only with what the handler has thrown, if that is no redirect: then only logouts are saved.
 *
 * @param request as the framework hands it out.
 */
export async function serve<Answer>(request: object, handler: () => Answer | Promise<Answer>): Promise<Served<Answer>> {
  return await inScope(unwrap(request), async (scope, isOwn) => {
    const answered = await answer(handler, scope);
    return { ...answered, changes: await commitLast(scope, isOwn) };
  });
}

/**
 * The same for a handler that answers with a Fetch response: returns the response to send.
 *
 * @param onError may return another response when the commit has failed. Else the failure is thrown.
 */
export async function respond<Answer extends Response | undefined>(
  request: object,
  handler: () => Answer | Promise<Answer>,
  onError: (error: unknown) => MaybePromise<Response | undefined>,
): Promise<Answer> {
  return await inScope(unwrap(request), async (scope, isOwn) => {
    const { answer: response, isThrown } = await answer(handler, scope);
    const saved = await saveAnswer(scope, response, await commitLast(scope, isOwn), onError);
    if (isThrown) throw saved;
    return saved as Answer; // trust boundary: a copy of what the handler returned
  });
}

/** Ends the sessions that were logged out, and saves nothing else. */
export async function saveLogouts({ visits }: Scope): Promise<void> {
  const failure = failureOf(await commitVisits(visits.filter(({ draft }) => draft.isEnded)));
  if (failure !== undefined) throw failure.error;
}

export function changesOf(committed: Commit, scope: Scope): Changes {
  return { cookies: committed.cookies, readSession: scope.isUsed, failure: failureOf(committed) };
}

/** A response that cannot be copied takes no cookie: whoever should have got one is told of as unsaved. */
export function applyToFetch(response: Response, changes: ResponseChanges, { visits }: Scope): Response {
  const saved = applyToResponse(response, changes);
  const lost = saved === response ? changes.cookies.map(({ name }) => name) : [];
  for (const { named } of visits) {
    if (lost.includes(named.cookieName)) named.emit({ type: 'unsaved', name: named.name });
  }
  return saved;
}

/** Of a request that fails only logouts are saved. */
async function answer<Answer>(handler: () => Answer | Promise<Answer>, scope: Scope): Promise<Answered<Answer>> {
  try {
    return { answer: await handler(), isThrown: false };
  } catch (thrown) {
    const response = answerOf(thrown);
    if (response !== undefined) return { answer: response, isThrown: response === thrown };
    for (const { draft } of scope.visits) draft.settle(); // that nothing else is saved is no surprise
    await saveLogouts(scope).catch((error: unknown) => console.error(error)); // the handler's own error goes on
    throw thrown;
  }
}

/** @param isLast whether the response goes out after this, and not to a handler around it. */
async function commitLast(scope: Scope, isLast: boolean): Promise<Changes> {
  try {
    if (isLast) scope.isClosed = true;
    return changesOf(await scope.commit(), scope);
  } catch (error) {
    return { cookies: [], readSession: scope.isUsed, failure: { error } };
  }
}

/** Puts the cookies on the answer. What was done reaches the visitor also if another session failed. */
async function saveAnswer(
  scope: Scope,
  response: Response | undefined,
  changes: Changes,
  onError: (error: unknown) => MaybePromise<Response | undefined>,
): Promise<Response | undefined> {
  const { failure } = changes;
  if (failure === undefined) return response && applyToFetch(response, changes, scope);
  const page = await onError(failure.error);
  if (page !== undefined) return applyToFetch(page, changes, scope);
  if (changes.cookies.length === 0) throw failure.error;
  console.error(failure.error);
  return applyToResponse(new Response('Internal Server Error', { status: 500 }), changes);
}
