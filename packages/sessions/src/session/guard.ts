/** A session that nobody has any more -> whether a change of it was lost. Costs nothing until the session is changed, or an object is handed out. */

import type { Lent } from './lent.ts';

/** Objects that a handler was given, and the values that they are compared with. */
interface Loans {
  readonly lent: Lent;
  readonly values: ReadonlyMap<unknown, unknown>;
}

/** What outlives the session. It must not lead to the session, which would then never go. */
interface Fate {
  isUnsaved: boolean;
  loans: Loans | undefined;
  readonly report: () => void;
}

let registry: FinalizationRegistry<Fate> | undefined;

/** Only its session holds it, so that it goes with the session. Runtimes without FinalizationRegistry never report. */
export class Guard {
  readonly #report: () => void;
  #fate: Fate | undefined;

  /** @param report is called if a change was lost. It must not lead to the session. */
  constructor(report: () => void) {
    this.#report = report;
  }

  /** There is a change that is not saved yet. */
  touch(): void {
    this.#watch().isUnsaved = true;
  }

  /** From now on values can be changed in place. */
  lend(loans: Loans): void {
    if (this.#fate?.loans === undefined) this.#watch().loans = loans;
  }

  /** The changes are saved, or whoever made them knows that they are not. What is changed in place after this is lost. */
  settle(): void {
    if (this.#fate === undefined) return;
    this.#fate.isUnsaved = false;
    if (this.#fate.loans !== undefined) return;
    registry?.unregister(this);
    this.#fate = undefined;
  }

  #watch(): Fate {
    if (this.#fate === undefined) {
      this.#fate = { isUnsaved: false, loans: undefined, report: this.#report };
      if (typeof FinalizationRegistry !== 'undefined') {
        registry ??= new FinalizationRegistry(reportLoss);
        registry.register(this, this.#fate, this);
      }
    }
    return this.#fate;
  }
}

function reportLoss({ isUnsaved, loans, report }: Fate): void {
  if (isUnsaved || loans?.lent.isChanged(loans.values)) report();
}
