/** One state of the model: what the backend has, where each request is, what the browsers have. A step leads to the next state. */
import { Ends } from '../ends.ts';
import type { Opened, Openings, Run } from '../promises.ts';
import type { RequestPlan } from '../requests.ts';
import { formatCookie, markOf, parseCookie } from './cookie.ts';
import { counts, NUMBER, numberOf } from './numbers.ts';
import { ModelRequest, SUBJECT } from './request.ts';
import type { Rules } from './rules.ts';
import { BackendFault, type Row, type Step } from './steps.ts';

/** What is explored. */
export interface ModelScenario {
  readonly requests: readonly RequestPlan[];
  /** Whether session `a` has logged in. */
  readonly isAnonymous: boolean;
  /** How many things may go wrong. */
  readonly faults: 0 | 1;
}

type Fault = '' | 'crash' | 'lost' | 'failed' | 'late';

/** Who takes a step, and what goes wrong with it. -1: a call that failed arrives after all. */
export type Choice = readonly [at: number, fault: Fault];

export class ModelWorld implements Run {
  readonly subject = SUBJECT;
  readonly isAnonymous: boolean;
  readonly isServer: boolean;
  readonly ends: Ends = new Ends();
  readonly requests: readonly ModelRequest[];
  readonly held: string[];
  /** The schedule so far, for people. */
  readonly steps: string[] = [];
  readonly #rules: Rules;
  readonly #rows = new Map<string, Row>();
  readonly #listed: string[] = [];
  readonly #jar = new Map<string, string>();
  /** The step that each request wants to take. */
  readonly #next: (Step | undefined)[];
  /** What each request has seen: this says where it is. */
  readonly #seen: unknown[][];
  #late: { readonly step: Step; readonly request: ModelRequest } | undefined;
  #faults: number;

  constructor({ requests, isAnonymous, faults }: ModelScenario, rules: Rules) {
    this.isAnonymous = isAnonymous;
    this.isServer = rules.store === 'server';
    this.#rules = rules;
    this.#faults = faults;
    const a = this.#seed('a', isAnonymous ? undefined : SUBJECT);
    const b = this.#seed('b', SUBJECT);
    this.held = [a, b];
    this.#jar.set('v', a).set('w', b);
    this.requests = requests.map((plan, at) => {
      const header = plan.cookie === 'a' ? a : plan.cookie === 'b' ? b : undefined;
      return new ModelRequest('ABC'.charAt(at), plan, header, rules, this.ends);
    });
    this.#seen = requests.map(() => []);
    this.#next = requests.map(() => undefined);
    for (const at of requests.keys()) this.#advance(at, 'next', undefined);
  }

  get present(): string | undefined {
    return this.#jar.get('v');
  }

  isStanding(id: string): boolean {
    return this.#rows.get(id)?.state === 'live';
  }

