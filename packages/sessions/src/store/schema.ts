/** A Standard Schema and the values of a session -> whether they fit. Nothing that was not validated is handed out or written. */

import type { Contents } from '../session/contents.ts';
import type { Draft } from '../session/draft.ts';

/** Any Standard Schema (zod, valibot, arktype …) that validates synchronously and accepts its own output. https://standardschema.dev */
export interface Schema<Output extends object> {
  readonly '~standard': {
    readonly version: 1;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly output: Output } | undefined;
  };
}

/** What is wrong with a value, and where. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What a Standard Schema returns: the value as it fits, or what is wrong with it. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** Older contents -> newer ones. Called only with what the schema rejects. */
export type Migrate = (old: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>> | undefined;

/** What validated contents are to become: keys to set and keys to remove. `undefined`: they do not fit. */
interface Fit {
  readonly set: ReadonlyMap<string, unknown>;
  readonly removed: readonly string[];
}

const UNCHANGED: Fit = { set: /* @__PURE__ */ new Map(), removed: [] };

/** Validates what was loaded, before anybody gets it. Flash messages, and values of which the schema says nothing, stay. */
export function prepare(draft: Draft, schema: Schema<object>, migrate: Migrate | undefined): void {
  const normalize = (contents: Contents): boolean => {
    const fit = fitOf(contents, schema, migrate);
    if (fit === undefined) return false;
    for (const key of fit.removed) contents.values.delete(key);
    for (const [key, value] of fit.set) contents.set(key, value);
    return true;
  };
  if (!normalize(draft.contents)) draft.reset('invalid');
  else draft.normalizeReplays(normalize);
}

/** @throws {TypeError} if a value that is about to be written does not fit. */
export function checkValues(draft: Draft, schema: Schema<object>): void {
  const { values } = draft.contents;
  const wrong = issuesOf(run(schema, toObject(values)), values);
  if (wrong.length === 0) return;
  const keys = [...new Set(wrong.map((issue) => JSON.stringify(keyOf(issue) ?? 'the session')))].join(', ');
  throw new TypeError(`Cannot save session "${draft.keeper.name}": ${keys} expected what the schema accepts`);
}

function fitOf(contents: Contents, schema: Schema<object>, migrate: Migrate | undefined): Fit | undefined {
  const old = toObject(contents.values);
  const first = run(schema, old);
  if (first.issues === undefined) return { set: changed(first.value, old, schema), removed: [] };
  const newer = migrate?.(old);
  const second = newer && run(schema, newer);
  if (newer !== undefined && second !== undefined && second.issues === undefined) {
    const removed = Object.keys(old).filter((key) => !Object.hasOwn(newer, key) && !Object.hasOwn(second.value, key));
    const kept = Object.fromEntries(Object.entries(old).filter(([key]) => !removed.includes(key)));
    return { set: changed(second.value, kept, schema), removed };
  }
  return issuesOf(first, contents.values).length === 0 ? UNCHANGED : undefined; // perhaps only not complete yet
}

/** What is wrong with values that are there. Values that are missing come later: a cart comes before the login. */
function issuesOf(result: SchemaResult<object>, values: ReadonlyMap<unknown, unknown>): readonly SchemaIssue[] {
  return (result.issues ?? []).filter((issue) => {
    const key = keyOf(issue);
    return key === undefined || values.has(key);
  });
}

/** Defaults and conversions of the schema. @throws {TypeError} if the schema would reject at the next request what it makes now. */
function changed(value: object, old: Readonly<Record<string, unknown>>, schema: Schema<object>): Map<string, unknown> {
  const set = new Map(Object.entries(value).filter(([key, item]) => !Object.is(old[key], item)));
  if (set.size > 0 && run(schema, { ...old, ...value }).issues !== undefined) {
    throw new TypeError(
      '"schema" expected one that accepts its own output: what it converts is validated again at the next request',
    );
  }
  return set;
}

function keyOf({ path }: SchemaIssue): string | undefined {
  const [first] = path ?? [];
  if (first === undefined) return undefined;
  return String(typeof first === 'object' ? first.key : first);
}

/** Values under strings; a schema knows no others. */
function toObject(values: ReadonlyMap<unknown, unknown>): Record<string, unknown> {
  return Object.fromEntries([...values].filter(([key]) => typeof key === 'string'));
}

function run(schema: Schema<object>, value: unknown): SchemaResult<object> {
  const result = schema['~standard'].validate(value);
  if (result instanceof Promise) throw new TypeError('"schema" expected one that validates synchronously');
  return result;
}
