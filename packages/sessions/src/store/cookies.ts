/** What a commit has done -> the cookies that the visitor has to get. */

import { chunkName } from '@sealring/wire';
import { deletionOf, type SetCookie, setCookieOf, staleChunks } from '../cookie/header.ts';
import type { Done } from './act.ts';
import type { Plan } from './plan.ts';
import type { Visit } from './visit.ts';

/** The cookies to set and to delete. Nothing to say: none, so that lines which others wrote stay as they are. */
export function cookiesOf(visit: Visit, plan: Plan, done: Done): readonly SetCookie[] {
  const { named, draft, found } = visit;
  const { hasCookie, header } = visit.finding;
  const { cookieName } = named;
  const attributes = draft.chosen === undefined ? named.attributes : { ...named.attributes, ...draft.chosen };
  if (plan.kind === 'end') {
    // A newer login's cookie may be there by now, unless this request came with the session's present id.
    const isOwn = hasCookie && done.outcome !== 'gone' && found?.state !== 'moved';
    const names = isOwn ? [cookieName, ...staleChunks(header, cookieName, 0)] : [];
    return names.map((name) => deletionOf(name, attributes));
  }
  const { written } = done;
  if (written === undefined || !isCookieDue(visit, plan, written.sealed.values !== undefined)) return [];
  const now = named.now();
  const { record } = written.sealed;
  const { maxAge } = named.lifetimeOf(record);
  const secondsLeft = maxAge === undefined ? undefined : Math.max(0, record.createdAt + maxAge - now);
  const values = written.place.cookieValues(written.sealed, visit.tenant, now);
  const set = values.map((value, at) => setCookieOf(chunkName(cookieName, at), value, attributes, secondsLeft));
  const stale = staleChunks(header, cookieName, set.length);
  return stale.length === 0 ? set : [...set, ...stale.map((name) => deletionOf(name, attributes))];
}

/** A cookie that only leads to a record stays as it is, while the record changes. */
function isCookieDue({ found, draft, setsCookie }: Visit, { kind }: Plan, isInCookie: boolean): boolean {
  if (isInCookie || kind === 'create' || kind === 'move' || (kind === 'write' && setsCookie)) return true;
  const isStale = found?.state === 'live' && found.isStale;
  return isStale || draft.chosen !== undefined || draft.isMaxAgeSet;
}
