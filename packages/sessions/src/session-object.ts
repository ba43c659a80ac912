/** One session of one request: what was loaded, what the handler does to it, and whether that has to be written. */

import { randomBytes } from './ambient.ts';
import { MAX_COOKIE_AGE } from './attributes.ts';
import { applyChange, type Change, type Contents, type Flash } from './changes.ts';
import { SessionError } from './error.ts';
import { checkDuration, describe } from './options.ts';
import type { Rejection, Session, SessionOptions } from './session.ts';

/** What a carrier found for one name. */
export interface Loaded {
  readonly contents: Contents;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly maxAge: number | undefined;
  readonly idleTimeout: number | undefined;
  readonly subject: string | undefined;
  /** When this request asked for it; seconds since the epoch. */
  readonly loadedAt: number;
  /** As in its record. */
  readonly since: number | undefined;
  readonly isNew: boolean;
  readonly rejected: Rejection | undefined;
}

const DEFAULT_BAG = 'default';

/** The one implementation of `Session`; what the interface does not name is for the carriers. */
export class SessionObject implements Session {
  readonly name: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly options: SessionOptions;
  readonly loaded: Loaded;
  #rejected: Rejection | undefined;
  /** What makes older contents fit; not worth a write by itself. */
  #reshaping: Change | undefined;
  readonly #encode: (value: unknown) => Uint8Array;
  /** The id that there is, or a new one: where it is asked for, or there is none yet. */
  readonly #idOf: (isNew: boolean) => string;
  readonly #contents: Contents;
  #changes: Change[] = [];
  /** Objects that were handed out, as they were then: they may be changed in place. */
  #lent: Map<unknown, { value: unknown; bytes: Uint8Array }> | undefined;
  /** Keys whose value is this request's alone, whatever another has written. */
  #own: Set<unknown> | undefined;
  /** Messages that this request has read, by bag. */
  #taken: Map<string, readonly Flash[]> | undefined;
  #id: string | undefined;
  #isRegenerated = false;
  #subject: string | undefined;
  #isDestroyed = false;
  #isFinished = false;

