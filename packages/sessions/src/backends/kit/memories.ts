/** The backends of this process that keep records in memory, whichever copy of this package or instance of a module has made them. For warnings. */

import { isOneOfSeveral, isWatched, shared, warnOnce } from '../../development.ts';
import type { Backend } from '../backend.ts';

/** One `memory()`. */
export interface Memory {
  readonly backend: Backend;
  /** Seconds since the epoch. */
  readonly madeAt: number;
}

/** What a sentence about `memory()` ends with. */
export const OUTSIDE =
  'use a backend outside the process, which all processes share: sqlite(), file(), redis() or postgres()';

const all = () => shared('memories', () => new Map<WeakRef<Backend>, number>());

/** During development. */
export function rememberMemory(backend: Backend, now: () => number): void {
  if (isWatched('memory-in-processes') && isOneOfSeveral()) {
    const why = 'a visitor whose next request reaches another process has no session there';
    const what = 'memory() keeps sessions in one process, and this is one of several, as the workers of a cluster are';
    warnOnce('memory-in-processes', `${what}: ${why}. To mend it, ${OUTSIDE}`);
  }
  if (isWatched('memory-made-twice') && typeof WeakRef !== 'undefined') all().set(new WeakRef(backend), now());
}

/** Those that somebody has. */
export function memories(): readonly Memory[] {
  const known: Memory[] = [];
  for (const [reference, madeAt] of all()) {
    const backend = reference.deref();
    if (backend === undefined) all().delete(reference);
    else known.push({ backend, madeAt });
  }
  return known;
}
