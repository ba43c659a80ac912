/** A backend in memory that writes down what it is asked, and fails on demand. */
import type { Backend, MaybePromise } from '../../../packages/sessions/src/backend.ts';
import { memory } from '../../../packages/sessions/src/memory.ts';

export type Verb = 'get' | 'set' | 'delete' | 'touch';

export class Watched {
  readonly #inner = memory();
  /** What was asked of it, in order. */
  readonly calls: Verb[] = [];
  /** Everything that it was given: ids, data, subjects, as bytes that stand for characters. */
  readonly given: string[] = [];
  /** Instead of doing it. Undefined: to do it. */
  fault: ((verb: Verb) => MaybePromise<false | undefined>) | undefined;

  readonly backend: Backend = {
    cas: 'process',
    get: (id) => this.#ask('get', [id], () => this.#inner.get(id), undefined),
    set: (id, data, options) => {
      const { subject = '', ifVersion } = options;
      const given = [id, String.fromCharCode(...data), subject, String(ifVersion)];
      return this.#ask('set', given, () => this.#inner.set(id, data, options), false);
    },
    delete: (id) => this.#ask('delete', [id], () => this.#inner.delete(id), false),
    touch: (id, expiresAt) => this.#ask('touch', [id], () => this.#inner.touch(id, expiresAt), false),
  };

  async #ask<T>(verb: Verb, given: readonly string[], run: () => MaybePromise<T>, refusal: T): Promise<T> {
    this.calls.push(verb);
    this.given.push(...given);
    return (await this.fault?.(verb)) === false ? refusal : run();
  }
}
