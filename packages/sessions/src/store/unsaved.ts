/** Sessions that were changed and never saved -> an event, and outside production one warning. */

import type { Entry } from './entry.ts';

/** What a runtime may have, in whose types this file is not written. */
interface Runtime {
  readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> };
}

let registry: FinalizationRegistry<readonly Entry[]> | undefined;
let hasWarned = false;

/** Looks at the sessions of a request once the request itself is gone. Runtimes without FinalizationRegistry never look. */
export function watchForUnsaved(request: object, entries: readonly Entry[]): void {
  if (typeof FinalizationRegistry === 'undefined') return;
  registry ??= new FinalizationRegistry(reportUnsaved);
  registry.register(request, entries);
}

/** Reports each session of a request that will not be saved any more. */
export function reportUnsaved(entries: readonly Entry[]): void {
  for (const { loaded, named, result } of entries) {
    const isChanged =
      loaded !== undefined && (result === undefined ? loaded.draft.isPending : loaded.draft.isChangedLate);
    if (!isChanged) continue;
    named.emit({ type: 'unsaved', name: named.name });
    warn(named.name);
  }
}

function warn(name: string): void {
  if (hasWarned || isProduction()) return;
  hasWarned = true;
  const remedy = 'call save(request, response), or wrap the handler in withSessions()';
  console.warn(`sealring: session "${name}" was changed but never saved, so the change is lost: ${remedy}`);
}

function isProduction(): boolean {
  const runtime: Runtime & typeof globalThis = globalThis;
  return runtime.process?.env?.['NODE_ENV'] === 'production';
}
