/** A backend in memory that writes down what it is asked, and fails on demand. */
import type { Backend, MaybePromise } from '../../../packages/sessions/src/backends/backend.ts';
import { memory } from '../../../packages/sessions/src/backends/memory.ts';
import type { TestClock } from '../../../packages/sessions/src/testing/testing.ts';

export type Verb = 'get' | 'set' | 'delete';

/** What happens to a call: it is done (`undefined`), it is answered with false and not done, or it fails as the function throws. */
export type Fault = (verb: Verb, id: string) => MaybePromise<false | undefined>;

export class Watched {
  readonly #inner: ReturnType<typeof memory>;
  /** What was asked of it, in order. */
  readonly calls: Verb[] = [];
  /** Everything that it was given: ids, data, subjects, as bytes that stand for characters. */
  readonly given: string[] = [];
  /** Comes before each call. */
  fault: Fault | undefined;
  /** Comes after each call that was done: what it throws is an answer that was lost. */
  lostAnswer: Fault | undefined;

  constructor({ now }: Partial<Pick<TestClock, 'now'>> = {}) {
    this.#inner = memory(now === undefined ? {} : { now });
  }

  readonly backend: Backend = {
    cas: 'atomic',
    get: (id) => this.#ask('get', id, [], () => this.#inner.get(id), undefined),
    set: (id, data, options) => {
      const { subject = '', version, over } = options;
      const given = [String.fromCharCode(...data), subject, version, over?.version ?? ''];
      return this.#ask('set', id, given, () => this.#inner.set(id, data, options), false);
    },
    delete: (id) => this.#ask('delete', id, [], () => this.#inner.delete(id), false),
    list: (subject) => {
      this.given.push(subject);
      return this.#inner.list?.(subject) ?? nothing();
    },
  };

  async #ask<T>(verb: Verb, id: string, given: string[], run: () => MaybePromise<T>, no: T): Promise<T> {
    this.calls.push(verb);
    this.given.push(id, ...given);
    if ((await this.fault?.(verb, id)) === false) return no;
    const answer = await run();
    await this.lostAnswer?.(verb, id);
    return answer;
  }
}

async function* nothing(): AsyncGenerator<never> {}
