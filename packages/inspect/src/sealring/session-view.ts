/** A value that a cookie held -> the session in it, where it is one of the session layer's. Positions: createdAt, values, flashes, maxAge, subject, id, since. */

import type { SessionView } from '../explanation.ts';
import { formatHex } from '../text.ts';
import type { Binding } from './bindings.ts';

const ID_BYTES = 32; // what the cookie of a server store holds

export function readSession(value: unknown, { purpose }: Binding): SessionView | undefined {
  if (!purpose.startsWith('cookie:')) return undefined;
  if (value instanceof Uint8Array && value.length === ID_BYTES) return { kind: 'id' };
  if (!Array.isArray(value) || value.length < 2 || value.length > 7) return undefined;
  const [createdAt, values, flashes, maxAge, subject, id, since]: unknown[] = value;
  if (typeof createdAt !== 'number' || typeof values !== 'object' || values === null) return undefined;
  if (maxAge !== undefined && maxAge !== null && typeof maxAge !== 'number') return undefined;
  if (subject !== undefined && typeof subject !== 'string') return undefined;
  if (id !== undefined && !(id instanceof Uint8Array)) return undefined;
  if (since !== undefined && typeof since !== 'number') return undefined;
  const bags = readBags(flashes);
  if (bags === undefined) return undefined;
  return { kind: 'session', createdAt, maxAge, subject, id: id && formatHex(id), since, values, flashes: bags };
}

/** Each bag is a list of pairs of id and message. */
function readBags(flashes: unknown): Map<string, readonly unknown[]> | undefined {
  const bags = new Map<string, readonly unknown[]>();
  if (flashes === undefined) return bags;
  if (!(flashes instanceof Map)) return undefined;
  for (const [bag, pairs] of flashes) {
    if (typeof bag !== 'string' || !Array.isArray(pairs)) return undefined;
    const messages: unknown[] = [];
    for (const pair of pairs) {
      const [id, message]: unknown[] = Array.isArray(pair) ? pair : [];
      if (typeof id !== 'number') return undefined;
      messages.push(message);
    }
    bags.set(bag, messages);
  }
  return bags;
}
