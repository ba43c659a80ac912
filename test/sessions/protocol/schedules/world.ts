/** One run: a store with the sessions `a` and `b`, requests that overlap, the visitors' cookies, and what opens in the end. */
import type { Backend, SetOptions } from '../../../../packages/sessions/src/backends/backend.ts';
import { memory } from '../../../../packages/sessions/src/backends/memory.ts';
import { scopeOf } from '../../../../packages/sessions/src/store/scope.ts';
import type { Store } from '../../../../packages/sessions/src/store/store.ts';
import { visitOf } from '../../../../packages/sessions/src/store/visit.ts';
import { Ends } from '../ends.ts';
import type { Opened, Openings, Run } from '../promises.ts';
import type { RequestPlan } from '../requests.ts';
import { GatedBackend, type Index, Names } from './gated.ts';
import type { Kind } from './kinds.ts';
import { Actor, Turnstile } from './turnstile.ts';
import { type DeliveredCookie, NAME, type Surroundings, Visitor } from './visitor.ts';

/** What is explored. */
export interface Scenario {
  readonly kind: Kind;
  readonly requests: readonly RequestPlan[];
  /** Whether session `a` has logged in. */
  readonly isAnonymous: boolean;
  /** Whether so much time has passed that each visit renews its session. */
  readonly isOld: boolean;
  /** Whether each request is on a server of its own. Otherwise one process has them all. */
  readonly isSpread: boolean;
  readonly faults: 0 | 1;
  readonly index: Index;
}

/** The sessions that are there before, and how they got into a backend. */
export interface Seeds {
  readonly subject: string;
  readonly headers: { readonly a: string; readonly b: string };
  readonly ids: { readonly a: string; readonly b: string };
  readonly writes: readonly { id: string; data: Uint8Array; options: SetOptions }[];
}

/** Now: the servers of real backends have clocks of their own. */
const START: number = Math.floor(Date.now() / 1000);

export async function makeSeeds({ kind, isAnonymous }: Scenario, inProcess: boolean, subject = 'ada'): Promise<Seeds> {
  const writes: Seeds['writes'][number][] = [];
  const recording = (): Backend => {
    const kept = memory({ now: () => START });
    return {
      cas: 'atomic',
      inProcess,
      get: (id) => kept.get(id),
      delete: (id) => kept.delete(id),
      set(id, data, options) {
        writes.push({ id, data, options });
        return kept.set(id, data, options);
      },
    };
  };
  const store = kind.open([recording(), recording()].slice(0, kind.backends), () => START);
  const make = async (family: string, who: string | undefined) => {
    const request = { headers: {} };
    const session = await store.get(request, NAME);
    if (who !== undefined) await session.login(who);
    session.set('family', family).set('login', 'L0').set('log', []);
    const { cookies } = await scopeOf(request).commit();
    return { id: session.id, header: `${cookies[0]?.name}=${cookies[0]?.value}` };
  };
  const a = await make('fa', isAnonymous ? undefined : subject);
  const b = await make('fb', subject);
  return { subject, headers: { a: a.header, b: b.header }, ids: { a: a.id, b: b.id }, writes };
}

/** The servers of a scenario. They serve one run after the other, because they take long to make. */
export class Servers {
  /** One for each request, or the same for all. */
  readonly stores: readonly Store[];
  /** Sees what the others have left. */
  readonly judge: Store;
  backends: readonly Backend[] = [];
  now = START;

  constructor({ kind, requests, isSpread }: Scenario, inProcess: boolean) {
    const open = (server: number) =>
      kind.open(
        Array.from({ length: kind.backends }, (_, at) => this.#present(at, kind, inProcess)),
        () => this.now,
        server,
      );
    const shared = open(0);
    this.stores = requests.map((_, at) => (isSpread ? open(at) : shared));
    this.judge = open(0);
  }

  /** Stands for the backend of the present run. */
  #present(at: number, { canList }: Kind, inProcess: boolean): Backend {
    const backend = () => this.backends[at] as Backend; // there are as many as the kind takes
    return {
      cas: 'atomic',
      inProcess,
      get: (id) => backend().get(id),
      set: (id, data, options) => backend().set(id, data, options),
      delete: (id) => backend().delete(id),
      ...(canList && { list: (subject: string) => backend().list?.(subject) ?? nothing() }),
    };
  }
}

async function* nothing(): AsyncGenerator<never> {}

export class World implements Surroundings, Run {
  readonly scenario: Scenario;
  readonly seeds: Seeds;
  readonly ends: Ends = new Ends();
  readonly turnstile: Turnstile;
  readonly backends: readonly GatedBackend[];
  requests: readonly Visitor[] = [];
  /** The Cookie headers that anybody has ever had. */
  readonly held: string[];
  /** What the browsers have now. */
  readonly jar: Map<string, string | undefined> = new Map();
  readonly #servers: Servers;
  readonly #names = new Names();

