/** Rows of one kind of storage -> a backend. What all backends do alike stands here: checks, the clock, copies, sweeping, errors. */

import { SessionError } from '../../error.ts';
import { describe } from '../../options.ts';
import type { Backend, ManagedBackend, MaybePromise, SetOptions, StoredRecord } from '../backend.ts';
import { after, isPromise } from './after.ts';
import type { Clock } from './clock.ts';
import { codeOf } from './failure.ts';

/** What a storage keeps under an id. The bytes are a copy, which the storage may keep. */
export interface Row extends StoredRecord {
  subject: string | undefined;
}

/**
 * A storage of rows, as `backendOf` wants it. A method that does not return promises makes the same method of the backend synchronous.
 * What a method throws becomes a SessionError that names the storage.
 */
export interface Rows {
  /** Returns the row, with bytes that the caller may change. It may have expired: `backendOf` looks. */
  read(id: string): MaybePromise<StoredRecord | undefined>;
  /**
   * Writes the row, in one step with the check of `over`, which means the same as in `SetOptions`. Returns whether `over` held.
   * A row that expires at `now()` or earlier counts as absent.
   */
  write(id: string, row: Row, over: StoredRecord | null | undefined, now: Clock): MaybePromise<boolean>;
  /** Removes the row. Returns whether there was one that expires later than `now()`. */
  remove(id: string, now: Clock): MaybePromise<boolean>;
  /** The rows of a subject, each once. Some may have expired: `backendOf` looks. */
  list?(subject: string, now: Clock): AsyncIterable<{ id: string; expiresAt: number }>;
  /**
   * Removes the rows that expire at `now()` or earlier, in steps. Each step is short and yields how many it removed; `prune` takes all steps,
   * the sweep after some writes takes one. Left out if the storage removes them by itself, or cannot find them.
   */
  removeExpired?(now: Clock): Iterable<number> | AsyncIterable<number>;
  /** Called once. */
  close?(): MaybePromise<void>;
}

/** Rows that a backend has to clean up. */
export type PrunableRows = Rows & Required<Pick<Rows, 'removeExpired'>>;

/** What `backendOf` has to know besides the rows. */
export interface BackendSettings {
  cas: Backend['cas'];
  now: Clock;
  /** Where the rows are, for error messages: `the directory /var/sessions`. */
  where: string;
  /** What an error means, for the message. It must not give away ids or values. Default: the error's code. */
  explain?: (cause: unknown) => string;
  /** True if the rows never leave this process. Default false. */
  inProcess?: boolean;
  /** False if a step of the sweep costs too much to be taken in passing: then only `prune` removes what has expired. Default true. */
  sweeps?: boolean;
}

/** What `backendOf` makes of rows without `removeExpired`: it has no `prune`. */
export interface ClosableBackend
  extends Backend,
    Pick<ManagedBackend, 'close'>,
    Partial<Pick<ManagedBackend, 'prune'>> {}

/** Writes after which the sweep takes another step. */
export const SWEEP_EVERY = 64;

/**
 * Seconds for which the sweep leaves expired rows alone. A server whose clock is ahead by less than this removes nothing that is still alive
 * for the other servers. Rows in this process have one clock, and no margin.
 */
export const SWEEP_MARGIN = 3600;

/** Makes a backend of rows: it checks what is written, copies it, goes by the clock, sweeps in passing, and wraps errors. */
export function backendOf(rows: PrunableRows, settings: BackendSettings): ManagedBackend;
export function backendOf(rows: Rows, settings: BackendSettings): ClosableBackend;
export function backendOf(rows: Rows, settings: BackendSettings): ClosableBackend {
  return new RowsBackend(rows, settings);
}

class RowsBackend implements ClosableBackend {
  readonly cas: Backend['cas'];
  readonly inProcess: boolean;
  readonly list?: NonNullable<Backend['list']>;
  readonly prune?: ManagedBackend['prune'];
  readonly #rows: Rows;
  readonly #settings: BackendSettings;
  readonly #now: Clock;
  #writes = 0;
  /** The step of the sweep that is under way. */
  #sweep: Promise<void> | undefined;
  /** The steps that the sweep has not taken yet. */
  #steps: Iterator<number> | AsyncIterator<number> = [].values();
  #isClosed = false;

  constructor(rows: Rows, settings: BackendSettings) {
    this.cas = settings.cas;
    this.inProcess = settings.inProcess ?? false;
    this.#rows = rows;
    this.#settings = settings;
    this.#now = settings.now;
    const { list, removeExpired } = rows;
    if (list !== undefined) this.list = (subject) => this.#list(list.call(rows, subject, this.#now));
    if (removeExpired === undefined) return;
    this.prune = () => this.#try('prune', () => this.#prune(removeExpired.call(rows, this.#now)));
  }

