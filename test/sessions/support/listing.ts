/** What a backend lists of a subject, sorted. A backend that does not list has nothing. */
import type { Backend } from '../../../packages/sessions/src/backends/backend.ts';

export async function idsOf(backend: Backend, subject: string): Promise<string[]> {
  return (await entriesOf(backend, subject)).map(({ id }) => id);
}

export async function entriesOf(backend: Backend, subject: string): Promise<{ id: string; expiresAt: number }[]> {
  const entries: { id: string; expiresAt: number }[] = [];
  for await (const entry of backend.list?.(subject) ?? []) entries.push(entry);
  return entries.sort((one, other) => (one.id < other.id ? -1 : 1));
}
