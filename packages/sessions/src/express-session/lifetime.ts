/** The member `cookie` of a session, as JSON -> when the session ends, and whether a request has changed it. */

/** Milliseconds. express-session reads the clock twice when it prolongs a session, and takes the difference from `originalMaxAge`. */
const DRIFT = 100;

/** The last is @fastify/session's: when the session was to end one request ago. */
const MOVING: readonly string[] = ['originalMaxAge', 'expires', 'originalExpires'];

interface CookieMember {
  /** Milliseconds, or null: until the browser closes. */
  readonly originalMaxAge: unknown;
  /** A date as text, or null. */
  readonly expires: unknown;
  /** Everything else, as text. */
  readonly rest: string;
}

/** Apart from when it expires: that moves with every request. Whether it does at all counts, and so does for how long. */
export function isSameCookie(one: string | undefined, other: string | undefined): boolean {
  if (one === other) return true;
  const [a, b] = [read(one), read(other)];
  return (
    a.rest === b.rest && Boolean(a.expires) === Boolean(b.expires) && isSameAge(a.originalMaxAge, b.originalMaxAge)
  );
}

/** @returns seconds since the epoch. @param maxAge seconds, for a session that has no end of its own. */
export function endOf(cookie: string | undefined, now: number, maxAge: number): number {
  const { expires, originalMaxAge } = read(cookie);
  const at = typeof expires === 'string' || typeof expires === 'number' ? new Date(expires).getTime() : Number.NaN;
  if (!Number.isNaN(at)) return at / 1000;
  return now + (typeof originalMaxAge === 'number' ? originalMaxAge / 1000 : maxAge);
}

/** Has the session say when it ends by now: a touch leaves the contents as they were. @param expiresAt seconds since the epoch. */
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
