/** A session that was changed and never saved -> an event, and during development one warning. */

import { warnOnce } from '../development.ts';
import type { Emit } from './events.ts';

export function reportUnsaved(name: string, emit: Emit): void {
  emit({ type: 'unsaved', name });
  const remedy = 'call save(request, response) after the last change, or wrap the handler in withSessions()';
  warnOnce('unsaved', `session "${name}" was changed and not saved, so the change is lost: ${remedy}`);
}
