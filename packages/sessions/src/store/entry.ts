/** One session of a scope: loaded once, committed once; what failed is tried again. */

import type { MaybePromise } from '../backends/backend.ts';
import { isPromise } from '../backends/kit/after.ts';
import type { SetCookie } from '../cookie/header.ts';
import { SessionError } from '../error.ts';
import { act, type Done } from './act.ts';
import { cookiesOf } from './cookies.ts';
import type { Outcome } from './events.ts';
import type { Named } from './named.ts';
import { NOTHING, type Plan, planOf } from './plan.ts';
import type { Visit } from './visit.ts';

/** What became of one session. */
export interface Result {
  readonly name: string;
  readonly outcome: Outcome;
  /** Why it failed. */
  readonly error?: unknown;
  readonly cookies: readonly SetCookie[];
}

const NONE: readonly SetCookie[] = [];

export class Entry {
  readonly named: Named;
  /** The session itself as soon as it is there: then no commit has to wait for it. */
  visit: MaybePromise<Visit>;
  #plan: Plan = NOTHING;
  #result: MaybePromise<Result> | undefined;

  constructor(named: Named, visit: MaybePromise<Visit>) {
    this.named = named;
    this.visit = visit;
  }

  get loaded(): Visit | undefined {
    return isPromise(this.visit) ? undefined : this.visit;
  }

  /** Decides what is to be done. It does no I/O: if it throws, the session can still be changed. */
  plan(): void {
    this.#plan = NOTHING;
    if (this.#result !== undefined) return;
    const visit = this.#present();
    try {
      this.#plan = planOf(visit, this.named.now());
    } finally {
      visit.draft.settle(); // what fails here is told by the error
    }
  }

  /** Whether a cookie may be set or deleted. */
  get isToWrite(): boolean {
    return this.#plan.kind !== 'nothing' && this.#plan.kind !== 'gone';
  }

  /** Does it, or returns what was done. Never throws or rejects: a session that fails must not cost another. */
  act(): MaybePromise<Result> {
    if (this.#result !== undefined) return this.#result;
    const visit = this.#present();
    visit.draft.close('saved');
    try {
      const done = act(this.#plan, visit);
      this.#result = isPromise(done) ? this.#follow(this.#plan, visit, done) : this.#succeed(this.#plan, visit, done);
      return this.#result;
    } catch (error) {
      return this.#fail(visit, error);
    }
  }

  #present(): Visit {
    if (this.loaded === undefined) throw new TypeError('A commit expected a session that is loaded');
    return this.loaded;
  }

  async #follow(plan: Plan, visit: Visit, done: Promise<Done>): Promise<Result> {
    try {
      return this.#succeed(plan, visit, await done);
    } catch (error) {
      return this.#fail(visit, error);
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
    return { name: this.named.name, outcome: 'failed', error, cookies: NONE };
  }
}
