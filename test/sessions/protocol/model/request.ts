/** One request of the model: it loads a session, does what its handler wants, and commits. A call that fails is tried once more. */
import type { End, Ends } from '../ends.ts';
import type { Outcome, Told } from '../promises.ts';
import type { RequestPlan } from '../requests.ts';
import { endCookie, markOf, moveCookie, parseCookie, writeCookie } from './cookie.ts';
import { raise, stamp, stillCounts } from './numbers.ts';
import type { Rules } from './rules.ts';
import { end, endListed, move, renew, revoke, write } from './server.ts';
import { answer, get, list, note, type Row, type Steps, twice } from './steps.ts';

export const SUBJECT = 'u';

export class ModelRequest implements Told {
  readonly name: string;
  readonly plan: RequestPlan;
  readonly rules: Rules;
  readonly header: string | undefined;
  readonly browser: 'v' | 'w' | 'x';
  readonly steps: Steps<Outcome>;
  outcome: Outcome = 'running';
  found: 'live' | 'moved' | undefined;
  id: string | undefined;
  record: Row | undefined;
  family: string | undefined;
  subject: string | undefined;
  login: string | undefined;
  stamp: number | undefined;
  hasLoggedIn = false;
  hasWritten = false;
  isMoving = false;
  isExcepted = false;
  isDead = false;
  /** Whether the number that it has raised spares its family. */
  hasSpared = false;
  cookieSet: string | undefined;
  pointedTo: string | undefined;
  /** Whether a call of this commit went unanswered. */
  isUnsure = false;
  /** How many writes over the record went unanswered. */
  unanswered = 0;
  /** The versions that it has chosen for its writes. */
  readonly mine: Set<string> = new Set();
  newId: string | undefined;
  newVersion: string | undefined;
  newCookie: string | undefined;
  #versions = 0;
  #mustWrite = false;
  #mustEnd = false;
  #mustRenew = false;
  readonly #ends: Ends;

  constructor(name: string, plan: RequestPlan, header: string | undefined, rules: Rules, ends: Ends) {
    this.name = name;
    this.plan = plan;
    this.header = header;
    this.rules = rules;
    this.browser = plan.cookie === 'a' ? 'v' : plan.cookie === 'b' ? 'w' : 'x';
    this.#ends = ends;
    this.steps = this.#run();
  }

  get cookie(): 'a' | 'b' | undefined {
    return this.plan.cookie;
  }

  /** A name for its next write. */
  version(): string {
    return `${this.name}${this.#versions++}`;
  }

  /** What a write goes over. */
  loaded(): { id: string; record: Row } {
    const { id, record } = this;
    if (id === undefined || record === undefined) throw new Error('There is nothing to write over');
    return { id, record };
  }

  /** What the session will be. */
  next(): { family: string | undefined; subject: string | undefined; login: string | undefined } {
    const { subject, login, hasLoggedIn } = this;
    const isAnother = this.isExcepted && this.id === undefined && this.rules.mistakes.has('familyPerMove');
    const family = isAnother ? `another than ${this.family}` : this.family;
    return { family, subject: hasLoggedIn ? SUBJECT : subject, login };
  }

  *#run(): Steps<Outcome> {
    const isServer = this.rules.store === 'server';
    yield* twice(() => (isServer ? this.#load() : this.#loadCookie()));
    for (const act of this.plan.acts) yield* this.#do(act);
    const ending =
      this.#mustEnd && this.id !== undefined ? this.#ends.begin(this.name, { family: this.family }) : undefined;
    const outcome = yield* twice(
      () => (isServer ? this.#commit() : this.#commitCookie()),
      () => void (this.isUnsure = true),
    );
    if (ending !== undefined) ending.isAcknowledged = true;
    const isSet = outcome === 'created' || (outcome === 'saved' && (this.isMoving || !isServer));
    yield* answer(isSet ? (isServer ? this.newId : this.newCookie) : undefined);
    return outcome;
  }

  *#load(): Steps<void> {
    const { header } = this;
    const row = header === undefined ? undefined : yield* get(header);
    if (row === undefined || row.state === 'ended') return;
    if (row.state === 'moved' && this.rules.mistakes.has('movedIsFresh')) return;
    const { family, subject, login } = row;
    Object.assign(this, { id: header, family, subject, login, found: row.state });
    if (row.state === 'live') this.record = row;
  }

  *#loadCookie(): Steps<void> {
    if (this.header === undefined) return;
    const { id, family, subject, login, stamp, log } = parseCookie(this.header);
    const mark = yield* get(markOf(id));
    const isLive = mark === undefined && (subject === undefined || (yield* stillCounts(stamp, family)));
    const isMoved = mark?.state === 'moved' && !this.rules.mistakes.has('movedIsFresh');
    if (!isLive && !isMoved) return;
    Object.assign(this, { id, family, subject, login, stamp, found: isLive ? 'live' : 'moved' });
    if (isLive) this.record = { state: 'live', version: '', log, login };
  }

