/** One object that a property of the request holds: the session as long as it is there, and from then on what the session had in it. */

import { answer } from '../../backends/express-session/callbacks.ts';
import { SessionError } from '../../error.ts';
import type { Session } from '../../session/session.ts';
import type { Visit } from '../../store/visit.ts';
import { LiveCookie } from './cookie.ts';
import { createFacade, type Shown, type Values } from './facade.ts';
import type { RequestSession } from './types.ts';

export type Callback = ((error?: unknown) => void) | undefined;

/** The property. */
export interface Owner {
  /** The session as the request has it now. */
  readonly visit: Visit;
  /** Whether a save is under way: the session takes no changes then. */
  readonly isBusy: boolean;
  save(callback: Callback): Promise<void>;
  regenerate(callback: Callback): Promise<void>;
  destroy(callback: Callback): Promise<void>;
  reload(callback: Callback): Promise<void>;
}

/** What is left in an object that the request has another for, or none. */
export type Detached = Pick<Shown, 'id' | 'cookie'> & { readonly values: ReadonlyMap<string, unknown> };

/** One object in the property: as long as it is there it shows the session, and from then on what the session had in it. */
export class Live implements Shown, Values {
  readonly #property: Owner;
  readonly facade: RequestSession;
  readonly #cookie: LiveCookie;
  /** Assignments that the session cannot take now: a save is under way, or the response is sent. */
  readonly #late = new Map<string, unknown>();
  #detached: Detached | undefined;

  constructor(property: Owner) {
    this.#property = property;
    this.#cookie = new LiveCookie(() => property.visit);
    this.facade = createFacade(this);
  }

  get values(): Values {
    return this;
  }

  get methods(): Shown['methods'] {
    const property = this.#property;
    const own = (action: (callback: Callback) => Promise<void>) => (callback?: Callback) => {
      if (this.#detached === undefined) return action(callback);
      return answer<void>(Promise.reject(gone(property.visit.named.name, 'change')), callback, ignore);
    };
    return {
      save: own((callback) => property.save(callback)),
      regenerate: own((callback) => property.regenerate(callback)),
      destroy: own((callback) => property.destroy(callback)),
      reload: own((callback) => property.reload(callback)),
    };
  }

  get id(): string {
    return this.#detached?.id ?? this.#property.visit.draft.id;
  }

  get cookie(): LiveCookie | (Shown['cookie'] & { readonly isOver?: boolean }) {
    return this.#detached?.cookie ?? this.#cookie;
  }

  setCookie(cookie: unknown): void {
    if (cookie !== this.cookie) this.#cookie.assign(cookie);
  }

  get(name: string): unknown {
    if (this.#detached !== undefined) return this.#detached.values.get(name);
    return this.#late.has(name) ? this.#late.get(name) : this.#session.get(name);
  }

  has(name: string): boolean {
    if (this.#detached !== undefined) return this.#detached.values.has(name);
    return this.#late.has(name) ? this.#late.get(name) !== undefined : this.#session.has(name);
  }

  assign(name: string, value: unknown): void {
    const { named, draft } = this.#property.visit;
    if (this.#detached !== undefined) throw gone(named.name, 'change');
    if (this.#property.isBusy) this.#late.set(name, value);
    else if (draft.isOpen) this.#assignNow(name, value);
    else {
      this.#late.set(name, value); // where express-session forgets it, an error thrown could end the process
      named.onLoss();
    }
  }

  names(): readonly string[] {
    if (this.#detached !== undefined) return [...this.#detached.values.keys()];
    const names = [...this.#session.keys()].filter((name) => typeof name === 'string');
    return [...new Set([...names, ...this.#late.keys()])].filter((name) => this.has(name));
  }

  /** Whether there is something that the session did not take. */
  get isLate(): boolean {
    return this.#late.size > 0;
  }

  /** After a save: what was assigned meanwhile. */
  catchUp(): void {
    const late = [...this.#late];
    this.#late.clear();
    for (const [name, value] of late) this.assign(name, value);
  }

  detached(): Detached {
    const values = new Map(this.names().map((name) => [name, this.get(name)]));
    return { id: this.id, cookie: this.#cookie.data, values };
  }

  detach(detached: Detached): void {
    this.#detached = detached;
  }

  /** What is there already stays, as changes in place are found in any case. An object is asked for again, so that they are. */
  #assignNow(name: string, value: unknown): void {
    if (value === undefined) this.#session.delete(name);
    else if (!this.#session.has(name) || !Object.is(this.#session.get(name), value)) {
      this.#session.set(name, value);
      this.#session.get(name);
    }
  }

  get #session(): Session {
    return this.#property.visit.session;
  }
}

function ignore(): void {}

export function gone(name: string, verb: 'load' | 'set' | 'change'): SessionError {
  const why = verb === 'load' ? 'there is none any more' : 'it was destroyed, regenerated or loaded again';
  return new SessionError('ERR_SESSION_DESTROYED', `Cannot ${verb} session "${name}": ${why}`);
}
