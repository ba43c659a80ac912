/** A session of a request -> a property of the request, for code that was written for express-session. Underneath, every change is an operation on the session. */

import type { MaybePromise } from '../../backends/backend.ts';
import { answer } from '../../backends/express-session/callbacks.ts';
import type { SetCookie } from '../../cookie/header.ts';
import { isObject } from '../../options.ts';
import type { ResponseChanges } from '../../response/changes.ts';
import { applyToNodeResponse, beforeHeaders, type NodeResponse } from '../../response/node.ts';
import { commit, saveBeforeHeaders } from '../../response/save.ts';
import type { Session } from '../../session/session.ts';
import { failureOf } from '../../store/commit.ts';
import { type RequestWithHeaders, type SessionRequest, unwrap } from '../../store/request.ts';
import { type Scope, scopeOf } from '../../store/scope.ts';
import { type Visit, visitOf } from '../../store/visit.ts';
import { type Callback, type Detached, gone, Live, type Owner } from './live.ts';

/** What `defineSession()` returns. */
export interface SessionSource {
  get(request: SessionRequest): Promise<Session>;
}

/** Where a property is to be. */
export interface Opening {
  readonly request: RequestWithHeaders;
  readonly response: NodeResponse;
  readonly name: string;
  readonly source: SessionSource;
  readonly onError: ((error: unknown, response: NodeResponse) => unknown) | undefined;
}

/**
 * Loads the session, and gives the request the property.
 *
 * @throws {TypeError} if the property is there already.
 * @throws what `source.get` throws.
 */
export async function openProperty({ request, response, name, source, onError }: Opening): Promise<void> {
  if (Reflect.get(request, name) !== undefined) {
    const why = 'is express-session or another session middleware still in use?';
    throw new TypeError(`"property" expected a name that the request does not have yet, got "${name}": ${why}`);
  }
  let property: Property | undefined;
  beforeHeaders(response, () => property?.settle(), onError ?? ((error) => console.error(error)));
  saveBeforeHeaders(request, response, onError);
  property = new Property(request, response, name, await source.get(request));
}

class Property implements Owner {
  readonly #request: RequestWithHeaders;
  readonly #response: NodeResponse;
  readonly #name: string;
  readonly #scope: Scope;
  #visit: Visit;
  /** What the property holds, or `undefined` once the session has ended. */
  #shown: Live | undefined;
  /** Cookies for a response whose end waits for what is under way: until then it says that its headers are sent. */
  #unsent: readonly SetCookie[] = [];
  /** What was asked for and is not done yet: it is done in turn. */
  #turn: Promise<unknown> | undefined;

  constructor(request: RequestWithHeaders, response: NodeResponse, name: string, session: Session) {
    this.#request = request;
    this.#response = response;
    this.#name = name;
    this.#scope = scopeOf(unwrap(request));
    this.#visit = visitOf('session', session);
    this.#show();
    const property = { configurable: true, enumerable: true };
    Object.defineProperty(request, name, {
      ...property,
      get: () => this.#shown?.facade,
      set: (value: unknown) => this.#replace(value),
    });
    if (name === 'session') Object.defineProperty(request, 'sessionID', { ...property, get: () => this.#shown?.id });
  }

  get visit(): Visit {
    return this.#visit;
  }

  get isBusy(): boolean {
    return this.#turn !== undefined;
  }

  /** Before the headers are sent: what is under way is done first. */
  settle(): MaybePromise<ResponseChanges | undefined> {
    const again = () => this.settle();
    if (this.#turn !== undefined) return this.#turn.then(again, again);
    // `delete req.session`, or a cookie that is over
    const isGone = !Object.hasOwn(this.#request, this.#name) || this.#shown?.cookie.isOver === true;
    if (isGone && this.#shown !== undefined) this.#logout();
    const cookies = this.#unsent;
    this.#unsent = [];
    return cookies.length === 0 ? undefined : { cookies, readSession: true };
  }

  save(callback: Callback): Promise<void> {
    return this.#do(async () => {
      if (this.#scope.isClosed) {
        if (this.#shown?.isLate) this.#visit.draft.checkOpen(); // says why it is too late
        return;
      }
      const { outcome, cookies } = await this.#commit();
      if (outcome === 'unchanged') this.#visit.reopen();
      else {
        const visit = await this.#scope.reload(this.#visit, cookies);
        visit.draft.continue(this.#visit.draft);
        this.#scope.replace(this.#visit, visit);
        this.#visit = visit;
      }
    }, callback);
  }

  regenerate(callback: Callback): Promise<void> {
    return this.#do(async () => {
      const before = this.#shown?.detached();
      this.#visit.draft.restart();
      this.#show(before);
    }, callback);
  }

  reload(callback: Callback): Promise<void> {
    return this.#do(async () => {
      const visit = await this.#scope.reload(this.#visit);
      if (visit.isNew) throw gone(visit.named.name, 'load');
      const before = this.#shown?.detached();
      this.#scope.replace(this.#visit, visit);
      this.#visit = visit;
      this.#show(before);
    }, callback);
  }

  destroy(callback: Callback): Promise<void> {
    this.#hide();
    return this.#do(async () => {
      this.#visit.session.logout();
      await this.#commit();
    }, callback);
  }

  /** Commits this session alone, and lets the visitor have its cookies at once: later ones of the same name take their place. */
  async #commit() {
    const committed = await commit(this.#request, this.#visit.session);
    const failure = failureOf(committed);
    const { cookies } = committed;
    if (this.#response.headersSent) this.#unsent = cookies;
    else if (cookies.length > 0) applyToNodeResponse(this.#response, { cookies, readSession: true });
    if (failure !== undefined) throw failure.error;
    return { outcome: committed.sessions[0]?.outcome, cookies };
  }

  /** In turn, and at once where nothing is under way. A failure that nobody waits for comes again with the response. */
  #do(task: () => Promise<void>, callback: Callback): Promise<void> {
    const run = async () => {
      try {
        await task();
      } finally {
        if (this.#turn === turn) {
          this.#turn = undefined;
          this.#shown?.catchUp();
        }
      }
    };
    const turn: Promise<void> = this.#turn === undefined ? run() : this.#turn.then(run, run);
    this.#turn = turn;
    return answer(turn, callback, ignore);
  }

  /** `req.session = null` logs out, as in cookie-session; an object has the new values. */
  #replace(value: unknown): void {
    if (value === this.#shown?.facade) return;
    if (value === null || value === undefined) {
      if (this.#turn === undefined) this.#logout();
      else void this.destroy(ignore);
    } else if (isObject(value) && this.#shown !== undefined) {
      const { values } = this.#shown;
      for (const name of values.names()) if (!Object.hasOwn(value, name)) values.assign(name, undefined);
      for (const [name, each] of Object.entries(value)) if (name !== 'cookie') values.assign(name, each);
    } else throw gone(this.#visit.named.name, 'set');
  }

  #logout(): void {
    this.#hide();
    this.#visit.session.logout();
  }

  #hide(): void {
    this.#shown?.detach(this.#shown.detached());
    this.#shown = undefined;
  }

  #show(before?: Detached): void {
    if (before !== undefined) this.#shown?.detach(before);
    this.#shown = new Live(this);
  }
}

function ignore(): void {}
