/** The changes of one request to one session, in order: those made by calls, and those made in place, found by comparing. */

import type { Contents } from '@sealring/wire';
import { applyChange, type Change } from './changes.ts';
import { Lent, type ValueCodec } from './lent.ts';

export class ChangeLog {
  readonly lent: Lent;
  #changes: Change[] = [];
  /** Changes that had no effect here, but may have one on a newer record. They are not worth a write by themselves. */
  #quiet: Set<Change> | undefined;
  /** Keys whose value is this request's own, whatever others have written. */
  #own: Set<unknown> | undefined;

  constructor(codec: ValueCodec) {
    this.lent = new Lent(codec);
  }

  /** Applies a change and logs it. @param hasEffect whether it is worth a write by itself. */
  apply(contents: Contents, change: Change, hasEffect: boolean): void {
    applyChange(contents, change);
    this.#changes.push(change);
    if (!hasEffect) {
      this.#quiet ??= new Set();
      this.#quiet.add(change);
    }
    if (change.kind === 'set') this.#own = (this.#own ?? new Set()).add(change.key);
    if ('key' in change) this.lent.forget(change.key);
    else if (change.kind === 'clear') this.lent.clear();
  }

  /** Logs a `set` for each value that was changed in place. @param keys only these. */
  settle({ values }: Contents, keys?: Iterable<unknown>): void {
    const log = (key: unknown, value: unknown) => {
      this.#changes.push({ kind: 'set', key, value });
      this.#own = (this.#own ?? new Set()).add(key);
    };
    this.lent.settle(values, log, keys);
  }

  /** Takes back the changes for which `isUndone` returns true. */
  undo(isUndone: (change: Change) => boolean): void {
    this.#changes = this.#changes.filter((change) => !isUndone(change));
  }

  /** Whether `set` was called for the key, or its value was changed in place. */
  isOwn(key: unknown): boolean {
    return this.#own?.has(key) === true;
  }

  get all(): readonly Change[] {
    return this.#changes;
  }

  /** Whether any change is worth a write. */
  get hasEffect(): boolean {
    if (this.#quiet === undefined) return this.#changes.length > 0;
    return this.#changes.some((change) => this.#quiet?.has(change) === false);
  }
}
