/** A session that nobody has any more -> whether a change of it was lost. Costs nothing until the session is changed, or an object is handed out. */

import type { Lent, Values } from './lent.ts';

/** What outlives a session. It must not lead to the session, which would then never go. */
export interface Fate {
  isUnsaved: boolean;
  /** Objects that a handler was given, and the values that they are compared with. */
  loans: { readonly lent: Lent; readonly values: Values } | undefined;
  /** Is called if a change was lost. */
  readonly report: () => void;
}

let registry: FinalizationRegistry<Fate> | undefined;

/** Runtimes without FinalizationRegistry never report. */
export function watch(session: object, fate: Fate): void {
  if (typeof FinalizationRegistry === 'undefined') return;
  registry ??= new FinalizationRegistry(({ isUnsaved, loans, report }) => {
    if (isUnsaved || loans?.lent.isChanged(loans.values)) report();
  });
  registry.register(session, fate, session);
}

export function unwatch(session: object): void {
  registry?.unregister(session);
}
