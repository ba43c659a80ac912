/** One request of a visitor, as an application makes it: what it does to its session, and what is noted of it to judge the promises by. */
import { SessionError } from '../../../../packages/sessions/src/error.ts';
import type { Session } from '../../../../packages/sessions/src/session/session.ts';
import type { Commit } from '../../../../packages/sessions/src/store/commit.ts';
import type { SessionRequest } from '../../../../packages/sessions/src/store/request.ts';
import { inScope, type Scope } from '../../../../packages/sessions/src/store/scope.ts';
import type { Store } from '../../../../packages/sessions/src/store/store.ts';
import { visitOf } from '../../../../packages/sessions/src/store/visit.ts';
import type { End, Ends } from '../ends.ts';
import type { Outcome, Told } from '../promises.ts';
import type { Act, RequestPlan } from '../requests.ts';
import { type Actor, Turnstile } from './turnstile.ts';

/** What a request needs of the world that it runs in. */
export interface Surroundings {
  readonly ends: Ends;
  readonly subject: string;
  store(visitor: Visitor): Store;
  /** Ids of sessions that were there before. */
  readonly ids: { readonly a: string; readonly b: string };
  /** The session to which the first request has moved, if others can know of it. */
  moved(): { id: string; family: string | undefined } | undefined;
  /** Whether there is something under an id that `revoke` can end. */
  canBeEnded(id: string): boolean;
  /** Whether the last `revokeAll` of this request has spared a family. */
  hasSpared(visitor: Visitor): boolean;
  /** The id to which a request has turned its old session into a pointer. */
  pointed(visitor: Visitor): string | undefined;
  /** Whether a session that `revokeAll` has ended in this request can still be moved by a login. */
  readonly keepsEnded: boolean;
  /** Whether answers arrive in the order in which they were given. */
  readonly answersAtOnce: boolean;
  deliver(visitor: Visitor, cookies: readonly DeliveredCookie[]): void;
}

export interface DeliveredCookie {
  readonly name: string;
  readonly value: string;
  readonly isDeletion: boolean;
}

export const NAME = 'login';

export class Visitor implements Told {
  readonly name: string;
  readonly cookie: 'a' | 'b' | undefined;
  readonly plan: RequestPlan;
  readonly actor: Actor;
  readonly browser: 'v' | 'w' | 'x';
  /** The Cookie header that it came with. */
  readonly header: string | undefined;
  told: Outcome = 'running';
  error: unknown;
  session: Session | undefined;
  found: 'live' | 'moved' | undefined;
  family: string | undefined;
  subject: string | undefined;
  login: string | undefined;
  hasLoggedIn = false;
  hasWritten = false;
  isMoving = false;
  isExcepted = false;
  isDead = false;
  isEnding = false;
  shown: readonly unknown[] = [];
  /** The Cookie header of whoever has got its answer. */
  cookieSet: string | undefined;
  readonly #here: Surroundings;

  constructor(here: Surroundings, actor: Actor, plan: RequestPlan, header: string | undefined) {
    this.#here = here;
    this.actor = actor;
    this.name = actor.name;
    this.cookie = plan.cookie;
    this.plan = plan;
    this.header = header;
    this.browser = plan.cookie === 'a' ? 'v' : plan.cookie === 'b' ? 'w' : 'x';
  }

  get outcome(): Outcome {
    return this.actor.isCrashed ? 'crashed' : this.told;
  }

  get hasRemoved(): boolean {
    return !this.actor.seen.some((what) => ['crash', 'lost', 'failed', 'late'].includes(what));
  }

  get pointedTo(): string | undefined {
    return this.#here.pointed(this);
  }

  /** Does it all. What fails is tried once more. */
  async run(): Promise<void> {
    const request = { headers: this.header === undefined ? {} : { cookie: this.header } };
    await inScope(request, async (scope) => {
      await this.#answer(await this.#handle(request, scope));
      if (!this.plan.acts.includes('late')) return;
      this.shown = this.session?.flashes() ?? [];
      await scope.commit();
    });
  }

  async #handle(request: SessionRequest, scope: Scope): Promise<Commit> {
    const session = await twice(() => this.#here.store(this).get(request, NAME));
    this.#note(session);
    for (const act of this.plan.acts) await this.#do(act, session);
    const end = this.isEnding && this.found !== undefined ? this.#begin({ family: this.family }) : undefined;
    let committed = await scope.commit();
    if (committed.sessions[0]?.outcome === 'failed') committed = await scope.commit();
    if (end !== undefined && committed.sessions[0]?.outcome !== 'failed') end.isAcknowledged = true;
    return committed;
  }

