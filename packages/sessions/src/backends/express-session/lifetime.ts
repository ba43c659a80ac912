/** The cookie of a session, as JSON -> when the session ends, and whether a request has changed the cookie. */

/** Milliseconds. express-session reads the clock twice when it prolongs a session, and subtracts the difference from `originalMaxAge`. */
const DRIFT = 100;

/** What every request may move. The last is @fastify/session's: when the session was to end one request ago. */
const MOVING: readonly string[] = ['originalMaxAge', 'expires', 'originalExpires'];

interface CookieMember {
  /** Milliseconds, or null: until the browser closes. */
  readonly originalMaxAge: unknown;
  /** A date as a string, or null. */
  readonly expires: unknown;
  /** Everything else, as JSON. */
  readonly rest: string;
}

/** Whether two cookies differ only in when they expire, which moves with every request. Whether and how long they last does count. */
export function isSameCookie(one: string | undefined, other: string | undefined): boolean {
  if (one === other) return true;
  const [a, b] = [read(one), read(other)];
  return (
    a.rest === b.rest && Boolean(a.expires) === Boolean(b.expires) && isSameAge(a.originalMaxAge, b.originalMaxAge)
  );
}

/** Returns seconds since the epoch. @param ttl returns seconds, for a session whose cookie does not say how long it lives. */
export function endOf(cookie: string | undefined, now: number, ttl: () => number): number {
  const { expires, originalMaxAge } = read(cookie);
  const at = typeof expires === 'string' || typeof expires === 'number' ? new Date(expires).getTime() : Number.NaN;
  if (!Number.isNaN(at)) return at / 1000;
  return now + (typeof originalMaxAge === 'number' ? originalMaxAge / 1000 : ttl());
}

/** Puts the end of the record into the session: it may have moved since the contents were written. @param expiresAt seconds since the epoch. */
export function updateExpiry(session: object, expiresAt: number): void {
  const cookie: unknown = Reflect.get(session, 'cookie');
  if (typeof cookie !== 'object' || cookie === null || !Reflect.get(cookie, 'expires')) return;
  const date = new Date(Math.round(expiresAt * 1000));
  if (!Number.isNaN(date.getTime())) Reflect.set(cookie, 'expires', date.toISOString());
}

function isSameAge(one: unknown, other: unknown): boolean {
  if (typeof one === 'number' && typeof other === 'number') return Math.abs(one - other) < DRIFT;
  return (one ?? null) === (other ?? null);
}

function read(text: string | undefined): CookieMember {
  const value: unknown = text === undefined ? null : JSON.parse(text);
  if (typeof value !== 'object' || value === null) return { originalMaxAge: null, expires: null, rest: String(text) };
  const rest = Object.entries(value).filter(([name]) => !MOVING.includes(name));
  return { originalMaxAge: null, expires: null, ...value, rest: JSON.stringify(rest.sort()) };
}
