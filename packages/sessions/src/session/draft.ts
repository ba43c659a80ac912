/** One session of one request: what was loaded, and what the handler wants of it. The store plans from it; handlers hold a `SessionObject`. */

import type { Contents, SessionRecord } from '@sealring/wire';
import { SessionError } from '../error.ts';
import { ChangeLog } from './change-log.ts';
import { applyChange, type Change } from './changes.ts';
import type { CookieChoices } from './cookie-choices.ts';
import { Guard } from './guard.ts';
import type { ValueCodec } from './lent.ts';
import { endOf, type Lifetime } from './lifetime.ts';
import type { Rejection } from './session.ts';

/** What a store found for one name. */
export interface Loaded {
  readonly name: string;
  /** As it was found, or an empty one that begins now. The draft takes over its contents. */
  readonly record: SessionRecord;
  /** Whether there was no session that could be opened. */
  readonly isNew: boolean;
  /** When a request last wrote or renewed it. */
  readonly seenAt: number;
  readonly rejected: Rejection | undefined;
  /** What the store or the definition says. */
  readonly lifetime: Lifetime;
  readonly choices: CookieChoices;
  /** Is told once nobody has the session any more and a change of it was lost. */
  readonly onLoss: () => void;
}

/** What the store does for a session while the handler runs. */
export interface Keeper {
  readonly codec: ValueCodec;
  /** The present id, or a new one. */
  idOf(isNew: boolean): string;
  /** Asks for the subject's number, with which a login counts. */
  stampOf(subject: string): Promise<number>;
  readonly now: () => number;
}

/** A login of this request. */
export interface Login {
  readonly subject: string;
  readonly stamp: number;
  readonly at: number;
}

/** Why a session takes no more changes: it is saved, the response is sent, or it was only to be looked at. */
type Blocked = 'saved' | 'sent' | 'looked';

const WHY: Readonly<Record<Blocked, string>> = {
  saved: 'it is already saved',
  sent: 'the response is already sent, so no cookie can be set. Change it before the response begins',
  looked: 'peek() is only for reading. Ask for it with get()',
};

export class Draft {
  readonly loaded: Loaded;
  readonly keeper: Keeper;
  readonly options: CookieChoices;
  readonly #log: ChangeLog;
  readonly guard: Guard;
  #contents: Contents;
  #id: string | undefined;
  #login: Login | undefined;
  #isMoving = false;
  #isEnded = false;
  #rejected: Rejection | undefined;
  #isReset = false;
  #normalize: ((contents: Contents) => unknown) | undefined;
  #blocked: Blocked | undefined;

  constructor(loaded: Loaded, keeper: Keeper) {
    this.loaded = loaded;
    this.keeper = keeper;
    this.options = loaded.choices;
    this.#log = new ChangeLog(keeper.codec);
    this.guard = new Guard(loaded.onLoss);
    this.#contents = loaded.record.contents;
    this.#rejected = loaded.rejected;
    this.options.belongTo(this);
  }

  // What a handler sees.

  get contents(): Contents {
    return this.#contents;
  }

  get id(): string {
    this.#id ??= this.keeper.idOf(false);
    return this.#id;
  }

  get isNew(): boolean {
    return this.loaded.isNew || this.#isReset;
  }

  get rejected(): Rejection | undefined {
    return this.#rejected;
  }

  get subject(): string | undefined {
    return this.#login?.subject ?? (this.#isReset ? undefined : this.loaded.record.subject);
  }

  get authenticatedAt(): number | undefined {
    return this.#login?.at ?? (this.#isReset ? undefined : this.loaded.record.authenticatedAt);
  }

  get createdAt(): number {
    return this.#login?.at ?? this.loaded.record.createdAt;
  }

  get expiresAt(): number {
    const { lifetime, seenAt } = this.loaded;
    return endOf(this.createdAt, Math.max(seenAt, this.createdAt), { ...lifetime, maxAge: this.options.maxAge });
  }

  // What a handler wants.

  /** Applies a change and logs it. @param hasEffect whether it is worth a write by itself. */
  change(change: Change, hasEffect = true): void {
    this.checkOpen();
    this.#log.apply(this.#contents, change, hasEffect);
    if (hasEffect) this.guard.touch();
  }

  /** Takes back the changes for which `isUndone` returns true. */
  undo(isUndone: (change: Change) => boolean): void {
    this.checkOpen();
    this.#log.undo(isUndone);
  }

  move(): void {
    this.checkOpen();
    this.#isMoving = true;
    this.#id = this.keeper.idOf(true);
    this.guard.touch();
  }

  /** Reads the subject's number first: a `revokeAll` that comes later ends this login too. PROTOCOL: login(subject). */
  async login(subject: string): Promise<void> {
    this.checkOpen();
    const stamp = await this.keeper.stampOf(subject);
    this.checkOpen();
    this.#login = { subject, stamp, at: Math.floor(this.keeper.now()) };
    if (!this.options.isMaxAgeSet) this.options.resetMaxAge();
    this.move();
  }

