/** A backend -> a store for unmodified applications of express-session and @fastify/session, in which no update is lost. */

import { describe } from '../../options.ts';
import type { Rejection } from '../../session/session.ts';
import { type Backend, checkBackend } from '../backend.ts';
import { createAllSessions } from './all-sessions.ts';
import { answer, type Callback } from './callbacks.ts';
import { MergingSessions } from './merging-sessions.ts';
import { SessionRecords } from './records.ts';
import { createSeals } from './seals.ts';
import { Snapshots } from './snapshots.ts';
import { type ExpressStoreOptions, readStoreOptions, type StoreSettings } from './store-options.ts';

/** What is used of express-session's `session.Store`. */
export interface ExpressSessionStore {
  createSession(request: object, session: object): object;
}

/** The store interface of express-session. Errors go to the callback, or reject the promise. With a callback the promise holds nothing. */
export interface ExpressStore {
  /** Null if there is no such session, if it has expired, or if it cannot be opened. */
  get<Session>(sid: string, callback?: Callback<Session | null>): Promise<Session | null | undefined>;
  set(sid: string, session: object, callback?: Callback<void>): Promise<void>;
  destroy(sid: string, callback?: Callback<void>): Promise<void>;
  touch(sid: string, session: object, callback?: Callback<void>): Promise<void>;
  /** How many sessions there are. */
  length(callback?: Callback<number>): Promise<number | undefined>;
  /** The ids of all sessions. Needs the option `listable`. */
  ids(callback?: Callback<string[]>): Promise<string[] | undefined>;
  /** All sessions. Each has its id in `id`, which is not enumerable. Needs the option `listable`. */
  all<Session>(callback?: Callback<Session[]>): Promise<Session[] | undefined>;
  /** Ends all sessions. A request that had loaded one does not bring it back. */
  clear(callback?: Callback<void>): Promise<void>;
  /** Waits for what is under way, then closes the backend. */
  close(callback?: Callback<void>): Promise<void>;
}

/**
 * A store for applications that keep their sessions with express-session or @fastify/session, without a change to their code: parallel
 * requests do not undo each other's work. Sessions are JSON, as with every store of express-session. Records are sealed with `keys` and the
 * session's id, and kept under a hash of that id.
 *
 * The store remembers what each request loaded. When the request saves, only the top-level keys that it has set, changed or deleted
 * since are written, into whatever the record is by then. So
 * - if two requests change different keys, both changes are kept;
 * - a request that changed nothing only moves the end of the session (`resave: true`, `rolling: true`), and by less than a
 *   thousandth of the time that is left not even that;
 * - a session that was destroyed is not brought back by a request that had loaded it: its save succeeds and writes nothing. The same holds for
 *   a session that has expired, and after `clear`.
 *
 * What this cannot do: a value under one top-level key is one piece. If two requests push to one array, change two members
 * of one nested object, or set the same key, the one that saves last wins. And a request that sets one key because of
 * another key's value does not notice that the other has changed. `serverStore()` can do both, with `update()`.
 *
 * A session ends when its cookie does (`cookie.expires`, else `cookie.originalMaxAge`), else after `ttl`. An object that was not
 * loaded from this store, nor saved to it before, is a new session: saving it replaces what is there.
 *
 * `length` and `clear` need a backend that can list; `all` and `ids` also need the option `listable`. All four look at every session of
 * every store with these keys over this backend.
 *
 * With express-session, pass its base class as `Store`: it makes its sessions with it, and without it throws when it is set up.
 * @fastify/session copies what it loads, so there the session has one more enumerable key, `~sealring`, which is
 * neither saved nor counted as a change.
 *
 * @throws {TypeError | RangeError} naming the option that is wrong.
 * @example
 * import express from 'express';
 * import session from 'express-session';
 * import { toExpressStore } from 'sealring/express-session';
 * import { sqlite } from 'sealring/sqlite';
 * const secret = process.env.SESSION_KEY!;
 * const store = toExpressStore(sqlite('./sessions.db'), { keys: [secret], Store: session.Store });
 * const app = express();
 * app.use(session({ store, secret, resave: false, saveUninitialized: false }));
 * @example
 * import fastifyCookie from '@fastify/cookie';
 * import fastifySession from '@fastify/session';
 * import fastify from 'fastify';
 * import { toExpressStore } from 'sealring/express-session';
 * import { sqlite } from 'sealring/sqlite';
 * const secret = process.env.SESSION_KEY!;
 * const app = fastify();
 * app.register(fastifyCookie);
 * app.register(fastifySession, { store: toExpressStore(sqlite('./sessions.db'), { keys: [secret] }), secret });
 */
