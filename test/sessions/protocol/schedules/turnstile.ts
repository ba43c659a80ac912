/** Requests that run at the same time -> one step at a time. A step is one call of a backend; the caller of `take` chooses whose is next. */
import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Who goes next, and what goes wrong with the call: `A`, `A crash` (before it), `A lost` (it is done, and the answer is lost), `A failed`, `A late` (it fails,
 * and is done some time later). `arrives`: the call that is late is done.
 */
export type Choice = string;

interface Call {
  /** For people who read a schedule, and for comparing states. */
  readonly title: string;
  readonly canFail: boolean;
  /** Whether it changes anything, so that it matters when it arrives. */
  readonly isWrite: boolean;
  execute(): unknown;
  describe(result: unknown): string;
}

interface Pending extends Call {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** One request. */
export class Actor {
  readonly name: string;
  /** What it has seen: with deterministic code this says where it is. */
  readonly seen: string[] = [];
  pending: Pending | undefined;
  isDone = false;
  isCrashed = false;
  /** What is to be noted at the moment at which a call of it is carried out. */
  onCall: (() => void) | undefined;

  constructor(name: string) {
    this.name = name;
  }
}

const current = new AsyncLocalStorage<{ actor: Actor; turnstile: Turnstile }>();

export class Turnstile {
  readonly actors: Actor[] = [];
  /** The schedule so far, for people. */
  readonly steps: string[] = [];
  readonly #crashed: Pending[] = [];
  #faults: number;
  #isAbandoned = false;
  #late: Pending | undefined;
  /** What a request threw that it should not have thrown. */
  error: unknown;

  /** @param faults how many things may go wrong. */
  constructor(faults: number) {
    this.#faults = faults;
  }

  /** Starts a request. It runs until its first call. */
  async start(actor: Actor, action: () => Promise<void>): Promise<void> {
    this.actors.push(actor);
    current.run({ actor, turnstile: this }, () => {
      action().then(
        () => (actor.isDone = true),
        (error: unknown) => {
          actor.isDone = true;
          this.error ??= error;
        },
      );
    });
    await settle();
  }

  /** What can happen next. @param canCrash whether a request may vanish, as one of a process that is killed. */
  choices(canCrash: boolean): Choice[] {
    const choices: Choice[] = [];
    for (const { name, pending } of this.actors) {
      if (pending !== undefined) choices.push(name);
    }
    if (this.#late !== undefined) choices.push('arrives');
    if (this.#faults === 0) return choices;
    for (const { name, pending } of this.actors) {
      if (pending === undefined) continue;
      if (canCrash) choices.push(`${name} crash`);
      if (pending.canFail) choices.push(`${name} lost`, `${name} failed`);
      if (pending.canFail && pending.isWrite) choices.push(`${name} late`);
    }
    return choices;
  }

  /** Requests that wait for each other, and will for ever. */
  get isStuck(): boolean {
    return this.actors.some(({ pending, isDone, isCrashed }) => pending === undefined && !isDone && !isCrashed);
  }

  /** What is to come of calls that are under way, for comparing states. */
  get state(): unknown {
    return [this.#late?.title, this.actors.map(({ seen, isDone, pending }) => [seen, isDone, pending?.title])];
  }

  async take(choice: Choice): Promise<void> {
    if (choice === 'arrives') {
      const late = this.#late;
      this.#late = undefined;
      const result = await late?.execute();
      this.steps.push(`(late) ${late?.title} ${late?.describe(result)}`);
      return;
    }
    const [name, fault] = choice.split(' ');
    const actor = this.actors.find((one) => one.name === name);
    const call = actor?.pending;
    if (actor === undefined || call === undefined) throw new Error(`There is no step ${choice}`);
    if (fault !== undefined) this.#faults--;
    actor.pending = undefined;
    if (fault === 'crash') {
      actor.isCrashed = true;
      this.#crashed.push(call);
      actor.seen.push('crash');
      this.steps.push(`${name} crashes before ${call.title}`);
      return;
    }
    if (fault === 'failed' || fault === 'late') {
      if (fault === 'late') this.#late = call;
      this.steps.push(`${name} ${call.title} FAILS${fault === 'late' ? ', and arrives later' : ''}`);
      actor.seen.push(fault);
      call.reject(new Error('this call was made to fail'));
    } else {
      actor.onCall?.();
      const result = await call.execute();
      const what = current.run({ actor, turnstile: this }, () => `${call.title} ${call.describe(result)}`);
      this.steps.push(`${name} ${what}${fault ? ' (answer LOST)' : ''}`);
      actor.seen.push(fault ?? what);
      if (fault === undefined) call.resolve(result);
      else call.reject(new Error('the answer of this call was lost'));
    }
    await settle();
    for (const one of this.actors) {
      if (one.pending === undefined && !one.isDone && !one.isCrashed && one.seen.at(-1) !== 'waits')
        one.seen.push('waits');
    }
  }

  /** Ends what is left of the requests: from now on every call fails. What they hold in their process is free again. */
  async abandon(): Promise<void> {
    this.#isAbandoned = true;
    for (const call of this.#crashed) call.reject(new Error('abandoned'));
    for (const actor of this.actors) actor.pending?.reject(new Error('abandoned'));
    await settle();
    if (this.actors.some(({ isDone }) => !isDone)) throw new Error('A request waits for what never comes');
  }

  /** Waits for the turn of the request that calls this. */
  static async step<T>(call: Omit<Call, 'execute'> & { execute(): T | Promise<T> }): Promise<T> {
    const here = current.getStore();
    if (here === undefined) return await call.execute();
    const { actor, turnstile } = here;
    if (turnstile.#isAbandoned) throw new Error('abandoned');
    const result = await new Promise<unknown>((resolve, reject) => {
      if (actor.pending !== undefined) throw new Error(`${actor.name} makes two calls at once`);
      actor.pending = { ...call, resolve, reject };
    });
    return result as T; // trust boundary: `take` resolves with what `execute` returned
  }

  /** The request that calls this. */
  static get actor(): Actor | undefined {
    return current.getStore()?.actor;
  }
}

/** Lets everything run that does not wait for a call. */
function settle(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
