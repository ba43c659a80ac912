/** A visitor's browser, and servers whose clocks do not agree: one request after the other, and what came of each. */
import { memory } from '../../../../packages/sessions/src/backends/memory.ts';
import type { Session } from '../../../../packages/sessions/src/session/session.ts';
import { inScope } from '../../../../packages/sessions/src/store/scope.ts';
import type { Store } from '../../../../packages/sessions/src/store/store.ts';
import type { Kind } from '../schedules/kinds.ts';
import { NAME } from '../schedules/visitor.ts';

/** Several servers on one backend. */
export class Cluster {
  /** Seconds by which the clock of each server is ahead. */
  readonly skews: number[];
  readonly stores: readonly Store[];
  now: number;

  constructor(kind: Kind, start: number, skews: readonly number[]) {
    this.now = start;
    this.skews = [...skews];
    const backends = Array.from({ length: kind.backends }, () => memory({ now: () => this.now }));
    this.stores = skews.map((_, at) => kind.open(backends, () => this.now + (this.skews[at] ?? 0), at));
  }

  store(at: number): Store {
    const store = this.stores[at];
    if (store === undefined) throw new Error(`There is no server ${at}`);
    return store;
  }
}

/** What a request has found, and what became of it. The same words for both kinds of store. */
export interface Visit {
  readonly found: string;
  readonly outcome: string;
}

export class Browser {
  cookie: string | undefined;
  /** Cookies of ids that its sessions had before they moved or ended. */
  readonly old: string[] = [];

  constructor(cookie?: string) {
    this.cookie = cookie;
  }

  /** One request. */
  async visit(store: Store, handle: (session: Session) => unknown = () => {}): Promise<Visit> {
    const { cookie } = this;
    const request = { headers: cookie === undefined ? {} : { cookie } };
    return await inScope(request, async (scope) => {
      const session = await store.get(request, NAME);
      const found = session.isNew ? 'none' : `${session.subject ?? 'anonymous'} ${String(session.get('log') ?? '')}`;
      const before = session.id;
      await handle(session);
      const { cookies, sessions } = await scope.commit();
      const [set] = cookies;
      const isSame = session.id === before && set?.maxAge !== 0;
      if (set !== undefined) this.#keep(set.maxAge === 0 ? undefined : `${set.name}=${set.value}`, isSame);
      return { found, outcome: sessions[0]?.outcome ?? 'none' };
    });
  }

  /** A request that takes long. @param meanwhile what happens after it has begun, in other requests. */
  async visitDuring(store: Store, meanwhile: () => unknown, handle: (session: Session) => unknown): Promise<Visit> {
    let loaded = () => {};
    let goOn = () => {};
    const isLoaded = new Promise<void>((resolve) => (loaded = resolve));
    const mayGoOn = new Promise<void>((resolve) => (goOn = resolve));
    const visit = this.visit(store, async (session) => {
      loaded();
      await mayGoOn;
      await handle(session);
    });
    await isLoaded;
    await meanwhile();
    goOn();
    return await visit;
  }

  #keep(cookie: string | undefined, isSame: boolean): void {
    if (this.cookie !== undefined && !isSame) this.old.push(this.cookie);
    this.cookie = cookie;
  }
}

/** Adds one entry to what a session remembers. */
export function note(session: Session, entry: string): void {
  session.update('log', (log: readonly string[] = []) => [...log, entry]);
}
