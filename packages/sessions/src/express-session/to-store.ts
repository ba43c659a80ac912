/** A backend -> a store that unmodified applications of express-session and @fastify/session use, and lose nothing with. */

import type { KeyInput } from '@sealring/codec';
import { MAX_COOKIE_AGE } from '../attributes.ts';
import { type Backend, checkBackend } from '../backend.ts';
import { readClock } from '../clock.ts';
import { checkDuration, checkOptions, describe } from '../options.ts';
import { answer, type Callback } from './callbacks.ts';
import { type ExpressStoreEvent, MergingSessions } from './merging-sessions.ts';
import { createSeals } from './seals.ts';
import { Snapshots } from './snapshots.ts';

/** Options of `toExpressStore()`. */
export interface ExpressStoreOptions {
  /** The first key seals, all open: keys made by `generateKey`. */
  keys: readonly KeyInput[];
  /** Seconds that a session lives whose cookie says nothing of it: one that lasts until the browser closes. Default 86,400. */
  maxAge?: number;
  /** Seconds since the epoch. Default: the machine's clock. */
  now?: () => number;
  onEvent?: (event: ExpressStoreEvent) => void;
}

/** What is used of express-session's `session.Store`. */
export interface ExpressSessionStore {
  createSession(request: object, session: object): object;
}

/** Errors go to the callback, or reject the promise. With a callback the promise holds nothing. */
export interface ExpressStore {
  /** Null for a session that is not there, has expired or cannot be opened. */
  get<Session>(sid: string, callback?: Callback<Session | null>): Promise<Session | null | undefined>;
  set(sid: string, session: object, callback?: Callback<void>): Promise<void>;
  destroy(sid: string, callback?: Callback<void>): Promise<void>;
  touch(sid: string, session: object, callback?: Callback<void>): Promise<void>;
}

const OPTIONS: readonly string[] = ['keys', 'maxAge', 'now', 'onEvent', 'Store'];
const DEFAULT_MAX_AGE = 86_400;

/**
 * A store for applications that keep their sessions with express-session or @fastify/session, without a change to their code: parallel
 * requests do not undo each other's work. Sessions are JSON, as with every store of express-session; records are sealed with `keys`,
 * and found under a hash of the session's id.
 *
 * The store remembers what each request loaded. When the request saves, only the top-level keys that it has set, changed or deleted
 * since are written, into whatever the record is by then. So
 * - two requests that change different keys both count;
 * - a request that changed nothing only moves the end of the session (`resave: true`, `rolling: true`), and by less than a
 *   thousandth of the time that is left not even that;
 * - a session that was destroyed is not brought back by a request that had loaded it: its save succeeds and writes nothing. Nor is one
 *   that has expired.
 *
 * What this cannot do: a value under one top-level key is one piece, so of two requests that push to one array, or change two members
 * of one nested object, the one that saves last wins, as it does where two set the same key. And a request that set one key because of
 * another's value does not notice that the other has changed. `serverStore()` can do both, with `update()`.
 *
 * A session ends when its cookie does (`cookie.expires`, else `cookie.originalMaxAge`), else after `maxAge`. An object that was not
 * loaded from this store, nor saved to it before, is a new session: saving it replaces what is there.
 *
 * With express-session, pass its base class as `Store`; without it express-session is refused when it is set up, as it cannot make
 * sessions with it. @fastify/session copies what it loads, so there the session has one more enumerable key, `~sealring`, which is
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
  checkOptions('toExpressStore()', options, OPTIONS);
  checkBackend('backend', backend);
  const { keys, Store, onEvent } = options;
  if (Store !== undefined && !isBaseClass(Store)) {
    throw new TypeError(`"Store" expected the class session.Store of express-session, got ${describe(Store)}`);
  }
  if (onEvent !== undefined && typeof onEvent !== 'function') {
    throw new TypeError(`"onEvent" expected a function, got ${describe(onEvent)}`);
  }
  const snapshots = new Snapshots(Store === undefined);
  const sessions = new MergingSessions({
    backend,
    seals: createSeals(keys),
    snapshots,
    maxAge: checkDuration('maxAge', options.maxAge, MAX_COOKIE_AGE) ?? DEFAULT_MAX_AGE,
    now: readClock(options.now),
    emit: (event) => emit(onEvent, event),
  });
  if (backend.cas !== 'atomic') emit(onEvent, { type: 'weak-cas', cas: backend.cas });
  const methods = methodsOf(sessions);
  return Store === undefined ? withoutBase(methods) : Object.assign(extend(Store, snapshots), methods);
}

function methodsOf(sessions: MergingSessions): ExpressStore {
  return {
    get<Session>(sid: string, callback?: Callback<Session | null>) {
      // trust boundary: what is in a session is what the application put there, in whatever type it declares
      return answer(sessions.load(sid) as Promise<Session | null>, callback);
    },
    set: (sid, session, callback) => answer(sessions.save(sid, session), callback),
    destroy: (sid, callback) => answer(sessions.destroy(sid), callback),
    touch: (sid, session, callback) => answer(sessions.touch(sid, session), callback),
  };
}

/** express-session makes its sessions of what `get` gave with this method of its base class. */
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

/** A hook that fails must not make a request fail. */
function emit(onEvent: ExpressStoreOptions['onEvent'], event: ExpressStoreEvent): void {
  try {
    onEvent?.(event);
  } catch (error) {
    console.error(error);
  }
}
