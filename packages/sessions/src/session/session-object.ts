/** The one implementation of `Session`: what a handler calls -> changes of a draft. */

import type { Flash } from '@sealring/wire';
import { randomBytes } from '../ambient.ts';
import { checkString, describe } from '../options.ts';
import type { Draft } from './draft.ts';
import type { Rejection, Session, SessionOptions } from './session.ts';

const DEFAULT_BAG = 'default';

export class SessionObject implements Session {
  readonly #draft: Draft;
  /** Messages that this request has read, by bag. */
  #taken: Map<string, readonly Flash[]> | undefined;

  constructor(draft: Draft) {
    this.#draft = draft;
    Object.preventExtensions(this); // `session.user = …` throws: values are set with set()
  }

  /** For the store, also for that of another copy of this package. */
  get '~kept'(): unknown {
    return this.#draft.keeper;
  }

  get name(): string {
    return this.#draft.keeper.named.name;
  }

  get id(): string {
    return this.#draft.id;
  }

  get isNew(): boolean {
    return this.#draft.isNew;
  }

  get createdAt(): number {
    return this.#draft.createdAt;
  }

  get expiresAt(): number {
    return this.#draft.expiresAt;
  }

  get rejected(): Rejection | undefined {
    return this.#draft.rejected;
  }

  get options(): SessionOptions {
    return this.#draft.options;
  }

  get subject(): string | undefined {
    return this.#draft.subject;
  }

  get authenticatedAt(): number | undefined {
    return this.#draft.authenticatedAt;
  }

  get size(): number {
    return this.#draft.contents.values.size;
  }

  get(key: unknown): unknown {
    const value = this.#draft.contents.get(key);
    this.#draft.lend(key, value);
    return value;
  }

  has(key: unknown): boolean {
    return this.#draft.contents.has(key);
  }

  set(key: unknown, value: unknown): this {
    checkKey(key);
    this.#draft.change({ kind: 'set', key, value });
    return this;
  }

  delete(key: unknown): boolean {
    const wasThere = this.has(key);
    this.#draft.change({ kind: 'delete', key }, wasThere);
    return wasThere;
  }

  pop(key: unknown): unknown {
    const value = this.#draft.contents.get(key);
    this.delete(key);
    return value;
  }

  clear(): void {
    this.#draft.change({ kind: 'clear' }, this.size > 0);
  }

  update<Value = number>(key: unknown, update: (value: Value | undefined) => Value): void {
    checkKey(key);
    // trust boundary: what stands under the key is what this program once put there
    this.#draft.update(key, (value) => update(value as Value | undefined));
  }

  keys(): IterableIterator<unknown> {
    return this.#draft.contents.values.keys();
  }

  *values(): IterableIterator<unknown> {
    for (const [, value] of this.entries()) yield value;
  }

  *entries(): IterableIterator<[unknown, unknown]> {
    for (const entry of this.#draft.contents.values) {
      this.#draft.lend(...entry);
      yield entry;
    }
  }

  [Symbol.iterator](): IterableIterator<[unknown, unknown]> {
    return this.entries();
  }

  addFlash(message: unknown, bag: string = DEFAULT_BAG): void {
    if (typeof bag !== 'string') throw new TypeError(`"bag" expected a string, got ${describe(bag)}`);
    const [id = 0] = new Uint32Array(randomBytes(4).buffer);
    this.#draft.change({ kind: 'flash', bag, flash: { id, message } });
  }

  flashes(bag: string = DEFAULT_BAG): unknown[] {
    const flashes = this.#draft.contents.flashes.get(bag) ?? [];
    if (flashes.length > 0 && !this.#draft.keeper.isPrefetch) {
      if (!this.#draft.take({ kind: 'take', bag, ids: new Set(flashes.map(({ id }) => id)) })) return [];
      this.#taken ??= new Map();
      this.#taken.set(bag, [...(this.#taken.get(bag) ?? []), ...flashes]);
    }
    return flashes.map(({ message }) => this.#draft.copyOf(message));
  }

  peekFlashes(bag: string = DEFAULT_BAG): unknown[] {
    const flashes = this.#draft.contents.flashes.get(bag) ?? [];
    return flashes.map(({ message }) => this.#draft.copyOf(message));
  }

  keepFlashes(bag?: string): void {
    this.#draft.undo((change) => change.kind === 'take' && (bag === undefined || change.bag === bag));
    const { flashes } = this.#draft.contents;
    for (const [name, messages] of this.#taken ?? []) {
      if (bag !== undefined && bag !== name) continue;
      flashes.set(name, [...messages, ...(flashes.get(name) ?? [])]);
      this.#taken?.delete(name);
    }
  }

  async login(subject: string): Promise<void> {
    checkString('subject', subject);
    await this.#draft.login(subject);
  }

  logout(): void {
    this.#draft.end();
  }

  destroy(): void {
    this.#draft.end();
  }

  async regenerate(): Promise<void> {
    this.#draft.move();
  }
}

/** Objects would never be found again: they come back as other objects. */
function checkKey(key: unknown): void {
  if ((typeof key !== 'object' || key === null) && typeof key !== 'function' && typeof key !== 'symbol') return;
  throw new TypeError(`"key" expected a string or another primitive value, got ${describe(key)}`);
}
