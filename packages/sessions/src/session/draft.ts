/** One session of one request: what was loaded, and what the handler wants of it. The store plans from it; handlers hold a `SessionObject`. */

import type { RawRecord } from '@sealring/wire';
import { SessionError } from '../error.ts';
import { isObject } from '../options.ts';
import { ChangeLog } from './change-log.ts';
import { applyChange, type Change, type Taken } from './changes.ts';
import { Contents } from './contents.ts';
import { CookieChoices } from './cookie-choices.ts';
import { type Fate, unwatch, watch } from './guard.ts';
import type { Keeper, Login } from './keeper.ts';
import { endOf } from './lifetime.ts';
import type { Rejection } from './session.ts';

/** Why a session takes no more changes: it is saved, the response is sent, its cookies cannot be set, it was only to be looked at, or the request has another object for it. */
type Blocked = 'saved' | 'sent' | 'unsettable' | 'looked' | 'replaced';

const WHY: Readonly<Record<Blocked | 'ended', string>> = {
  saved: 'it is already saved',
  sent: 'the response is already sent, so no cookie can be set. Change it before the response begins',
  unsettable:
    'a Next server component can set no cookie. Change it in a server action, in a route handler or in the proxy, or read it with peek()',
  looked: 'peek() is only for reading. Ask for it with get()',
  replaced: 'it was saved or loaded again in this request. Ask for it again with get()',
  ended: 'it was logged out or destroyed',
};

export class Draft {
  readonly keeper: Keeper;
  // Only the draft itself sets these.
  contents: Contents;
  rejected: Rejection | undefined;
  loginMade: Login | undefined;
  /** Whether the session gets a new id. */
  isMoving = false;
  isEnded = false;
  /** Whether what was found does not fit the definition. */
  isReset = false;
  #log: ChangeLog;
  #options: CookieChoices | undefined;
  #fate: Fate | undefined;
  #id: string | undefined;
  #normalize: ((contents: Contents) => unknown) | undefined;
  #blocked: Blocked | undefined;
  /** When `restart` was called. */
  #restartedAt: number | undefined;

  constructor(keeper: Keeper) {
    this.keeper = keeper;
    this.#log = new ChangeLog(keeper.named.codec);
    this.contents = new Contents(keeper.record);
    this.rejected = keeper.finding.rejected;
  }

  // What a handler sees.

  get options(): CookieChoices {
    this.#options ??= new CookieChoices(this);
    return this.#options;
  }

  get id(): string {
    this.#id ??= this.keeper.idOf(false);
    return this.#id;
  }

  get isNew(): boolean {
    return this.keeper.isNew || this.isReset;
  }

  get subject(): string | undefined {
    return this.loginMade?.subject ?? (this.isReset ? undefined : this.keeper.record.subject);
  }

  get authenticatedAt(): number | undefined {
    return this.loginMade?.at ?? (this.isReset ? undefined : this.keeper.record.authenticatedAt);
  }

  get createdAt(): number {
    return this.loginMade?.at ?? this.#restartedAt ?? this.keeper.record.createdAt;
  }

  get expiresAt(): number {
    const { named, seenAt } = this.keeper;
    return endOf(this.createdAt, Math.max(seenAt, this.createdAt), { ...named.lifetime, maxAge: this.options.maxAge });
  }

  // What a handler wants.

  /** Applies a change and logs it. @param hasEffect whether it is worth a write by itself. */
  change(change: Change, hasEffect = true): void {
    this.checkOpen();
    this.#log.apply(this.contents, change, hasEffect);
    if (hasEffect) this.touch();
  }