  choices(): Choice[] {
    const choices: Choice[] = [];
    for (const [at, step] of this.#next.entries()) {
      if (step === undefined) continue;
      choices.push([at, '']);
      if (this.#faults === 0) continue;
      choices.push([at, 'crash']);
      if (step.op === 'answer' || step.op === 'note') continue;
      choices.push([at, 'lost'], [at, 'failed']);
      if (step.op === 'set' || step.op === 'delete') choices.push([at, 'late']);
    }
    if (this.#late !== undefined) choices.push([-1, '']);
    return choices;
  }

  take([at, fault]: Choice): void {
    if (at < 0) {
      this.#arrive();
      return;
    }
    const request = this.requests[at];
    const step = this.#next[at];
    if (request === undefined || step === undefined) throw new Error('There is no such step');
    const seen = this.#seen[at] ?? [];
    if (fault !== '') this.#faults = 0;
    if (fault === 'crash') {
      this.#next[at] = undefined;
      request.outcome = 'crashed';
      seen.push('crash');
      this.steps.push(`${request.name} crashes`);
    } else if (fault === 'failed' || fault === 'late') {
      if (fault === 'late') this.#late = { step, request };
      seen.push(fault);
      this.steps.push(`${request.name} ${step.op} ${step.key} fails${fault === 'late' ? ', and arrives late' : ''}`);
      this.#advance(at, 'throw', new BackendFault());
    } else {
      if ('note' in step) step.note?.();
      const result = this.#apply(step, request);
      this.steps.push(`${request.name} ${this.#describe(step, result)}${fault === 'lost' ? ' (answer lost)' : ''}`);
      seen.push(fault === 'lost' ? 'lost' : summary(result));
      if (fault === 'lost') this.#advance(at, 'throw', new BackendFault());
      else this.#advance(at, 'next', result);
    }
  }

  /** Where everything is, so that two ways to the same place are followed once. */
  get state(): string {
    const rows = [...this.#rows].map(([key, { version }]) => `${key} ${version}`).sort();
    const requests = this.requests.map(({ outcome, pointedTo }, at) => [this.#seen[at], outcome, pointedTo]);
    return JSON.stringify([rows, this.#late?.step, this.#listed, this.ends.state, [...this.#jar], this.held, requests]);
  }

  openings(): Openings {
    return new Map(this.held.map((cookie) => [cookie, this.isServer ? this.#open(cookie) : this.#openCookie(cookie)]));
  }

  /** A call that failed is carried out after all. */
  #arrive(): void {
    if (this.#late === undefined) throw new Error('Nothing is late');
    const { step, request } = this.#late;
    this.#late = undefined;
    const result = this.#apply(step, request);
    this.steps.push(`(late) ${request.name} ${this.#describe(step, result)}`);
  }

  #seed(id: 'a' | 'b', subject: string | undefined): string {
    const stamp = this.#rules.mistakes.has('numberIsClock') ? 3 : 0; // a time between those of the two machines
    const record = { id, family: `f${id}`, subject, login: subject && 'L0', log: [], stamp };
    if (!this.isServer) return formatCookie(record);
    const { family, login, log } = record;
    this.#rows.set(id, { state: 'live', version: `${id}0`, family, subject, login, log });
    if (subject !== undefined) this.#listed.push(id);
    return id;
  }

  #advance(at: number, how: 'next' | 'throw', value: unknown): void {
    const request = this.requests[at];
    if (request === undefined) return;
    this.#next[at] = undefined;
    try {
      const result = how === 'next' ? request.steps.next(value) : request.steps.throw(value);
      if (result.done === true) request.outcome = result.value;
      else this.#next[at] = result.value;
    } catch (error) {
      if (!(error instanceof BackendFault)) throw error;
      request.outcome = 'failed';
    }
    if (this.#rules.answersAtOnce && this.#next[at]?.op === 'answer') {
      this.#apply(this.#next[at], request);
      this.#advance(at, 'next', undefined);
    }
  }

  #apply(step: Step, request: ModelRequest): unknown {
    const current = this.#rows.get(step.key);
    switch (step.op) {
      case 'get':
        return current;
      case 'set': {
        const { key, row, over } = step;
        if (over !== undefined && current?.version !== (over ?? undefined)) return false;
        this.#rows.set(key, row);
        if (row.state === 'moved') request.pointedTo = row.to;
        return true;
      }
      case 'delete':
        if (current === undefined || (step.over !== undefined && current.version !== step.over)) return false;
        return this.#rows.delete(step.key);
      case 'enlist':
        if (!this.#listed.includes(step.id)) this.#listed.push(step.id);
        return undefined;
      case 'list':
        if (this.#rules.index !== 'with') return [...this.#listed];
        return [...this.#rows].flatMap(([id, { subject }]) => (subject === step.key ? [id] : [])).sort();
      case 'answer':
        if (step.key !== '') {
          request.cookieSet = step.key;
          this.held.push(step.key);
          this.#jar.set(request.browser, step.key);
        }
        return undefined;
      default:
        return undefined;
    }
  }

  #open(id: string): Opened | undefined {
    const row = this.#rows.get(id);
    if (row?.state !== 'live') return undefined;
    return { family: row.family, subject: row.subject, login: row.login, log: row.log ?? [] };
  }

  #openCookie(cookie: string): Opened | undefined {
    const { id, family, subject, login, stamp, log } = parseCookie(cookie);
    if (this.#rows.has(markOf(id))) return undefined;
    if (subject !== undefined && !counts(numberOf(this.#rows.get(NUMBER)), stamp, family)) return undefined;
    return { family, subject, login, log };
  }

  #describe(step: Step, result: unknown): string {
    if (step.op === 'set') return `set ${step.key} = ${nameOf(step.row)}${result === true ? '' : ' ✗'}`;
    if (step.op === 'get') return `get ${step.key}: ${nameOf(this.#rows.get(step.key))}`;
    if (step.op === 'list') return `list: ${String(result)}`;
    if (step.op === 'answer') return step.key === '' ? 'answers' : 'answers with a cookie';
    return `${step.op} ${'id' in step ? step.id : step.key}`;
  }
}

function nameOf(row: Row | undefined): string {
  if (row === undefined) return '–';
  return row.to === undefined ? String(row.number?.n ?? row.state) : `→ ${row.to}`;
}

function summary(result: unknown): unknown {
  return typeof result === 'object' && result !== null && 'version' in result ? result.version : (result ?? '–');
}
