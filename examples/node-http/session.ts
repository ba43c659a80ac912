/** What this program keeps about a visitor: a value that came out of a cookie goes in, the session of the next visit comes out. */

export interface Session {
  visits: number;
  lastVisit: Date;
  /** How many of each fruit; every visit adds one. */
  cart: Map<string, number>;
}

const FRUIT = ['apple', 'pear', 'plum'] as const;

/** The session after one more visit. The old one is not changed. */
export function visit(session: Session | undefined, now: Date): Session {
  const visits = (session?.visits ?? 0) + 1;
  const cart = new Map(session?.cart);
  const fruit = FRUIT[visits % FRUIT.length] ?? 'apple';
  cart.set(fruit, (cart.get(fruit) ?? 0) + 1);
  return { visits, lastVisit: now, cart };
}

/** Dates and Maps come out of a cookie as Dates and Maps, so `instanceof` is all that it takes. */
export function isSession(value: unknown): value is Session {
  if (typeof value !== 'object' || value === null) return false;
  if (!('visits' in value && 'lastVisit' in value && 'cart' in value)) return false;
  const { visits, lastVisit, cart } = value;
  if (!Number.isInteger(visits) || !(lastVisit instanceof Date && cart instanceof Map)) return false;
  return [...cart].every(([fruit, count]) => typeof fruit === 'string' && Number.isInteger(count));
}
