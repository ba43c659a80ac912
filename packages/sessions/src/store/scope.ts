/** Whose session is it? A request, or any copy or wrapper of it -> the sessions of one visitor, which are committed together. */

import { MAX_CHUNKS } from '@sealring/wire';
import type { MaybePromise } from '../backends/backend.ts';
import { isPromise } from '../backends/kit/promise.ts';
import type { SetCookie } from '../cookie/header.ts';
import { isJar, isSealedJar } from '../cookie/jar.ts';
import type { SessionObject } from '../session/session-object.ts';
import { type Commit, commitVisits } from './commit.ts';
import { load } from './load.ts';
import type { Named } from './named.ts';
import { cookieHeaderOf, cookieHeaderOfJar, unwrap } from './request.ts';
import { isSettled } from './steps.ts';
import type { StoreCore } from './store.ts';
import { noticeUnsaved } from './unsaved.ts';
import type { Visit } from './visit.ts';

/** Under these names other copies of this package find the same scopes. */
const SCOPE: unique symbol = /* @__PURE__ */ Symbol.for('sealring.scope');
const CURRENT: unique symbol = /* @__PURE__ */ Symbol.for('sealring.current-scope');

/** AsyncLocalStorage, as far as it is used here. Workers' has no `enterWith`. */
interface Storage {
  run<T>(scope: Scope, action: () => T): T;
  getStore(): Scope | undefined;
  enterWith?(scope: Scope): void;
}

/** For requests that take no property. */
const unextendable: WeakMap<object, Scope> = /* @__PURE__ */ new WeakMap();

/** A session that was asked for. */
interface Entry {
  readonly named: Named;
  /** The session itself as soon as it is there: then no commit has to wait for it. */
  visit: MaybePromise<Visit>;
}

const NONE: readonly Entry[] = [];

export class Scope {
  /** The request or jar that the scope was made for. */
  readonly #owner: object;
  readonly #header: string | undefined;
  #entries = NONE;
  /** Further requests of the visitor, with whatever Cookie header. */
  #joined: WeakSet<object> | undefined;
  /** Set when the response goes out: what is asked for from then on takes no changes. */
  isClosed = false;

  constructor(owner: object) {
    this.#owner = owner;
    this.#header = cookieHeaderOf(owner);
  }

  get owner(): object {
    return this.#owner;
  }

  /** Whether any session was asked for. */
  get isUsed(): boolean {
    return this.#entries.length > 0;
  }

  /** The sessions that are there. */
  get visits(): readonly Visit[] {
    return this.#entries.map(({ visit }) => visit).filter(isSettled);
  }

