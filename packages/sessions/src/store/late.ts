/** Flash messages that are read after the response has begun -> removed from the record by a write of their own, which needs no cookie. */

import type { MaybePromise } from '../backends/backend.ts';
import { isProduction, warnOnce } from '../development.ts';
import type { Taken } from '../session/changes.ts';
import { BackendPlace } from './backend-place.ts';
import { carryOut } from './commit.ts';
import type { Outcome } from './events.ts';
import type { Identity, Place } from './place.ts';
import { planWrite } from './plan.ts';
import { Visit } from './visit.ts';

/** A session that is there after its commit. What ended, and what could not be saved, is not written again. */
const STANDING: readonly (Outcome | undefined)[] = ['unchanged', 'created', 'saved', 'renewed', undefined];

/**
 * Removes messages that were read too late for the session's own commit.
 *
 * Behind a secret in a backend the record is written once more, and only a later `commit` waits for that. A session that lives in its
 * cookie cannot be written any more. Its messages are then not shown: a message that is shown and not removed would come back on every page, an error
 * would cut off a page that is half sent. So they stay for the next page that reads them in time, and the mistake is told of.
 *
 * @returns whether the messages may be shown.
 */
export function takeLate(visit: Visit, taken: Taken): boolean {
  const { named } = visit;
  if (!(placeOf(visit) instanceof BackendPlace)) {
    named.emit({ type: 'unsaved', name: named.name });
    warnOnce('late-flashes', tooLate(named.name));
    return false;
  }
  const { late } = visit;
  if (late === undefined) visit.late = { taken: [taken], removal: remove(visit) };
  else if (late.taken.length > 0) late.taken = [...late.taken, taken];
  else visit.late = { taken: [taken], removal: Promise.all([late.removal, remove(visit)]) };
  return true;
}

/** Waits for the session's own commit, and by that also for other bags that the same component reads. Never rejects. */
async function remove(visit: Visit): Promise<void> {
  const { named } = visit;
  try {
    const result = await visit.result;
    const taken = visit.late?.taken ?? [];
    if (visit.late !== undefined) visit.late.taken = [];
    if (!STANDING.includes(result?.outcome)) return;
    const found = await current(visit);
    // Where another request has ended or moved the session meanwhile there is nothing to remove, or nothing that may be changed.
    if (typeof found !== 'object' || found.state === 'moved') return;
    const finding = { ...visit.finding, found, others: [], rejected: undefined };
    const again = new Visit(named, visit.request, finding, visit.tenant, takeLate);
    for (const change of taken) again.draft.change(change);
    const { outcome, error } = await carryOut(planWrite(again, found, named.now()), again);
    if (outcome === 'failed') throw error;
  } catch (error) {
    // The page is on its way, and is not cut off for this. The messages come once more.
    named.emit({ type: 'unsaved', name: named.name });
    if (!isProduction()) console.error(error);
  }
}

/** Where the session lives after its commit. */
function placeOf({ written, found, named }: Visit): Place {
  return (written ?? found ?? named).place;
}

/** The session as it stands now. */
function current(visit: Visit): MaybePromise<ReturnType<BackendPlace['findSecret']> | undefined> {
  const { written, found } = visit;
  const place = placeOf(visit);
  const { secret }: Partial<Identity> = written?.sealed.identity ?? found ?? {};
  if (!(place instanceof BackendPlace) || secret === undefined) return undefined;
  return place.findSecret(secret, { issuedAt: 0, stale: false });
}

function tooLate(name: string): string {
  const why = 'its cookie cannot be set, so the messages are not shown and stay for a later page';
  const remedy =
    'read them before the response begins, in a middleware, a loader or a server action, and pass them to the component; or use serverStore()';
  return `flashes() of session "${name}" was called after the response had begun, or in a Next server component: ${why}. To show them, ${remedy}`;
}
