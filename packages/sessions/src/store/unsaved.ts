/** A session that was changed and never saved -> an event, and outside production one warning. */

import type { Emit } from './events.ts';

/** What a runtime may have, in whose types this file is not written. */
interface Runtime {
  readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> };
}

let hasWarned = false;

export function reportUnsaved(name: string, emit: Emit): void {
  emit({ type: 'unsaved', name });
  if (hasWarned || isProduction()) return;
  hasWarned = true;
  const remedy = 'call save(request, response) after the last change, or wrap the handler in withSessions()';
  console.warn(`sealring: session "${name}" was changed and not saved, so the change is lost: ${remedy}`);
}

function isProduction(): boolean {
  const runtime: Runtime & typeof globalThis = globalThis;
  try {
    const env = runtime.process?.env;
    return env === undefined || env['NODE_ENV'] === 'production'; // a browser or a worker says nothing of it
  } catch {
    return true; // Deno, without the permission to read the environment
  }
}
