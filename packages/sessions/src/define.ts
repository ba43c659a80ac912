/** A session that is typed, validated and named once for the whole application. */

import { MAX_COOKIE_AGE } from './attributes.ts';
import type { Store } from './carrier.ts';
import type { Contents } from './changes.ts';
import { checkDuration, checkOptions, describe } from './options.ts';
import type { SessionRequest } from './request.ts';
import type { Session } from './session.ts';
import { SessionObject } from './session-object.ts';

/** Any Standard Schema (zod, valibot, arktype …) that validates synchronously. https://standardschema.dev */
export interface Schema<Output extends object> {
  readonly '~standard': {
    readonly version: 1;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly output: Output } | undefined;
  };
}

/** What a Standard Schema makes of a value: it as it fits, or what is wrong with it. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string }[] };

/** A session whose keys and values are those of a type. */
export interface SessionOf<Values extends object>
  extends Omit<Session, 'get' | 'has' | 'set' | 'delete' | 'update' | 'entries'> {
  get<Key extends keyof Values & string>(key: Key): Values[Key] | undefined;
  has(key: keyof Values & string): boolean;
  set<Key extends keyof Values & string>(key: Key, value: Exclude<Values[Key], undefined>): this;
  /** @returns whether there was such a key. */
  delete(key: keyof Values & string): boolean;
  /** Sets what `update` makes of the value; replayed on a conflict. */
  update<Key extends keyof Values & string>(
    key: Key,
    update: (value: Values[Key] | undefined) => Exclude<Values[Key], undefined>,
  ): void;
  entries(): IterableIterator<[keyof Values & string, Values[keyof Values & string]]>;
}

/** What is said once of a session: its name, its store, its type, and how long it lives. */
export interface SessionDefinition<Values extends object> {
  store: Store;
  /** The cookie's name without prefix. */
  name: string;
  /** Validates what was stored; what does not fit is refused, with `rejected` as `invalid`. Default: nothing is validated. */
  schema?: Schema<Values>;
  /** Older contents -> newer ones, before they are validated again. Called only with what the schema refuses. */
  migrate?: (old: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>> | undefined;
  /** Seconds from creation, up to 400 days. Default: the store's. */
  maxAge?: number | undefined;
  /** Seconds without a request, up to 400 days. Default: the store's. */
  idleTimeout?: number | undefined;
}

/** A session under its name, for every request. */
export interface DefinedSession<Values extends object> {
  /** The session of this request: always one, even if empty. */
  get(request: SessionRequest): Promise<SessionOf<Values>>;
}

/**
 * Names, types and validates a session once.
 *
 * @throws {TypeError | RangeError} naming the option that is wrong.
 *
 * @example
 * import { cookieStore, defineSession } from 'sealring';
 * import { generateKey } from '@sealring/codec';
 * const store = cookieStore({ keys: [generateKey()] });
 * const login = defineSession<{ userId: string; visits: number }>({ store, name: 'login', maxAge: 60 * 60 * 24 * 7 });
 * const session = await login.get(new Request('https://example.org/'));
 * session.update('visits', (n = 0) => n + 1);
 * console.log(session.get('visits')); // 1
 */
export function defineSession<Values extends object>(definition: SessionDefinition<Values>): DefinedSession<Values> {
  checkOptions('defineSession()', definition, ['store', 'name', 'schema', 'migrate', 'maxAge', 'idleTimeout']);
  const { store, name, schema, migrate, maxAge, idleTimeout } = definition;
  if (typeof store?.get !== 'function') throw new TypeError(`"store" expected a store, got ${describe(store)}`);
  if (schema !== undefined && typeof schema?.['~standard']?.validate !== 'function') {
    throw new TypeError(`"schema" expected a Standard Schema, got ${describe(schema)}`);
  }
  checkDuration('maxAge', maxAge, MAX_COOKIE_AGE);
  checkDuration('idleTimeout', idleTimeout, MAX_COOKIE_AGE);
  const options = { ...('maxAge' in definition && { maxAge }), ...('idleTimeout' in definition && { idleTimeout }) };
  const checked = new WeakSet<Session>();
  return {
    async get(request) {
      const session = await store.get(request, name, options);
      if (schema !== undefined && session instanceof SessionObject && !checked.has(session)) {
        checked.add(session);
        if (!session.isNew) validate(session, schema, migrate);
      }
      // trust boundary: a schema has just checked the contents, or the caller has named their type
      return session as unknown as SessionOf<Values>;
    },
  };
}

function validate<Values extends object>(
  session: SessionObject,
  schema: Schema<Values>,
  migrate: SessionDefinition<Values>['migrate'],
): void {
  const fit = (contents: Contents): 'fits' | 'migrated' | 'refused' => {
    const old = Object.fromEntries(contents.values);
    const first = run(schema, old);
    if (first.issues === undefined) return replace(contents, old, first.value) ? 'migrated' : 'fits';
    const newer = migrate?.(old);
    const second = newer && run(schema, newer);
    contents.values.clear();
    if (second === undefined || second.issues !== undefined) {
      contents.flashes.clear();
      return 'refused';
    }
    for (const [key, value] of Object.entries(second.value)) contents.values.set(key, value);
    return 'migrated';
  };
  const verdict = fit(session.contents);
  if (verdict !== 'fits')
    session.reshape((contents) => void fit(contents), verdict === 'refused' ? 'invalid' : undefined);
}

/** Defaults and conversions of the schema count. @returns whether there were any. */
function replace(contents: Contents, old: Readonly<Record<string, unknown>>, value: object): boolean {
  const entries = Object.entries(value);
  const isSame = entries.length === contents.values.size && entries.every(([key, item]) => Object.is(old[key], item));
  if (isSame) return false;
  contents.values.clear();
  for (const [key, item] of entries) contents.values.set(key, item);
  return true;
}

function run<Values extends object>(schema: Schema<Values>, value: unknown): SchemaResult<Values> {
  const result = schema['~standard'].validate(value);
  if (result instanceof Promise) throw new TypeError('"schema" expected one that validates synchronously');
  return result;
}