  constructor(name: string, loaded: Loaded, encode: (value: unknown) => Uint8Array, idOf: (isNew: boolean) => string) {
    this.name = name;
    this.loaded = loaded;
    this.createdAt = loaded.createdAt;
    this.expiresAt = loaded.expiresAt;
    this.#rejected = loaded.rejected;
    this.options = Object.seal(new Lifetime(loaded.maxAge, () => this.#checkOpen()));
    this.#contents = loaded.contents;
    this.#subject = loaded.subject;
    this.#encode = encode;
    this.#idOf = idOf;
  }

  get isNew(): boolean {
    return this.loaded.isNew || this.#rejected !== undefined;
  }

  get rejected(): Rejection | undefined {
    return this.#rejected;
  }

  get id(): string {
    this.#id ??= this.#idOf(false);
    return this.#id;
  }

  get subject(): string | undefined {
    return this.#subject;
  }

  set subject(subject: string | undefined) {
    this.#checkOpen();
    if (subject !== undefined && (typeof subject !== 'string' || subject === '')) {
      throw new TypeError(`"subject" expected a text or undefined, got ${describe(subject)}`);
    }
    this.#subject = subject;
  }

  get size(): number {
    return this.#contents.values.size;
  }

  get(key: unknown): unknown {
    const value = this.#contents.values.get(key);
    this.#lend(key, value);
    return value;
  }

  has(key: unknown): boolean {
    return this.#contents.values.has(key);
  }

  set(key: unknown, value: unknown): this {
    this.#do({ kind: 'set', key, value });
    this.#owned().add(key);
    return this;
  }

  delete(key: unknown): boolean {
    const wasThere = this.has(key);
    if (wasThere) this.#do({ kind: 'delete', key });
    return wasThere;
  }

  clear(): void {
    this.#do({ kind: 'clear' });
  }

  update<V = number>(key: unknown, update: (value: V | undefined) => V): void {
    this.#checkOpen();
    this.#settle(key);
    // trust boundary: what stands under the key is what this program once put there
    const change = (value: unknown) => update(value as V | undefined);
    if (this.#own?.has(key)) this.#do({ kind: 'set', key, value: change(this.#contents.values.get(key)) });
    else this.#do({ kind: 'update', key, update: change });
  }

  *entries(): IterableIterator<[unknown, unknown]> {
    for (const entry of this.#contents.values) {
      this.#lend(...entry);
      yield entry;
    }
  }

  addFlash(message: unknown, bag: string = DEFAULT_BAG): void {
    const [id = 0] = new Uint32Array(randomBytes(4).buffer);
    this.#do({ kind: 'flash', bag, flash: { id, message } });
  }

  flashes(bag: string = DEFAULT_BAG): unknown[] {
    const flashes = this.#contents.flashes.get(bag) ?? [];
    if (flashes.length > 0) {
      this.#do({ kind: 'take', bag, ids: new Set(flashes.map(({ id }) => id)) });
      this.#taken ??= new Map();
      this.#taken.set(bag, [...(this.#taken.get(bag) ?? []), ...flashes]);
    }
    return flashes.map(({ message }) => message);
  }

  peekFlashes(bag: string = DEFAULT_BAG): unknown[] {
    return (this.#contents.flashes.get(bag) ?? []).map(({ message }) => message);
  }

  keepFlashes(bag?: string): void {
    this.#checkOpen();
    const isKept = (change: Change) => change.kind === 'take' && (bag === undefined || change.bag === bag);
    this.#changes = this.#changes.filter((change) => !isKept(change));
    for (const [name, messages] of this.#taken ?? []) {
      if (bag !== undefined && bag !== name) continue;
      this.#contents.flashes.set(name, [...messages, ...(this.#contents.flashes.get(name) ?? [])]);
      this.#taken?.delete(name);
    }
  }

  regenerate(): Promise<void> {
    this.#checkOpen();
    this.#id = this.#idOf(true);
    this.#isRegenerated = true;
    return Promise.resolve();
  }

  destroy(): void {
    if (this.#isFinished) this.#checkOpen();
    this.#isDestroyed = true;
    this.#contents.values.clear();
    this.#contents.flashes.clear();
    this.#lent?.clear();
  }

  // For the carriers and definitions.

  /** Changes the contents as `reshape` does, here and wherever changes are replayed; written only together with other changes. */
  reshape(reshape: (contents: Contents) => void, rejected: Rejection | undefined): void {
    this.#reshaping = { kind: 'reshape', reshape };
    reshape(this.#contents);
    this.#rejected ??= rejected;
  }

  get isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  get isRegenerated(): boolean {
    return this.#isRegenerated;
  }

  /** Since when it is its subject's: not since now, as it may have been revoked after this request asked. Absent: since it was created. */
  get since(): number | undefined {
    const { subject, loadedAt, since } = this.loaded;
    if (this.#subject === undefined) return undefined;
    return this.#isRegenerated || this.#subject !== subject ? loadedAt : since;
  }

  /** The values and messages as this request sees them. */
  get contents(): Contents {
    return this.#contents;
  }

  /** All changes, those in place included. Changes after this throw. */
  finish(): readonly Change[] {
    for (const key of [...(this.#lent?.keys() ?? [])]) this.#settle(key);
    this.#isFinished = true;
    const isWritten = this.#changes.length > 0 || this.isAltered;
    return this.#reshaping !== undefined && isWritten ? [this.#reshaping, ...this.#changes] : this.#changes;
  }

  /** What is left of the lifetime, in whole seconds, for the cookie's Max-Age; undefined: until the browser closes. */
  secondsLeft(now: number): number | undefined {
    const { maxAge } = this.options;
    return maxAge === undefined ? undefined : Math.max(0, Math.ceil(this.createdAt + maxAge - now));
  }

  /** Whether anything beside the contents has changed. */
  get isAltered(): boolean {
    const { maxAge, subject } = this.loaded;
    return this.isRegenerated || this.options.maxAge !== maxAge || this.#subject !== subject;
  }

  #do(change: Change): void {
    this.#checkOpen();
    applyChange(this.#contents, change);
    this.#changes.push(change);
    if ('key' in change) this.#lent?.delete(change.key);
    else if (change.kind === 'clear') this.#lent?.clear();
  }

  #lend(key: unknown, value: unknown): void {
    if (typeof value !== 'object' || value === null || this.#isFinished || this.#isDestroyed || this.#lent?.has(key))
      return;
    try {
      const bytes = this.#encode(value);
      this.#lent ??= new Map();
      this.#lent.set(key, { value, bytes });
    } catch {
      // What cannot be sealed was put there by this request; the save says so, with the path.
    }
  }

  /** Logs a change in place of a value that was handed out, if there was one. */
  #settle(key: unknown): void {
    const lent = this.#lent?.get(key);
    this.#lent?.delete(key);
    if (lent === undefined || this.#contents.values.get(key) !== lent.value) return;
    if (isEqual(this.#encode(lent.value), lent.bytes)) return;
    this.#changes.push({ kind: 'set', key, value: lent.value });
    this.#owned().add(key);
  }

  #owned(): Set<unknown> {
    this.#own ??= new Set();
    return this.#own;
  }

  #checkOpen(): void {
    if (this.#isFinished) {
      throw new SessionError('ERR_SESSION_COMMITTED', `Cannot change session "${this.name}": it was saved already`);
    }
    if (this.#isDestroyed) {
      throw new SessionError('ERR_SESSION_DESTROYED', `Cannot change session "${this.name}": it was destroyed`);
    }
  }
}

/** `session.options`. A class, because an accessor made for each session would be a hidden class for each session. */
class Lifetime implements SessionOptions {
  readonly #checkOpen: () => void;
  #maxAge: number | undefined;

  constructor(maxAge: number | undefined, checkOpen: () => void) {
    this.#maxAge = maxAge;
    this.#checkOpen = checkOpen;
  }

  get maxAge(): number | undefined {
    return this.#maxAge;
  }

  set maxAge(seconds: number | undefined) {
    this.#checkOpen();
    this.#maxAge = checkDuration('options.maxAge', seconds, MAX_COOKIE_AGE);
  }
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
