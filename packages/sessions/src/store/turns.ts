/** Writes to one record, from requests of this process -> one after the other. Without others in the way nobody waits. */

import { canWaitForOthers } from '../ambient.ts';
import type { Turn } from './place.ts';
import type { Step } from './steps.ts';

/** Of a write that nobody waits for. */
export const NO_TURN: Turn = /* @__PURE__ */ Object.freeze({ hasWaited: false, release() {} });

export class Turns {
  /** For each record that is being written to, those who wait. */
  readonly #waiting = new Map<string, (() => void)[]>();

  *take(id: string): Step<Turn> {
    if (!canWaitForOthers()) return NO_TURN; // as between processes: who was slower tries again
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) this.#waiting.set(id, []);
    else yield new Promise<void>((resolve) => void waiting.push(resolve));
    return { hasWaited: waiting !== undefined, release: () => this.#pass(id) };
  }

  #pass(id: string): void {
    const next = this.#waiting.get(id)?.shift();
    if (next === undefined) this.#waiting.delete(id);
    else next();
  }
}