  /** Sets what `update` returns; if it throws, the value stays as it was. */
  update(key: unknown, update: (value: unknown) => unknown): void {
    this.checkOpen();
    this.#log.settle(this.#contents, [key]);
    const before = this.#contents.values.get(key);
    const bytes = isObject(before) ? this.#log.lent.bytesOf(before) : undefined;
    const careful = (value: unknown) => {
      try {
        return update(value);
      } catch (error) {
        if (bytes !== undefined && value === before) this.#contents.values.set(key, this.keeper.codec.decode(bytes));
        throw error;
      }
    };
    if (this.#log.isOwn(key)) this.change({ kind: 'set', key, value: careful(before) });
    else this.change({ kind: 'update', key, update: careful });
    this.lend(key, this.#contents.values.get(key));
  }

  /** A value that a handler gets, and may change in place. */
  lend(key: unknown, value: unknown): void {
    if (!isObject(value) || this.#isEnded) return;
    const { lent } = this.#log;
    lent.lend(key, value);
    this.guard.lend({ lent, values: this.#contents.values });
  }

  /** A copy that a handler may change without consequences. */
  copyOf(value: unknown): unknown {
    return this.#log.lent.copyOf(value);
  }

  end(): void {
    if (this.#blocked !== undefined) this.checkOpen();
    this.#isEnded = true;
    this.#contents = { values: new Map(), flashes: new Map() };
    this.#log.lent.clear();
    this.guard.touch();
  }

  // What a definition does before anything is handed out.

  /** How to bring contents into shape when changes are applied to a newer record. */
  normalizeReplays(normalize: (contents: Contents) => unknown): void {
    this.#normalize = normalize;
  }

  /** Treats the session as new: no values, no subject, a new id. Flash messages and this request's own changes stay. */
  reset(rejected: Rejection): void {
    this.#isReset = true;
    this.#rejected ??= rejected;
    this.#contents = { values: new Map(), flashes: this.#contents.flashes };
    this.#log.lent.clear();
    const isOfValues = ({ kind }: Change) => kind !== 'take' && kind !== 'flash';
    for (const change of this.#log.all.filter(isOfValues)) applyChange(this.#contents, change);
    this.#isMoving = !this.loaded.isNew;
    this.#id = this.#isMoving ? this.keeper.idOf(true) : undefined;
  }

  // What the store plans from.

  get isEnded(): boolean {
    return this.#isEnded;
  }

  get isMoving(): boolean {
    return this.#isMoving;
  }

  get loginMade(): Login | undefined {
    return this.#login;
  }

  get isReset(): boolean {
    return this.#isReset;
  }

  /** All changes, those in place included. */
  get changes(): readonly Change[] {
    if (this.#blocked === undefined) this.#log.settle(this.#contents);
    return this.#log.all;
  }

  /** Whether the handler has changed what is remembered of the session. */
  get isDirty(): boolean {
    if (this.options.isMaxAgeSet || this.#login !== undefined) return true;
    return this.changes.length > 0 && this.#log.hasEffect;
  }

  /** Whether there is nothing to remember. */
  get isEmpty(): boolean {
    return this.#contents.values.size === 0 && this.#contents.flashes.size === 0 && this.#login === undefined;
  }

  /** The record to write, from what this request has seen. */
  record(): SessionRecord {
    return this.#remember(this.loaded.record, this.#contents);
  }

  /** The record to write, from a newer one. @param from the first change that is not in it yet. */
  replay(newest: SessionRecord, from = 0): SessionRecord {
    const contents = this.#isReset ? { values: new Map(), flashes: newest.contents.flashes } : newest.contents;
    if (!this.#isReset) this.#normalize?.(contents);
    for (const change of this.changes.slice(from)) applyChange(contents, change);
    return this.#remember(newest, contents);
  }

  #remember(base: SessionRecord, contents: Contents): SessionRecord {
    const login = this.#login;
    const maxAge = this.options.isMaxAgeSet || login !== undefined ? this.options.ownMaxAge : base.maxAge;
    const kept = this.#isReset ? { ...base, subject: undefined, authenticatedAt: undefined, stamp: undefined } : base;
    if (login === undefined) return { ...kept, contents, maxAge };
    const { subject, at, stamp } = login;
    return { ...kept, contents, maxAge, subject, createdAt: at, authenticatedAt: at, stamp: stamp || undefined };
  }

  /** From now on changes throw. */
  close(reason: Blocked): void {
    this.#blocked = reason;
    this.guard.settle();
  }

  /** After a save that failed. */
  reopen(): void {
    this.#blocked = undefined;
  }

  get isOpen(): boolean {
    return this.#blocked === undefined && !this.#isEnded;
  }

  /** @throws {SessionError} `ERR_SESSION_COMMITTED`, `ERR_SESSION_DESTROYED`. */
  checkOpen(): void {
    const { name } = this.loaded;
    if (this.#blocked !== undefined) {
      throw new SessionError('ERR_SESSION_COMMITTED', `Cannot change session "${name}": ${WHY[this.#blocked]}`);
    }
    if (this.#isEnded) {
      throw new SessionError(
        'ERR_SESSION_DESTROYED',
        `Cannot change session "${name}": it was logged out or destroyed`,
      );
    }
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