export function toExpressStore<Base extends ExpressSessionStore>(
  backend: Backend,
  options: ExpressStoreOptions & { Store: abstract new () => Base },
): Base & ExpressStore;
export function toExpressStore(backend: Backend, options: ExpressStoreOptions): ExpressStore;
export function toExpressStore(
  backend: Backend,
  options: ExpressStoreOptions & { Store?: abstract new () => ExpressSessionStore },
): ExpressStore {
  const settings = readStoreOptions(options);
  const { Store } = options;
  checkBackend('backend', backend);
  if (settings.listable && backend.list === undefined) {
    throw new TypeError('"listable" expected a backend that can list its records, got one without the method list');
  }
  if (Store !== undefined && !isBaseClass(Store)) {
    throw new TypeError(`"Store" expected the class session.Store of express-session, got ${describe(Store)}`);
  }
  const snapshots = new Snapshots(Store === undefined);
  const methods = createMethods(backend, snapshots, settings);
  if (backend.cas !== 'atomic') settings.emit({ type: 'weak-cas', cas: backend.cas });
  return Store === undefined ? withoutBase(methods) : Object.assign(extend(Store, snapshots), methods);
}

function createMethods(backend: Backend, snapshots: Snapshots, settings: StoreSettings): ExpressStore {
  const { keys, ttlOf, disableTouch, listable, now, emit } = settings;
  const onReject = (reason: Rejection) => emit({ type: 'rejected', reason });
  const records = new SessionRecords(backend, createSeals(keys, listable), now, onReject);
  const sessions = new MergingSessions({ records, snapshots, ttlOf, now, emit });
  const all = createAllSessions(records, sessions, listable);
  const report = (error: unknown) => emit({ type: 'failed', error });
  const touch = async (sid: string, session: object) => (disableTouch ? undefined : await sessions.touch(sid, session));
  const close = async () => {
    await sessions.settle();
    await records.close();
  };
  return {
    get<Session>(sid: string, callback?: Callback<Session | null>) {
      // trust boundary: what is in a session is what the application put there, of whatever type it declares
      return answer(sessions.load(sid) as Promise<Session | null>, callback, report);
    },
    set: (sid, session, callback) => answer(sessions.save(sid, session), callback, report),
    destroy: (sid, callback) => answer(sessions.destroy(sid), callback, report),
    touch: (sid, session, callback) => answer(touch(sid, session), callback, report),
    length: (callback) => answer(all.length(), callback, report),
    ids: (callback) => answer(all.ids(), callback, report),
    all<Session>(callback?: Callback<Session[]>) {
      // trust boundary: as in get
      return answer(all.all() as Promise<Session[]>, callback, report);
    },
    clear: (callback) => answer(all.clear(), callback, report),
    close: (callback) => answer(close(), callback, report),
  };
}

/** express-session makes its sessions of what `get` returned with this method of its base class. */
function extend(Store: abstract new () => ExpressSessionStore, snapshots: Snapshots): ExpressSessionStore {
  class SealringStore extends Store {
    override createSession(request: object, loaded: object): object {
      const session = super.createSession(request, loaded);
      snapshots.move(loaded, session);
      return session;
    }
  }
  return new SealringStore();
}

/** express-session assigns `generate` when it is set up: better an error there than in the first request. */
function withoutBase(methods: ExpressStore): ExpressStore {
  return Object.defineProperty(methods, 'generate', {
    set() {
      throw new TypeError('toExpressStore() expected the option "Store" for express-session: { Store: session.Store }');
    },
  });
}

function isBaseClass(Store: unknown): boolean {
  return typeof Store === 'function' && typeof Store.prototype?.createSession === 'function';
}