  constructor(scenario: Scenario, servers: Servers, seeds: Seeds, backends: readonly Backend[]) {
    this.scenario = scenario;
    this.seeds = seeds;
    this.#servers = servers;
    const { index, isOld } = scenario;
    this.#names.give(seeds.ids.a, 'a');
    this.#names.give(seeds.ids.b, 'b');
    this.turnstile = new Turnstile(scenario.faults);
    this.backends = backends.map((one) => new GatedBackend(one, this.#names, { index }));
    servers.backends = this.backends;
    servers.now = START + (isOld ? 200 : 10);
    this.held = [seeds.headers.a, seeds.headers.b];
    this.jar.set('v', seeds.headers.a).set('w', seeds.headers.b);
  }

  /** Puts the sessions into the backend and starts the requests. */
  async start(): Promise<void> {
    for (const { id, data, options } of this.seeds.writes) {
      await this.backends[0]?.set(id, data, options); // a seed of a cookie store makes none
    }
    this.requests = this.scenario.requests.map((plan, at) => {
      const header = plan.cookie && this.seeds.headers[plan.cookie];
      return new Visitor(this, new Actor('ABC'.charAt(at)), plan, header);
    });
    for (const visitor of this.requests) await this.turnstile.start(visitor.actor, () => visitor.run());
  }

  get isAnonymous(): boolean {
    return this.scenario.isAnonymous;
  }

  get isServer(): boolean {
    return this.scenario.kind.isServer;
  }

  get present(): string | undefined {
    return this.jar.get('v');
  }

  get subject(): string {
    return this.seeds.subject;
  }

  get ids(): Seeds['ids'] {
    return this.seeds.ids;
  }

  get answersAtOnce(): boolean {
    return this.scenario.kind.answersAtOnce;
  }

  get keepsEnded(): boolean {
    return !this.isServer;
  }

  store(visitor: Visitor): Store {
    return this.#servers.stores[this.requests.indexOf(visitor)] as Store; // there is one for each request
  }

  moved(): { id: string; family: string | undefined } | undefined {
    const [first] = this.requests;
    if (first?.session === undefined || !first.isMoving) return undefined;
    const { id } = first.session;
    const isKnown = this.isServer ? this.#headOf(id) !== undefined : first.cookieSet !== undefined;
    return isKnown ? { id, family: first.family } : undefined;
  }

  canBeEnded(id: string): boolean {
    const state = this.#headOf(id)?.state;
    return !this.isServer || state === 'live' || state === 'moved';
  }

  hasSpared({ actor }: Visitor): boolean {
    return this.backends.some(({ spares }) => spares.get(actor.name) === true);
  }

  deliver(visitor: Visitor, cookies: readonly DeliveredCookie[]): void {
    const set = cookies.filter(({ isDeletion }) => !isDeletion).map(({ name, value }) => `${name}=${value}`);
    if (set.length > 0) {
      const header = set.join('; ');
      visitor.cookieSet = header;
      this.held.push(header);
      this.jar.set(visitor.browser, header);
    } else if (cookies.length > 0) this.jar.set(visitor.browser, undefined);
  }

  /** The id to which a request has turned its old session into a pointer. */
  pointed({ actor }: Visitor): string | undefined {
    for (const { known } of this.backends) {
      for (const { head, by } of known.values()) if (head?.state === 'moved' && by === actor.name) return head.to;
    }
    return undefined;
  }

  /** Whether a backend has a live session under this id. */
  isStanding(id: string): boolean {
    return this.#headOf(id)?.state === 'live';
  }

  /** What fresh requests would find, by their cookies. */
  async openings(): Promise<Openings> {
    const openings = new Map<string, Opened | undefined>();
    for (const cookie of this.held) openings.set(cookie, await this.#open(cookie));
    return openings;
  }

  /** Lets time pass. */
  pass(seconds: number): void {
    this.#servers.now += seconds;
  }

  /** Where everything is, so that two runs that are at the same place need not both go on. */
  get state(): string {
    const names = (header: string | undefined) => (header === undefined ? undefined : this.held.indexOf(header));
    return JSON.stringify([
      this.backends.map(({ state }) => state),
      this.turnstile.state,
      this.ends.state,
      this.held.length,
      [...this.jar.values()].map(names),
      this.requests.map(({ outcome, cookieSet }) => [outcome, names(cookieSet)]),
    ]);
  }

  async #open(cookie: string): Promise<Opened | undefined> {
    const session = await this.#servers.judge.get({ headers: { cookie } }, NAME);
    if (visitOf('session', session).found?.state !== 'live') return undefined;
    return {
      family: String(session.get('family')),
      subject: session.subject,
      login: session.subject === undefined ? undefined : String(session.get('login')),
      log: session.get('log') as readonly string[], // trust boundary: only our own requests have written it
      flashes: session.peekFlashes(),
    };
  }

  #headOf(id: string) {
    return this.backends.map(({ known }) => known.get(id)?.head).find((head) => head !== undefined);
  }
}
