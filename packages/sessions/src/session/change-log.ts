/** The changes of one request to one session, in order: those made by calls, and those made in place, found by comparing. */

import { applyChange, type Change } from './changes.ts';
import type { Contents } from './contents.ts';
import { Lent, type ValueCodec } from './lent.ts';

const NONE: readonly Change[] = [];

export class ChangeLog {
  readonly #codec: ValueCodec;
  #lent: Lent | undefined;
  #changes: Change[] | undefined;
  /** Changes that had no effect here, but may have one on a newer record. They are not worth a write by themselves. */
  #quiet: Set<Change> | undefined;

  constructor(codec: ValueCodec) {
    this.#codec = codec;
  }

  get lent(): Lent {
    this.#lent ??= new Lent(this.#codec);
    return this.#lent;
  }

  /** Applies a change and logs it. @param hasEffect whether it is worth a write by itself. */
  apply(contents: Contents, change: Change, hasEffect: boolean): void {
    applyChange(contents, change);
    this.#add(change);
    if (!hasEffect) this.#quiet = (this.#quiet ?? new Set()).add(change);
    if ('key' in change) this.#lent?.forget(change.key);
    else if (change.kind === 'clear') this.#lent?.clear();
  }

  /** Logs a `set` for each value that was changed in place. @param keys only these. */
  settle(contents: Contents, keys?: Iterable<unknown>): void {
    this.#lent?.settle(contents, (key, value) => this.#add({ kind: 'set', key, value }), keys);
  }

  /** Takes back the changes for which `isUndone` returns true. */
  undo(isUndone: (change: Change) => boolean): void {
    this.#changes = this.#changes?.filter((change) => !isUndone(change));
  }

  /** Whether the value of a key is this request's own, whatever others have written. */
  isOwn(key: unknown): boolean {
    return this.all.some((change) => change.kind === 'set' && Object.is(change.key, key));
  }

  get all(): readonly Change[] {
    return this.#changes ?? NONE;
  }

  /** Whether any change is worth a write. */
  get hasEffect(): boolean {
    if (this.#quiet === undefined) return this.all.length > 0;
    return this.all.some((change) => this.#quiet?.has(change) === false);
  }

  #add(change: Change): void {
    if (this.#changes === undefined) this.#changes = [change];
    else this.#changes.push(change);
  }
}