  *#do(act: RequestPlan['acts'][number]): Steps<void> {
    switch (act) {
      case 'read':
        this.#mustRenew = true;
        break;
      case 'write':
        this.hasWritten = true;
        break;
      case 'regenerate':
        if (this.id !== undefined) this.isMoving = true;
        break;
      case 'logout':
        this.#mustEnd = true;
        break;
      case 'login':
        yield* twice(() => this.#logIn());
        break;
      case 'all':
      case 'except':
        yield* this.#revokeAll(act === 'except');
        break;
      case 'revoke:a':
        yield* this.#revoke('a', 'fa');
        break;
      case 'revoke:new':
        yield* this.#revoke('anew', undefined);
        break;
      default:
        throw new Error(`The model does not know ${act}`);
    }
  }

  *#logIn(): Steps<void> {
    const login = `L${this.name}`;
    this.#ends.loginBegins(login);
    this.stamp = yield* stamp(this, () => this.#ends.loginReads(login));
    if (this.rules.store === 'server') yield* this.#lookAgain();
    Object.assign(this, { login, hasLoggedIn: true, isMoving: true });
    this.family ??= `f${this.name}`;
  }

  /** The number has been raised since: a `revokeAll` just before may have ended the session, and then the login starts a new one. */
  *#lookAgain(): Steps<void> {
    if (this.id === undefined || this.found !== 'live' || this.subject === undefined || !this.stamp) return;
    const row = yield* get(this.id);
    if (row === undefined || row.state === 'ended') this.#startAgain();
  }

  *#revokeAll(isExcept: boolean): Steps<void> {
    const { mistakes, store } = this.rules;
    const { family } = this;
    let ending: End | undefined;
    this.hasSpared = false;
    const spared = () => (isExcept && this.hasSpared ? family : undefined);
    const begins = () => void (ending ??= this.#ends.begin(this.name, { subject: SUBJECT, spared }));
    const steps = function* (request: ModelRequest): Steps<void> {
      if (mistakes.has('listsFirst') || mistakes.has('noNumber')) yield* note(begins);
      else yield* raise(request, isExcept, begins);
      if (store === 'server') yield* endListed(request, yield* list(SUBJECT), spared());
      if (mistakes.has('listsFirst')) yield* raise(request, isExcept, begins);
    };
    yield* twice(() => steps(this));
    if (ending !== undefined) ending.isAcknowledged = true;
    if (spared() !== undefined) this.#spare();
    else if (this.subject !== undefined) this.#forget();
  }

  #spare(): void {
    const { mistakes } = this.rules;
    this.isExcepted = true;
    if (mistakes.has('restamps') || mistakes.has('restampsBlindly')) this.#mustWrite = true;
    else if (!mistakes.has('exceptedStays')) this.isMoving = true;
  }

  /** Its own `revokeAll` has ended it. */
  #forget(): void {
    this.isDead = true;
    if (!this.hasLoggedIn && this.rules.store === 'server') this.#startAgain();
  }

  /** As one that has no session. */
  #startAgain(): void {
    Object.assign(this, { id: undefined, record: undefined, family: undefined, found: undefined });
  }

  *#revoke(id: string, family: string | undefined): Steps<void> {
    let ending: End | undefined;
    const begins = (row?: Row) => void (ending ??= this.#ends.begin(this.name, { family: row?.family ?? family }));
    if (this.rules.store === 'server') yield* twice(() => revoke(this, id, begins));
    else if (family !== undefined) {
      yield* note(begins);
      yield* twice(() => endCookie(this, id));
    }
    if (ending !== undefined) ending.isAcknowledged = true;
  }

  *#commit(): Steps<Outcome> {
    const { id, record } = this;
    if (this.#mustEnd) {
      if (id === undefined) return 'unchanged';
      return (yield* end(this, id, this.isUnsure ? undefined : record)) ? 'ended' : 'gone';
    }
    if (this.isDead && !this.hasLoggedIn) return 'gone';
    if (this.found === 'moved') return this.hasWritten || this.isMoving ? 'gone' : 'unchanged';
    if (this.isMoving || (id === undefined && this.hasWritten)) {
      this.family ??= `f${this.name}`;
      return yield* move(this);
    }
    if (this.hasWritten) return yield* write(this);
    return this.#mustRenew && id !== undefined ? yield* renew(this) : 'unchanged';
  }

  *#commitCookie(): Steps<Outcome> {
    const { id } = this;
    if (this.#mustEnd) {
      if (id === undefined) return 'unchanged';
      yield* endCookie(this, id);
      return 'ended';
    }
    if (this.isDead && !this.hasLoggedIn) return 'gone';
    const isChanged = this.hasWritten || this.#mustWrite;
    if (this.found === 'moved') return isChanged || this.isMoving ? 'gone' : 'unchanged';
    this.family ??= this.hasWritten || this.isMoving ? `f${this.name}` : undefined;
    if (this.isMoving) return yield* moveCookie(this);
    return isChanged || (this.#mustRenew && id !== undefined) ? yield* writeCookie(this) : 'unchanged';
  }
}
