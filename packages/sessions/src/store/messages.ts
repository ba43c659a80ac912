/** Flash messages that are taken in one place and shown in another, where no cookie can be set: out of a session, through a header, to a page. */

import type { Named } from './named.ts';
import type { Visit } from './visit.ts';

/** A session's cookie is never taken for messages, nor the other way round. */
const CONTEXT = 'messages of this page';

/** Whether there are messages in any bag. */
export function hasMessages({ draft }: Visit): boolean {
  return [...draft.contents.flashes.values()].some(({ length }) => length > 0);
}

/** Takes the messages of every bag, and seals them. Returns `undefined` if there are none. */
export function takeMessages({ draft, named }: Visit): string | undefined {
  const bags = [...draft.contents.flashes].filter(([, flashes]) => flashes.length > 0);
  if (bags.length === 0) return undefined;
  for (const [bag, flashes] of bags) draft.change({ kind: 'take', bag, ids: new Set(flashes.map(({ id }) => id)) });
  const messages = bags.map(([bag, flashes]) => [bag, flashes.map(({ message }) => message)]);
  return named.sealer().seal(messages, { now: named.now(), context: CONTEXT });
}

/** The messages of a bag. What was not sealed by `takeMessages` for a session of this name holds none. */
export function openMessages(named: Named, sealed: string, bag: string): readonly unknown[] {
  const opened = named.sealer().safeOpen(sealed, { now: named.now(), context: CONTEXT });
  // trust boundary: what opens in this context was sealed above
  const messages = opened.ok ? new Map(opened.value as [string, unknown[]][]) : undefined;
  return messages?.get(bag) ?? [];
}
