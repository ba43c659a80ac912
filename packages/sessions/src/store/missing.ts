/** A valid cookie whose record is not in memory() -> why, if that is certain, as one warning during development. */

import type { Backend } from '../backends/backend.ts';
import { memories, OUTSIDE } from '../backends/kit/memories.ts';
import { isWatched, warnOnce } from '../development.ts';
import { LONGER_THAN_A_REQUEST } from './place.ts';

/**
 * After a restart it is normal that a record is missing. It is not if another memory() of this process has it; nor if the cookie is younger than this
 * memory(), and so young that the record is still kept, even if it has expired: then another process has made it.
 *
 * @param issuedAt when the cookie was sealed.
 */
export function noticeMissing(backend: Backend, id: string, issuedAt: number, now: number): void {
  if (backend.inProcess !== true || !(isWatched('memory-made-twice') || isWatched('memory-in-processes'))) return;
  const known = memories();
  const own = known.find((memory) => memory.backend === backend);
  if (own === undefined) return;
  if (known.some((other) => other !== own && other.backend.get(id) !== undefined)) {
    const why =
      'the module that makes the store was loaded more than once: by a hot reload, or because a framework bundles it several times, as Next does for route handlers and server components';
    warnOnce(
      'memory-made-twice',
      `a session is not found because another memory() of this process has it: ${why}. To mend it, keep the store on globalThis, or ${OUTSIDE}`,
    );
  } else if (issuedAt >= Math.ceil(own.madeAt) && now - issuedAt < LONGER_THAN_A_REQUEST) {
    const why = 'another process with the same key has made it in a memory() of its own, while this one was running';
    warnOnce(
      'memory-in-processes',
      `a session is not found although its cookie is valid: ${why}. To mend it, ${OUTSIDE}`,
    );
  }
}
