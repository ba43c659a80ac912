/** A subject or an id -> its sessions ended, in whatever order that meets other requests. PROTOCOL, "revokeAll" and "revoke". */

import { parseHead } from '@sealring/wire';
import { type Backend, backendFailed } from '../backends/backend.ts';
import { checkOptions, checkString } from '../options.ts';
import { endRecord } from './backend-place.ts';
import type { Claim, Numbers } from './numbers.ts';
import { LONGER_THAN_A_REQUEST } from './place.ts';
import { currentScope } from './scope.ts';
import { ask, run } from './steps.ts';
import type { ListedSession, RevokeOptions } from './store.ts';
import { type Visit, visitOf } from './visit.ts';

/**
 * Raises the subject's number and marks the sessions of this request.
 *
 * @param end what is to be done with the records of the subject, unless they are of the family that is spared.
 */
export async function revokeSubject(
  store: object,
  subject: string,
  options: RevokeOptions,
  numbers: Numbers,
  end: (spared: string | undefined) => Promise<void>,
): Promise<void> {
  checkString('subject', subject);
  const { except } = checkOptions('revokeAll()', options, ['except']);
  const excepted = except === undefined ? undefined : visitOf('except', except);
  if (excepted !== undefined && excepted.named.store !== store) {
    throw new TypeError('"except" expected a session of the same store, got one of another store');
  }
  const claim = excepted && claimOf(excepted, subject);
  const isSpared = await run(numbers.raise(subject, claim));
  await end(isSpared ? claim?.family : undefined);
  // The sessions of the scope that this code runs in, and the excepted one.
  const visitsHere = currentScope()?.visits.filter(({ named }) => named.store === store) ?? [];
  for (const visit of new Set(excepted === undefined ? visitsHere : [...visitsHere, excepted])) {
    const { draft, found } = visit;
    if (isSpared && visit === excepted) {
      if (draft.isOpen) draft.move(); // so that copies of its cookie end
    } else if (found?.state === 'live' && found.record.subject === subject && draft.loginMade === undefined) {
      visit.forget();
    }
  }
}

/** What a session is spared by, if it is the subject's. */
function claimOf({ draft, found, identity }: Visit, subject: string): Claim | undefined {
  const { loginMade } = draft;
  if (loginMade !== undefined) {
    const family = identity?.family;
    return family === undefined || loginMade.subject !== subject ? undefined : { family, stamp: loginMade.stamp };
  }
  const isOfSubject = found?.state === 'moved' ? found.isOf(subject) : draft.subject === subject;
  return found !== undefined && isOfSubject ? found.claim : undefined;
}

/** Ends every record that a backend lists under the subject, except those of one family. */
export async function endListed(
  backend: Backend,
  now: () => number,
  names: readonly string[],
  spared: string | undefined,
): Promise<void> {
  for await (const { id } of listed(backend, names)) {
    const stored = await run(ask(() => backend.get(id)));
    const head = stored && parseHead(stored.data)?.head;
    if (head === undefined || head.state === 'ended' || head.family === spared) continue;
    await run(endRecord(backend, now, id, stored));
  }
}

/**
 * Ends one record, and the one it was moved from, which may not be a pointer yet. That one goes first: a tombstone does not say where it came
 * from, so a retry would not find it any more.
 */
export async function endOne(backend: Backend, now: () => number, id: string): Promise<void> {
  const stored = await run(ask(() => backend.get(id)));
  const head = stored && parseHead(stored.data)?.head;
  const from = head?.state === 'live' ? head.from : undefined;
  if (from !== undefined) await run(endRecord(backend, now, from));
  await run(endRecord(backend, now, id, from === undefined ? stored : undefined));
}

/** The live records of a subject, one for each family. */
export async function* listLive(
  backend: Backend,
  names: readonly string[],
  now: () => number,
): AsyncGenerator<ListedSession> {
  const families = new Set<string>();
  for await (const { id } of listed(backend, names)) {
    const stored = await run(ask(() => backend.get(id)));
    const head = stored && parseHead(stored.data)?.head;
    if (stored === undefined || head?.state !== 'live' || families.has(head.family)) continue;
    const expiresAt = stored.expiresAt - LONGER_THAN_A_REQUEST;
    if (expiresAt <= now()) continue;
    families.add(head.family);
    yield { id, expiresAt };
  }
}

/**
 * The records under all of a subject's names: after a rotation of keys there are several. The newest name comes last, because that is where a record goes
 * that is written meanwhile; and all come twice, because during a rotation another server may write it under the older name again.
 */
async function* listed(backend: Backend, names: readonly string[]): AsyncGenerator<{ id: string; expiresAt: number }> {
  const inTurn = names.length > 1 ? [...names, ...names].reverse() : names;
  try {
    for (const name of inTurn) yield* backend.list?.(name) ?? [];
  } catch (cause) {
    throw backendFailed(cause);
  }
}
