/** What the views share: keys, name, clock, classes and what is being looked at. All of it lives in this object and nowhere else. */
import type { Mode, Secret, TypeRegistry } from '@sealring/codec';
import type { Explanation, PastedCookie, SessionView } from '@sealring/inspect';
import { cookiePurpose } from '@sealring/wire';
import { type Key, Keyring } from './keys/keyring.ts';
import { type ClassTypes, readClassTypes } from './types/class-types.ts';
import { type Dictionary, readDictionary } from './types/dictionary.ts';

export const VIEW_NAMES = ['open', 'seal', 'rotate', 'header'] as const;
export type ViewName = (typeof VIEW_NAMES)[number];

/** One of the page's views, made by its `createXView(root, workspace)`. */
export interface View {
  /** It has come to the front; whatever changed meanwhile should be on the page when this returns. */
  show(): void;
  /** Drops what it keeps of keys and values beside the workspace; the workspace itself is empty by then. */
  forget(): void;
}

/** What is typed into the shared fields. */
export interface Fields {
  /** The pasted text of the Open view: a value, a cookie line, a log line. */
  readonly input: string;
  /** Which of the cookies found in `input`, from 0; -1: the first that looks like a token. */
  readonly cookie: number;
  /** The cookie's name with its prefix; may be empty. */
  readonly name: string;
  /** Wins over `name`; empty: `sealring:cookie:<name>`. */
  readonly purpose: string;
  readonly context: string;
  /** Seconds since the epoch; undefined: the present. */
  readonly clock: number | undefined;
  /** Seconds for which a token is good; undefined: for ever. */
  readonly maxAge: number | undefined;
  /** A line for each class: `Person: firstName, lastName`. */
  readonly types: string;
  /** A name on each line. */
  readonly dictionary: string;
}

/** A cookie and what became of it. */
export interface Attempt {
  /** Of the token as it is looked at. */
  readonly explanation: Explanation;
  /** The same of what was pasted, all cookies in it included. */
  readonly pasted: Explanation;
  /** The one that is looked at, as it was pasted; undefined where the text is too long to be read. */
  readonly cookie: PastedCookie | undefined;
  /** The cookie's value as it was pasted, and as it is looked at: they differ where it was tampered with. */
  readonly original: string;
  readonly token: string;
  /** Of the cookie: from the field, else from what was pasted; may be empty. */
  readonly name: string;
  /** That the token is bound to: from the field, else what the session layer binds a split value to; may be empty. */
  readonly context: string;
}

/** What the Open view found out, for the panels beside it. */
export interface Shown {
  /** Undefined where nothing was pasted. */
  readonly attempt: Attempt | undefined;
  /** `row` of the key that opened it. */
  readonly openedBy: number | undefined;
}

/** Everything that can change, as it is at one moment. */
export interface State extends Fields {
  /** The first seals, all open. Never empty on the page: an empty row is a key with an empty text. */
  readonly keys: readonly Key[];
  readonly view: ViewName;
  readonly shown: Shown;
}

/** What one view gives another to go on with. Fields that are left out keep what they hold. */
export interface Handovers {
  readonly open: { readonly input: string } & Partial<Pick<Fields, 'name' | 'purpose' | 'context'>>;
  /** `session` where the value is the record of one: then `value` is that record as it was decoded. */
  readonly seal: { readonly value: unknown; readonly mode: Mode; readonly session: SessionView | undefined };
  readonly header: { readonly text: string };
}

type Receivers = { [V in keyof Handovers]?: (given: Handovers[V]) => void };
type Listener = (state: State, changed: ReadonlySet<keyof State>) => void;

const EMPTY: Fields = {
  input: '',
  cookie: -1,
  name: '',
  purpose: '',
  context: '',
  clock: undefined,
  maxAge: undefined,
  types: '',
  dictionary: '',
};

/** Of the year 9999: beyond it dates are written in another way, and beyond 275760 in none. */
export const LAST_SECOND: number = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000;

const NOTHING_SHOWN: Shown = { attempt: undefined, openedBy: undefined };

