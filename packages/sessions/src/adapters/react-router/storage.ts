/** React Router's `SessionStorage` over a session of this package: for code that was written for `createCookieSessionStorage`. */

import { checkOptions, describe, isObject } from '../../options.ts';
import { MAX_COOKIE_AGE } from '../../session/lifetime.ts';
import type { Session } from '../../session/session.ts';
import { commitVisits, failureOf } from '../../store/commit.ts';
import type { DefinedSession } from '../../store/define.ts';
import { currentScope } from '../../store/scope.ts';
import { visitOf } from '../../store/visit.ts';

/** React Router's `Session`. */
export interface StorageSession<Data, FlashData = Data> {
  /** Changes with a login. Never empty. */
  readonly id: string;
  /** The values, without the flash messages. */
  readonly data: Partial<Data>;
  has(name: (keyof Data | keyof FlashData) & string): boolean;
  get<Key extends (keyof Data | keyof FlashData) & string>(
    name: Key,
  ):
    | (Key extends keyof Data ? Data[Key] : undefined)
    | (Key extends keyof FlashData ? FlashData[Key] : undefined)
    | undefined;
  set<Key extends keyof Data & string>(name: Key, value: Data[Key]): void;
  /** Sets a message that lasts until it is read: `flashes(name)` has it too. */
  flash<Key extends keyof FlashData & string>(name: Key, value: FlashData[Key]): void;
  unset(name: keyof Data & string): void;
}

/** Of React Router's options for a cookie those that count for one session. The others belong to the store or the definition. */
export interface CommitOptions {
  /** Seconds from now. `undefined`: until the browser closes. */
  readonly maxAge?: number | undefined;
  readonly expires?: Date | undefined;
}

/** React Router's `SessionStorage`. */
export interface SessionStorage<Data, FlashData = Data> {
  getSession: (cookieHeader?: string | null) => Promise<StorageSession<Data, FlashData>>;
  /** Saves the session. Returns its Set-Cookie header, which is empty if there is no cookie to set, or if `sessions()` sets it. @throws as `save`. */
  commitSession: (session: StorageSession<Data, FlashData>, options?: CommitOptions) => Promise<string>;
  /** Ends the session. Returns the Set-Cookie header that deletes its cookie. @throws as `save`. */
  destroySession: (session: StorageSession<Data, FlashData>, options?: object) => Promise<string>;
}

/** The storage of one session. `login.get(args)` in a request gives the same session, if `sessions()` is among the middleware. */
export function storage<Data extends object, FlashData = Data>(
  definition: DefinedSession<Data>,
): SessionStorage<Data, FlashData> {
  if (!isObject(definition) || !('get' in definition && 'store' in definition)) {
    throw new TypeError(`sessions.storage() expected a session of defineSession(), got ${describe(definition)}`);
  }
  return {
    async getSession(cookieHeader) {
      const request = { headers: cookieHeader ? { cookie: cookieHeader } : {} };
      const session = await definition.get(currentScope()?.isFor(request) === true ? undefined : request);
      return new Wrapped(session) as StorageSession<Data, FlashData>; // trust boundary: the caller has named the types
    },
    async commitSession(given, options = {}) {
      const session = insideOf(given);
      setEnd(session, checkOptions('commitSession()', options, ['maxAge', 'expires']));
      return await saveOne(session);
    },
    async destroySession(given) {
      const session = insideOf(given);
      session.destroy();
      return await saveOne(session);
    },
  };
}

/** What React Router's sessions can do, done by one of this package. A flash message is in the bag of its name. */
class Wrapped {
  readonly inside: Session;

  constructor(inside: Session) {
    this.inside = inside;
  }

  get id(): string {
    return this.inside.id;
  }

  get data(): Record<string, unknown> {
    return Object.fromEntries(this.inside.entries());
  }

  has(name: string): boolean {
    return this.inside.has(name) || this.inside.peekFlashes(name).length > 0;
  }

  get(name: string): unknown {
    return this.inside.has(name) ? this.inside.get(name) : this.inside.flashes(name).at(-1);
  }

  set(name: string, value: unknown): void {
    this.inside.set(name, value);
  }

  flash(name: string, value: unknown): void {
    this.inside.addFlash(value, name);
  }

  unset(name: string): void {
    this.inside.delete(name);
  }
}

function insideOf(session: unknown): Session {
  if (session instanceof Wrapped) return session.inside;
  throw new TypeError(`"session" expected what getSession() has returned, got ${describe(session)}`);
}

/** React Router counts `maxAge` from now on, a session from when it began. */
function setEnd(session: Session, options: CommitOptions): void {
  const now = visitOf('session', session).named.now();
  const { expires } = options;
  if ('maxAge' in options || expires !== undefined) {
    const left = options.maxAge ?? (expires === undefined ? undefined : expires.getTime() / 1000 - now);
    const end = left === undefined ? undefined : Math.floor(now - session.createdAt) + left;
    session.options.maxAge = end === undefined ? undefined : Math.min(end, MAX_COOKIE_AGE);
  }
}

/** Saves one session, unless that is done when the response goes out. Returns its Set-Cookie header. */
async function saveOne(session: Session): Promise<string> {
  const visit = visitOf('session', session);
  const scope = currentScope();
  if (scope !== undefined && !scope.isClosed && scope.visits.includes(visit)) return '';
  const committed = await commitVisits([visit]);
  const failure = failureOf(committed);
  if (failure !== undefined) throw failure.error;
  const [cookie, another] = committed.cookies;
  if (another === undefined) return cookie?.line ?? '';
  const advice = 'add sessions() to the middleware of the root route, which sets them all';
  throw new TypeError(`commitSession() returns one cookie, and session "${session.name}" has several: ${advice}`);
}
