/** One session of a scope: loaded once, committed once; what failed is tried again. */

import type { MaybePromise } from '../backends/backend.ts';
import type { SetCookie } from '../cookie/header.ts';
import { SessionError } from '../error.ts';
import { act, type Done } from './act.ts';
import { cookiesOf } from './cookies.ts';
import type { Outcome } from './events.ts';
import type { Named } from './named.ts';
import { type Plan, planOf } from './plan.ts';
import { isPromise, run } from './steps.ts';
import type { Visit } from './visit.ts';

/** What became of one session. */
export interface Result {
  readonly name: string;
  readonly outcome: Outcome;
  /** Why it failed. */
  readonly error?: unknown;
  readonly cookies: readonly SetCookie[];
}

export class Entry {
  readonly named: Named;
  readonly visit: MaybePromise<Visit>;
  /** Set as soon as it is there: then no commit has to wait for it. */
  loaded: Visit | undefined;
  #result: MaybePromise<Result> | undefined;

  constructor(named: Named, visit: MaybePromise<Visit>) {
    this.named = named;
    this.visit = visit;
    if (isPromise(visit))
      visit.then((loaded) => (this.loaded = loaded)).catch(() => {}); // whoever asked hears of it
    else this.loaded = visit;
  }

  /** What its commit gave, or `undefined` if there was none, or it failed. */
  get result(): MaybePromise<Result> | undefined {
    return this.#result;
  }

  /** Decides what is to be done. It does no I/O: if it throws, the session can still be changed. */
  plan(visit: Visit): Plan {
    try {
      return planOf(visit, this.named.now());
    } finally {
      visit.draft.guard.settle(); // what fails here is told by the error
    }
  }

  /** Does it. Never throws or rejects: a session that fails must not cost another. */
  act(plan: Plan, visit: Visit): MaybePromise<Result> {
    visit.draft.close('saved');
    const succeed = (done: Done) => this.#succeed(plan, visit, done);
    const fail = (error: unknown) => this.#fail(visit, error);
    try {
      const done = run(act(plan, visit));
      this.#result = isPromise(done) ? done.then(succeed).catch(fail) : succeed(done);
      return this.#result;
    } catch (error) {
      return fail(error);
    }
  }

  #succeed(plan: Plan, visit: Visit, done: Done): Result {
    const { name, emit } = this.named;
    const { outcome, conflicts } = done;
    const cookies = cookiesOf(visit, plan, done);
    for (let at = 0; at < conflicts; at++) emit({ type: 'conflict', name });
    if (outcome !== 'unchanged' && outcome !== 'failed') emit({ type: outcome, name });
    return { name, outcome, cookies };
  }

  /** The session is open again, to be mended and saved once more. */
  #fail(visit: Visit, error: unknown): Result {
    if (error instanceof SessionError && error.code === 'ERR_SESSION_BACKEND') visit.isUnsure = true;
    visit.draft.reopen();
    this.#result = undefined;
    return { name: this.named.name, outcome: 'failed', error, cookies: [] };
  }
}