  /** Removes messages, if need be by a write of their own after the commit. Returns false if it is too late for that: they must not be shown then. */
  take(taken: Taken): boolean {
    if (this.#blocked === undefined || this.#blocked === 'looked') this.change(taken);
    else if (this.keeper.takeLate(taken))
      applyChange(this.contents, taken); // not logged: the log is what the commit has saved
    else return false;
    return true;
  }

  /** Takes back the changes for which `isUndone` returns true. */
  undo(isUndone: (change: Change) => boolean): void {
    this.checkOpen();
    this.#log.undo(isUndone);
  }

  move(): void {
    this.checkOpen();
    this.isMoving = true;
    this.#id = this.keeper.idOf(true);
    this.touch();
  }

  /** Begins a session of its own, as for a visitor who has none: no values, no messages, no subject, another id and lifetime. What was found ends. */
  restart(): void {
    this.checkOpen();
    this.#log = new ChangeLog(this.keeper.named.codec);
    if (this.#fate !== undefined) this.#fate.loans = undefined;
    this.#empty();
    this.loginMade = undefined;
    this.isReset = true;
    this.#restartedAt = Math.floor(this.keeper.named.now());
    this.options.resetMaxAge();
    this.move();
  }

  /** Reads the subject's number first: a `revokeAll` that comes later ends this login too. PROTOCOL: login(subject). */
  async login(subject: string): Promise<void> {
    this.checkOpen();
    const stamp = await this.keeper.stampOf(subject);
    this.checkOpen();
    this.loginMade = { subject, stamp, at: Math.floor(this.keeper.named.now()) };
    if (!this.options.isMaxAgeSet) this.options.resetMaxAge();
    this.move();
  }

  /** Sets what `update` returns; if it throws, the value stays as it was. */
  update(key: unknown, update: (value: unknown) => unknown): void {
    this.checkOpen();
    this.#log.settle(this.contents, [key]);
    const before = this.contents.get(key);
    const bytes = isObject(before) ? this.#log.lent.bytesOf(before) : undefined;
    const careful = (value: unknown) => {
      try {
        return update(value);
      } catch (error) {
        if (bytes !== undefined && value === before) this.contents.set(key, this.keeper.named.codec.decode(bytes));
        throw error;
      }
    };
    if (this.#log.isOwn(key)) this.change({ kind: 'set', key, value: careful(before) });
    else this.change({ kind: 'update', key, update: careful });
    this.lend(key, this.contents.get(key));
  }

  /** A value that a handler gets, and may change in place. */
  lend(key: unknown, value: unknown): void {
    if (!isObject(value) || this.isEnded) return;
    const { lent } = this.#log;
    lent.lend(key, value);
    this.#watched().loans ??= { lent, values: this.contents };
  }

  /** A copy that a handler may change without consequences. */
  copyOf(value: unknown): unknown {
    return this.#log.lent.copyOf(value);
  }

  end(): void {
    if (this.#blocked !== undefined) this.checkOpen();
    this.isEnded = true;
    this.#empty();
    this.touch();
  }

  /** Continues where the same session was saved in the midst of the request: objects that its handler holds, and what was chosen for the cookie, stay. */
  continue(before: Draft): void {
    if (before.chosen !== undefined) this.options.chosen = before.chosen;
    const { lent } = this.#log;
    lent.takeOver(before.#log.lent, before.contents, this.contents);
    this.#watched().loans ??= { lent, values: this.contents };
  }

  // What a definition does before anything is handed out.

  /** How to bring contents into shape when changes are applied to a newer record. */
  normalizeReplays(normalize: (contents: Contents) => unknown): void {
    this.#normalize = normalize;
  }

  /** Treats the session as new: no values, no subject, a new id. Flash messages and this request's own changes stay. */
  reset(rejected: Rejection): void {
    this.isReset = true;
    this.rejected ??= rejected;
    this.#empty(this.contents.flashes);
    for (const change of this.#log.all) if (!('bag' in change)) applyChange(this.contents, change);
    this.isMoving = !this.keeper.isNew;
    this.#id = this.isMoving ? this.keeper.idOf(true) : undefined;
  }

  #empty(flashes?: RawRecord['flashes']): void {
    this.contents = new Contents({ values: {}, flashes });
    this.#log.lent.clear();
  }

  // What the store plans from.

  /** What was chosen for the cookie of this response, or `undefined` if nothing was. */
  get chosen(): CookieChoices['chosen'] {
    return this.#options?.chosen;
  }

  get isMaxAgeSet(): boolean {
    return this.#options?.isMaxAgeSet === true;
  }

  /** All changes, those in place included. */
  get changes(): readonly Change[] {
    if (this.#blocked === undefined) this.#log.settle(this.contents);
    return this.#log.all;
  }

  /** Whether the handler has changed what is remembered of the session. */
  get isDirty(): boolean {
    if (this.isMaxAgeSet || this.loginMade !== undefined) return true;
    return this.changes.length > 0 && this.#log.hasEffect;
  }

  get isRestarted(): boolean {
    return this.#restartedAt !== undefined;
  }

  /** Whether there is nothing to remember. */
  get isEmpty(): boolean {
    return this.contents.isEmpty && this.loginMade === undefined;
  }

  /** The record to write, from what this request has seen. */
  record(): RawRecord {
    return this.#remember(this.keeper.record, this.contents);
  }

  /** The record to write, from a newer one. @param from the first change that is not in it yet. */
  replay(newest: RawRecord, from = 0): RawRecord {
    const contents = new Contents(
      this.isReset ? { values: {}, flashes: this.isRestarted ? undefined : newest.flashes } : newest,
    );
    if (!this.isReset) this.#normalize?.(contents);
    for (const change of this.changes.slice(from)) applyChange(contents, change);
    return this.#remember(newest, contents);
  }

  #remember(base: RawRecord, contents: Contents): RawRecord {
    const isOwnLife = this.isMaxAgeSet || this.loginMade !== undefined || this.isRestarted;
    const maxAge = isOwnLife ? this.options.ownMaxAge : base.maxAge;
    const record = contents.fill(base, maxAge);
    if (this.loginMade !== undefined) {
      const { subject, at, stamp } = this.loginMade;
      return { ...record, subject, createdAt: at, authenticatedAt: at, stamp: stamp || undefined };
    }
    if (!this.isReset) return record;
    const createdAt = this.#restartedAt ?? record.createdAt;
    return { ...record, createdAt, subject: undefined, authenticatedAt: undefined, stamp: undefined };
  }

  /** From now on changes throw. */
  close(reason: Blocked): void {
    this.#blocked = reason;
    this.settle();
  }

  /** After a save that failed. */
  reopen(): void {
    this.#blocked = undefined;
  }

  get isOpen(): boolean {
    return this.#blocked === undefined && !this.isEnded;
  }

  /** @throws {SessionError} `ERR_SESSION_COMMITTED`, `ERR_SESSION_DESTROYED`. */
  checkOpen(): void {
    const why = this.#blocked ?? (this.isEnded ? 'ended' : undefined);
    if (why === undefined) return;
    const code = why === 'ended' ? 'ERR_SESSION_DESTROYED' : 'ERR_SESSION_COMMITTED';
    throw new SessionError(code, `Cannot change session "${this.keeper.named.name}": ${WHY[why]}`);
  }

  // Whether a change of it is lost when nobody has it any more.

  /** There is a change that is not saved yet. */
  touch(): void {
    this.#watched().isUnsaved = true;
  }

  /** The changes are saved, or whoever made them knows that they are not. What is changed in place after this is lost. */
  settle(): void {
    if (this.#fate === undefined) return;
    this.#fate.isUnsaved = false;
    if (this.#fate.loans !== undefined) return;
    unwatch(this);
    this.#fate = undefined;
  }

  #watched(): Fate {
    if (this.#fate === undefined) {
      this.#fate = { isUnsaved: false, loans: undefined, report: this.keeper.named.onLoss };
      watch(this, this.#fate);
    }
    return this.#fate;
  }
}