  get(id: string): MaybePromise<StoredRecord | undefined> {
    return this.#try('read', () => {
      const row = this.#rows.read(id);
      return isPromise(row) ? row.then((read) => this.#unexpired(read)) : this.#unexpired(row);
    });
  }

  set(id: string, data: Uint8Array, options: SetOptions): MaybePromise<boolean> {
    const { version, expiresAt, over, subject } = options;
    checkWrite(id, version, expiresAt);
    const row = { data: new Uint8Array(data), version, expiresAt, subject }; // not slice(): a Buffer's does not copy
    const written = this.#try('write', () => this.#rows.write(id, row, over, this.#now));
    return isPromise(written) ? written.then((isWritten) => this.#count(isWritten)) : this.#count(written);
  }

  #unexpired(row: StoredRecord | undefined): StoredRecord | undefined {
    return row !== undefined && row.expiresAt > this.#now() ? row : undefined;
  }

  #count(isWritten: boolean): boolean {
    if (isWritten && ++this.#writes % SWEEP_EVERY === 0) this.#sweepSome();
    return isWritten;
  }

  delete(id: string): MaybePromise<boolean> {
    return this.#try('delete', () => this.#rows.remove(id, this.#now));
  }

  /** Waits for the sweep. A second close() does nothing. */
  close(): MaybePromise<void> {
    if (this.#isClosed) return undefined;
    this.#isClosed = true;
    return this.#try('close', () => after(this.#sweep, () => this.#rows.close?.()));
  }

  async *#list(
    entries: AsyncIterable<{ id: string; expiresAt: number }>,
  ): AsyncGenerator<{ id: string; expiresAt: number }> {
    try {
      for await (const entry of entries) if (entry.expiresAt > this.#now()) yield entry;
    } catch (cause) {
      throw this.#failed('list', cause);
    }
  }

  #prune(steps: Iterable<number> | AsyncIterable<number>): MaybePromise<number> {
    if (Symbol.asyncIterator in steps) return this.#pruneInTurns(steps);
    let pruned = 0;
    for (const removed of steps) pruned += removed;
    return pruned;
  }

  async #pruneInTurns(steps: AsyncIterable<number>): Promise<number> {
    let pruned = 0;
    for await (const removed of steps) {
      pruned += removed;
      if (this.#isClosed) break;
    }
    return pruned;
  }

  /** Nobody waits for it and nobody is told of a failure: `prune` says what is wrong, and the next sweep tries again. */
  #sweepSome(): void {
    const { removeExpired } = this.#rows;
    if (removeExpired === undefined || this.#settings.sweeps === false) return;
    if (this.#sweep !== undefined || this.#isClosed) return;
    const margin = this.inProcess ? 0 : SWEEP_MARGIN;
    const restart = () => {
      const steps = removeExpired.call(this.#rows, () => this.#now() - margin);
      this.#steps = Symbol.asyncIterator in steps ? steps[Symbol.asyncIterator]() : steps[Symbol.iterator]();
      return this.#steps.next();
    };
    const finish = () => (this.#sweep = undefined);
    try {
      const step = after(this.#steps.next(), (result) => (result.done ? restart() : result));
      if (isPromise(step)) this.#sweep = step.then(finish, finish);
    } catch {}
  }

  #try<Result>(verb: string, action: () => MaybePromise<Result>): MaybePromise<Result> {
    try {
      const result = action();
      if (!isPromise(result)) return result;
      return result.then(undefined, (cause: unknown) => {
        throw this.#failed(verb, cause);
      });
    } catch (cause) {
      throw this.#failed(verb, cause);
    }
  }

  #failed(verb: string, cause: unknown): SessionError {
    if (cause instanceof SessionError) return cause;
    const { where, explain = (error) => codeOf(error) ?? 'see its cause' } = this.#settings;
    return new SessionError('ERR_SESSION_BACKEND', `Cannot ${verb} sessions in ${where}: ${explain(cause)}`, { cause });
  }
}

const NAME = /^[\w-]+$/;

function checkWrite(id: string, version: string, expiresAt: number): void {
  const isNumber = typeof expiresAt === 'number' && !Number.isNaN(expiresAt);
  if (!isName(id, 128)) throw unexpected('id', '1 to 128 characters of A–Z a–z 0–9 - _', id);
  if (!isName(version, 64)) throw unexpected('version', '1 to 64 characters of A–Z a–z 0–9 - _', version);
  if (!isNumber) throw unexpected('expiresAt', 'seconds since the epoch', expiresAt);
}

function isName(name: string, maxLength: number): boolean {
  return typeof name === 'string' && name.length <= maxLength && NAME.test(name);
}

function unexpected(name: string, expected: string, got: unknown): TypeError {
  return new TypeError(`"${name}" expected ${expected}, got ${describe(got)}`);
}