/** Tells its listeners of every change, at once and in the order in which they came. */
export class Workspace {
  /** Keys as rows: add, change, move, remove. A change there is a change of `state.keys`. */
  readonly keyring: Keyring = new Keyring(() => this.#tell(['keys']));
  readonly #listeners = new Set<Listener>();
  readonly #receivers: Receivers = {};
  #fields: Fields = EMPTY;
  #view: ViewName = 'open';
  #shown: Shown = NOTHING_SHOWN;
  #classTypes: ClassTypes = readClassTypes('');
  #dictionary: Dictionary = { names: [], problem: '' };
  #suggestedName = '';
  /** For the text that is there now. */
  #hasSuggested = false;

  get state(): State {
    return { ...this.#fields, keys: this.keyring.keys, view: this.#view, shown: this.#shown };
  }

  /** @returns a function that ends the subscription. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  set(given: Partial<Fields>): void {
    const fields = tidy(given);
    const changed = FIELD_NAMES.filter((name) => name in fields && fields[name] !== this.#fields[name]);
    if (changed.length === 0) return;
    this.#fields = { ...this.#fields, ...fields };
    if (changed.includes('input') || changed.includes('cookie')) this.#hasSuggested = false;
    if (changed.includes('dictionary')) this.#dictionary = readDictionary(this.#fields.dictionary);
    if (changed.includes('types')) this.#classTypes = readClassTypes(this.#fields.types);
    this.#tell(changed);
  }

  /** As `set`, of what nobody has typed here: a name that came in this way gives way to the next. */
  fill(fields: Partial<Fields>): void {
    this.#suggestedName = fields.name ?? this.#suggestedName;
    this.set(fields);
  }

  /** A name that was found: it goes into the field where nobody has typed another, and once only, so that it can be taken out. */
  suggestName(name: string): void {
    const { name: current } = this.#fields;
    if (name === '' || this.#hasSuggested || (current !== '' && current !== this.#suggestedName)) return;
    this.#hasSuggested = true;
    this.fill({ name });
  }

  /** What tokens are sealed and opened for; empty where neither name nor purpose is there. */
  get purpose(): string {
    const { purpose, name } = this.#fields;
    return purpose !== '' ? purpose : name === '' ? '' : cookiePurpose(name);
  }

  /** Seconds since the epoch: the set clock, or the present. */
  get now(): number {
    return this.#fields.clock ?? Math.floor(Date.now() / 1000);
  }

  /** The good keys in their order, none twice. The first seals. */
  get secrets(): readonly Secret[] {
    return this.keyring.keys.flatMap(({ secret }) => secret ?? []);
  }

  get classTypes(): ClassTypes {
    return this.#classTypes;
  }

  get types(): TypeRegistry {
    return this.#classTypes.registry;
  }

  get dictionary(): readonly string[] {
    return this.#dictionary.names;
  }

  /** Why the lines of the dictionary are none; empty where they are. */
  get dictionaryProblem(): string {
    return this.#dictionary.problem;
  }

  /** For the Open view alone. */
  setShown(shown: Shown): void {
    if (shown.attempt === this.#shown.attempt && shown.openedBy === this.#shown.openedBy) return;
    this.#shown = shown;
    this.#tell(['shown']);
  }

  showView(view: ViewName): void {
    if (view === this.#view) return;
    this.#view = view;
    this.#tell(['view']);
  }

  /** Gives a view something to go on with, and brings it to the front. */
  handover<V extends keyof Handovers>(view: V, given: Handovers[V]): void {
    this.#receivers[view]?.(given);
    this.showView(view);
  }

  /** For a view: what to do with what the others give it. */
  onHandover<V extends keyof Handovers>(view: V, receive: Receivers[V]): void {
    this.#receivers[view] = receive;
  }

  /** Keys gone from memory; what was pasted and typed otherwise stays. */
  forgetKeys(): void {
    this.keyring.clear();
  }

  /** Everything gone. */
  forget(): void {
    this.#suggestedName = '';
    this.set(EMPTY);
    this.forgetKeys();
  }

  #tell(changed: readonly (keyof State)[]): void {
    const { state } = this;
    const names = new Set(changed);
    for (const listener of [...this.#listeners]) listener(state, names);
  }
}

/** What nothing can be sealed for, or at, becomes what it can: half a character, and a time of no calendar. */
function tidy(fields: Partial<Fields>): Partial<Fields> {
  const texts = TEXT_NAMES.flatMap((name) => {
    const text = fields[name];
    return text === undefined ? [] : [[name, text.replace(/\p{Surrogate}/gu, '\ufffd')]];
  });
  const clock = fields.clock === undefined ? {} : { clock: Math.min(fields.clock, LAST_SECOND) };
  return { ...fields, ...Object.fromEntries(texts), ...clock };
}

const TEXT_NAMES = ['name', 'purpose', 'context'] as const satisfies readonly (keyof Fields)[];

const FIELD_NAMES: readonly (keyof Fields)[] = [
  'input',
  'cookie',
  'name',
  'purpose',
  'context',
  'clock',
  'maxAge',
  'types',
  'dictionary',
];
