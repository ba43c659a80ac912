/** A session that is named, typed, validated and given a lifetime once for the whole application. */

import type { CookieOptions } from '../cookie/attributes.ts';
import { checkFunction, checkOptions, describe, isObject } from '../options.ts';
import type { ReadonlySessionOf, SessionOf } from '../session/session.ts';
import type { SessionRequest } from './request.ts';
import { checkValues, type Migrate, prepare, type Schema } from './schema.ts';
import { getSession, peekSession } from './scope.ts';
import { readLifetime } from './setup.ts';
import { STORE, type Store, type StoreCore } from './store.ts';

/** What is said once of a session: its name, its store, its type, how long it lives, and what it is bound to. */
export interface SessionDefinition<Values extends object> {
  store: Store;
  /** The cookie's name without prefix. */
  name: string;
  /** Validates what was stored and what is written. What does not fit is rejected, with `rejected` as `invalid`. Default: nothing is validated. */
  schema?: Schema<Values>;
  /** Turns older contents into newer ones, which are validated again. Called only with what the schema rejects. */
  migrate?: Migrate;
  /** Seconds from creation, up to 400 days. Default: the store's. */
  maxAge?: number | undefined;
  /** Seconds without a request, up to 400 days. Default: the store's. */
  idleTimeout?: number | undefined;
  /** Attributes of this session's cookie, in place of the store's. */
  cookie?: CookieOptions;
  /**
   * What the session is bound to, for example the host of a tenant: `(request) => new URL(request.url).host`. A cookie opens only where this returns the
   * same string. It is called with what `get` was called with. Default: nothing.
   */
  context?: (request: never) => string;
}

/** A session under its name, for every request. */
export interface DefinedSession<Values extends object, Message = unknown> {
  readonly name: string;
  readonly store: Store;
  /**
   * The session of this request: always one, even if it is empty. Inside `withSessions` and `sessions` the request may be left out.
   *
   * @throws as `Store.get`.
   */
  get(request?: SessionRequest): Promise<SessionOf<Values, Message>>;
  /** The session as it is at this moment, to look at: for sockets. It takes no changes, and has no methods that make any. @throws as `Store.get`. */
  peek(request?: SessionRequest): Promise<ReadonlySessionOf<Values, Message>>;
}

/** The type of the sessions of a definition: `InferSession<typeof login>`, for functions that take one. */
export type InferSession<Definition> =
  Definition extends DefinedSession<infer Values, infer Message> ? SessionOf<Values, Message> : never;

const OPTIONS: readonly (keyof SessionDefinition<object>)[] = [
  'store',
  'name',
  'schema',
  'migrate',
  'maxAge',
  'idleTimeout',
  'cookie',
  'context',
];

/**
 * Names, types and validates a session once. The second type parameter is the type of flash messages.
 *
 * @throws {TypeError | RangeError} naming the option that is wrong.
 *
 * @example
 * import { cookieStore, defineSession, generateKey } from 'sealring';
 * const store = cookieStore({ keys: [generateKey()] });
 * const login = defineSession<{ userId: string; visits: number }>({ store, name: 'login', maxAge: 60 * 60 * 24 * 7 });
 * const session = await login.get(new Request('https://example.org/'));
 * session.update('visits', (n = 0) => n + 1);
 * console.log(session.get('visits')); // 1
 */
export function defineSession<Values extends object, Message = unknown>(
  definition: SessionDefinition<Values>,
): DefinedSession<Values, Message> {
  const given = checkOptions('defineSession()', definition, OPTIONS);
  const { store, name, schema, migrate, cookie, context } = given;
  if (schema !== undefined && typeof schema?.['~standard']?.validate !== 'function') {
    throw new TypeError(`"schema" expected a Standard Schema, got ${describe(schema)}`);
  }
  checkFunction('migrate', migrate);
  checkFunction('context', context);
  const core = coreOf(store);
  core.define(name, {
    lifetime: (otherwise) => readLifetime(given, otherwise),
    cookie,
    context: context as ((request: unknown) => string) | undefined, // trust boundary: the caller says what its framework hands out
    prepare: (draft) => schema && prepare(draft, schema, migrate),
    checkValues: (draft) => schema && checkValues(draft, schema),
  });
  // trust boundary: a schema has checked the contents, or the caller has named their type
  const typed = (session: unknown) => session as SessionOf<Values, Message>;
  return {
    name,
    store,
    get: async (request) => typed(await getSession(core, request, name)),
    peek: async (request) => typed(await peekSession(core, request, name)),
  };
}

/** @throws {TypeError} if it is not a store of this package. */
export function coreOf(store: Store): StoreCore {
  const core: unknown = isObject(store) ? Reflect.get(store, STORE) : undefined;
  if (core === undefined)
    throw new TypeError(`"store" expected a cookieStore() or serverStore(), got ${describe(store)}`);
  return core as StoreCore; // trust boundary: only stores of this package, whichever copy, have it
}