  async #answer({ cookies, sessions }: Commit): Promise<void> {
    const { outcome = 'unchanged', error } = sessions[0] ?? {};
    this.error = error;
    const set = cookies.map(({ name, value, maxAge }) => ({ name, value, isDeletion: maxAge === 0 }));
    if (this.#here.answersAtOnce) this.#here.deliver(this, set);
    else {
      await Turnstile.step({
        title: 'answer',
        canFail: false,
        isWrite: false,
        execute: () => this.#here.deliver(this, set),
        describe: () => `${outcome}${this.cookieSet === undefined ? '' : ' +cookie'}`,
      });
    }
    this.told = error instanceof SessionError && error.code === 'ERR_SESSION_UNKNOWN' ? 'unknown' : outcome;
  }

  #note(session: Session): void {
    this.session = session;
    this.found = visitOf('session', session).found?.state;
    if (this.found === undefined) return;
    const isLive = this.found === 'live';
    this.family = isLive ? String(session.get('family')) : `f${this.plan.cookie}`;
    this.subject = session.subject;
    this.login = isLive && session.subject !== undefined ? String(session.get('login')) : undefined;
  }

  async #do(act: Act, session: Session): Promise<void> {
    const { name } = this;
    switch (act) {
      case 'read':
      case 'late':
        break;
      case 'write':
        session.update('log', (log: readonly string[] = []) => [...log, name]);
        session.addFlash(name);
        this.#wrote(session);
        break;
      case 'grow':
        session.set('big', 'x'.repeat(5_000));
        this.#wrote(session);
        break;
      case 'regenerate':
        await session.regenerate();
        this.isMoving = true;
        break;
      case 'logout':
        session.logout();
        this.isEnding = true;
        break;
      case 'login':
        await twice(() => this.#login(session));
        break;
      case 'all':
      case 'except':
        await this.#revokeAll(session, act === 'except');
        break;
      default:
        await this.#revoke(act === 'revoke:a' ? { id: this.#here.ids.a, family: 'fa' } : undefined);
    }
  }

  #wrote(session: Session): void {
    this.hasWritten = true;
    if (session.isNew && !this.hasLoggedIn) session.set('family', (this.family ??= `f${this.name}`));
  }

  async #login(session: Session): Promise<void> {
    const { name } = this;
    const login = `L${name}`;
    const { ends, subject } = this.#here;
    ends.loginBegins(login);
    this.actor.onCall = () => ends.loginReads(login);
    await session.login(subject);
    this.actor.onCall = undefined;
    const isNew = visitOf('session', session).found === undefined; // also one whose session has ended by now
    if (isNew) this.family = `f${name}`; // in a cookie store the old cookie leads to the new one, so it is one session
    if (isNew) this.found = undefined;
    session.set('family', this.family);
    session.set('login', login);
    this.login = login;
    this.hasLoggedIn = true;
    this.isMoving = true;
  }

  async #revokeAll(session: Session, isExcept: boolean): Promise<void> {
    const { subject } = this.#here;
    let end: End | undefined;
    const { family } = this;
    const spared = () => (isExcept && this.#here.hasSpared(this) ? family : undefined);
    await twice(async () => {
      this.actor.onCall = () => (end ??= this.#begin({ subject, spared }));
      await this.#here.store(this).revokeAll(subject, isExcept ? { except: session } : {});
      this.actor.onCall = undefined;
    });
    if (end === undefined) return;
    const isSpared = spared() !== undefined;
    end.isAcknowledged = true;
    if (isSpared) {
      this.isMoving = true;
      this.isExcepted = true;
    } else if (this.subject === subject) {
      this.isDead = true;
      if (!this.hasLoggedIn && !this.#here.keepsEnded) {
        this.found = undefined;
        this.family = undefined;
      }
    }
  }

  async #revoke(known: { id: string; family: string | undefined } | undefined): Promise<void> {
    let revoked = known;
    await Turnstile.step({
      title: 'look for an id',
      canFail: false,
      isWrite: false,
      execute: () => void (revoked ??= this.#here.moved()),
      describe: () => (revoked === undefined ? 'none' : 'found'),
    });
    const { id, family } = revoked ?? {};
    if (id === undefined) return;
    let end: End | undefined;
    await twice(async () => {
      this.actor.onCall = () => {
        this.actor.onCall = undefined; // by the second call it may have ended
        if (this.#here.canBeEnded(id)) end ??= this.#begin({ family });
      };
      await this.#here.store(this).revoke(id);
    });
    if (end !== undefined) end.isAcknowledged = true;
  }

  #begin(what: { family?: string | undefined; subject?: string; spared?: () => string | undefined }): End {
    return this.#here.ends.begin(this.name, what);
  }
}

async function twice<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch {
    return await action();
  }
}