  /** Whether another object stands for the same visitor's request: its headers are the same, or at least its Cookie header. */
  isFor(request: object): boolean {
    if (request === this.#owner || isJar(request) || this.#joined?.has(request) === true) return true;
    const headers: unknown = Reflect.get(request, 'headers');
    const isSame = headers === Reflect.get(this.#owner, 'headers') && typeof headers === 'object' && headers !== null;
    return isSame || cookieHeaderOf(request) === this.#header; // AWS has cookies outside the headers
  }

  /** Takes in a request of the same visitor that may have another Cookie header. */
  join(request: object): void {
    this.#joined ??= new WeakSet();
    this.#joined.add(request);
  }

  /** The session of a name: the same however often and however concurrently it is asked for. */
  get(named: Named, request: object, given: unknown): MaybePromise<Visit> {
    for (const { named: known, visit } of this.#entries) {
      if (known.store === named.store && known.name === named.name) return visit;
    }
    if (!this.isUsed) noticeUnsaved(this.#owner, this);
    const visit = this.load(named, request, given);
    const entry: Entry = { named, visit };
    this.#entries = this.#entries.concat(entry);
    if (isPromise(visit)) entry.visit = this.#follow(entry, visit);
    else this.#close(visit);
    return entry.visit;
  }

  async #follow(entry: Entry, loading: Promise<Visit>): Promise<Visit> {
    try {
      const visit = await loading;
      this.#close(visit);
      entry.visit = visit;
      return visit;
    } catch (error) {
      this.#entries = this.#entries.filter((one) => one !== entry); // a backend that was down may be up at the next try
      throw error;
    }
  }

  /** A session that cannot be saved any more, or not here, takes no changes. */
  #close({ draft }: Visit): void {
    if (this.isClosed) draft.close('sent');
    else if (this.#header === undefined && isSealedJar(this.#owner)) draft.close('unsettable');
  }

  /** Loads a session without making it part of the scope. @param request what is inside of what was `given`. */
  load(named: Named, request: object, given: unknown): MaybePromise<Visit> {
    const isInJar = this.#header === undefined && isJar(request);
    const header = isInJar ? cookieHeaderOfJar(request, named.cookieName, MAX_CHUNKS) : this.#header;
    return load(named, this.#owner, header, named.tenantOf(given));
  }

  /**
   * Loads a session again, for a request that goes on after a commit in its midst. It becomes part of the scope with `replace`.
   *
   * @param cookies those that the visitor was given meanwhile.
   */
  reload({ named, finding, tenant }: Visit, cookies: readonly SetCookie[] = []): MaybePromise<Visit> {
    const given = cookies.filter(({ value }) => value !== '').map(({ name, value }) => `${name}=${value}`);
    return load(named, this.#owner, cookies.length === 0 ? finding.header : given.join('; '), tenant);
  }

  /** From now on whoever asks gets the session as it was loaded again. What was not saved of the one before is given up. */
  replace(before: Visit, visit: Visit): void {
    before.draft.close('replaced');
    if (this.isClosed) visit.draft.close('sent');
    this.#entries = this.#entries.map((entry) => (entry.visit === before ? { named: entry.named, visit } : entry));
  }

  /** Commits every session of the visitor that was asked for. */
  commit(): MaybePromise<Commit> {
    const visits = this.#entries.map(({ visit }) => visit);
    return visits.every(isSettled) ? commitVisits(visits) : Promise.all(visits).then(commitVisits);
  }
}

/** The session of a name for this request; without a request for the one whose scope the code runs in. */
export async function getSession(core: StoreCore, asked: unknown, name: string): Promise<SessionObject> {
  const given = asked ?? ownerOfScope(name);
  const request = unwrap(given);
  const visit = scopeOf(request).get(core.named(name), request, given);
  return (isPromise(visit) ? await visit : visit).session;
}

/** The session as it is now, in no scope: it takes no changes. */
export async function peekSession(core: StoreCore, asked: unknown, name: string): Promise<SessionObject> {
  const given = asked ?? ownerOfScope(name);
  const request = unwrap(given);
  const { session, draft } = await new Scope(request).load(core.named(name), request, given);
  draft.close('looked');
  return session;
}

/** The scope that a request belongs to: the one it was asked in before, the one that the code runs in, or a new one. */
export function scopeOf(request: object): Scope {
  const known = attached(request);
  if (known !== undefined) return known;
  const current = currentScope();
  return attach(request, current?.isFor(request) ? current : new Scope(request));
}

/** Runs `action` in the scope of the request, so that clones and wrappers of it find the same sessions. Tells whether the scope began with it. */
export function inScope<T>(request: object, action: (scope: Scope, isOwn: boolean) => T): T {
  const outer = attached(request) ?? scopeAround(request);
  const scope = outer ?? attach(request, new Scope(request));
  return runIn(scope, () => action(scope, outer === undefined));
}

/** Whether the code already runs in the scope that the request belongs to, before its response. */
export function isInScope(request: object): boolean {
  return scopeAround(request) !== undefined;
}

/**
 * Runs `action` in the scope that the code already runs in, for a request that the app sends to itself on behalf of the same visitor. Whoever opened the
 * scope saves.
 */
export function joinScope<T>(request: object, action: () => T): T {
  const current = currentScope();
  if (current !== undefined) {
    current.join(request);
    attach(request, current);
  }
  return action();
}

/** Runs `action` in a scope of its own, for a request that the app sends to itself on behalf of another visitor. */
export function leaveScope<T>(request: object, action: () => T): T {
  return runIn(attach(request, new Scope(request)), action);
}

function runIn<T>(scope: Scope, action: () => T): T {
  const local = storage();
  return local === undefined ? action() : local.run(scope, action);
}

/** The same for code that runs after this call, where no function can be wrapped around it. */
export function enterScope(request: object): Scope {
  const scope = attached(request) ?? attach(request, new Scope(request));
  storage()?.enterWith?.(scope);
  return scope;
}

/** The scope that the code runs in. */
export function currentScope(): Scope | undefined {
  return storage()?.getStore();
}

/** The scope that the code runs in, if the request belongs to it and its response has not begun. */
function scopeAround(request: object): Scope | undefined {
  const current = currentScope();
  return current !== undefined && !current.isClosed && current.isFor(request) ? current : undefined;
}

/** Whoever asks with this request from now on gets the sessions as they are stored: the handler has failed, and something else answers. */
export function forgetScope(request: object): void {
  for (const place of placesOf(request)) {
    Reflect.deleteProperty(place, SCOPE);
    unextendable.delete(place);
  }
}

function ownerOfScope(name: string): object {
  const scope = currentScope();
  if (scope !== undefined) return scope.owner;
  const advice = 'pass what your framework hands you, or call it inside withSessions() or sessions()';
  throw new TypeError(`"request" of session "${name}" expected a request, got undefined: ${advice}`);
}

function attached(request: object): Scope | undefined {
  const scope = scopeAt(request) ?? scopeAt(Reflect.get(request, 'headers'));
  return scope?.isFor(request) ? scope : undefined; // a copy may have been given other headers
}

function scopeAt(place: unknown): Scope | undefined {
  if (typeof place !== 'object' || place === null) return undefined;
  // trust boundary: only this package, whichever copy of it, writes under this symbol
  return (Reflect.get(place, SCOPE) ?? unextendable.get(place)) as Scope | undefined;
}

/** On the objects themselves, where other copies of this package find it too. */
function attach(request: object, scope: Scope): Scope {
  const property = { value: scope, configurable: true }; // not enumerable: a copy of the headers is a request of its own
  for (const place of placesOf(request)) {
    if (!Reflect.defineProperty(place, SCOPE, property)) unextendable.set(place, scope);
  }
  return scope;
}

/** The request, and its headers, which wrappers share. */
function placesOf(request: object): readonly object[] {
  const headers: unknown = Reflect.get(request, 'headers');
  return typeof headers === 'object' && headers !== null ? [request, headers] : [request];
}

/** The one storage of all copies of this package, made at first use where the runtime has AsyncLocalStorage. */
function storage(): Storage | undefined {
  let shared = Reflect.get(globalThis, CURRENT) as Storage | null | undefined; // trust boundary: nobody else knows the symbol
  if (shared === undefined) {
    const AsyncLocalStorage = findAsyncLocalStorage();
    shared = AsyncLocalStorage === undefined ? null : new AsyncLocalStorage();
    Reflect.set(globalThis, CURRENT, shared);
  }
  return shared ?? undefined;
}

/** What a runtime may have, in whose types this file is not written. */
interface Runtime {
  readonly AsyncLocalStorage?: new () => Storage;
  readonly process?: { getBuiltinModule?(name: string): Runtime | undefined };
}

/**
 * Next's edge runtime has it as a global, and a `getBuiltinModule` that throws; Node, Deno, Bun and Workers with `nodejs_compat` have it in a
 * module, which is looked up and not imported.
 */
function findAsyncLocalStorage(): (new () => Storage) | undefined {
  const runtime: Runtime & typeof globalThis = globalThis;
  return runtime.AsyncLocalStorage ?? runtime.process?.getBuiltinModule?.('node:async_hooks')?.AsyncLocalStorage;
}
