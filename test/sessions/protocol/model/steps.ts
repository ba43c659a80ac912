/** The atomic steps of the model: one call of a backend each, or an answer that reaches the browser. A request is a generator of them. */

/** What a backend has under a key. */
export interface Row {
  readonly state: 'live' | 'moved' | 'ended' | 'number';
  /** Names the write, so that compare-and-set can compare it. */
  readonly version: string;
  readonly family?: string | undefined;
  readonly subject?: string | undefined;
  /** Of a session: the id that it was moved from. */
  readonly from?: string | undefined;
  /** Of a session: which requests have written to it. */
  readonly log?: readonly string[];
  /** Of a session: the login that it comes from. */
  readonly login?: string | undefined;
  /** Of a pointer: the new id. */
  readonly to?: string;
  /** Of the number of a subject. */
  readonly number?: SubjectNumber;
}

/** A login counts if its stamp is `n` or more, or, for the family `spare`, `since` or more. */
export interface SubjectNumber {
  readonly n: number;
  readonly spare: string | undefined;
  readonly since: number;
}

export type Step =
  | { readonly op: 'get'; readonly key: string; readonly note?: (() => void) | undefined }
  | { readonly op: 'set'; readonly key: string; readonly row: Row; readonly over: string | null | undefined }
  | { readonly op: 'delete'; readonly key: string; readonly over: string | undefined }
  /** Writes the list of a subject, in a backend that does so in a step of its own. */
  | { readonly op: 'enlist'; readonly key: string; readonly id: string }
  | { readonly op: 'list'; readonly key: string }
  /** Something is noted that no backend sees. */
  | { readonly op: 'note'; readonly key: ''; readonly note: () => void }
  | { readonly op: 'answer'; readonly key: string };

export type Steps<T> = Generator<Step, T, unknown>;

/** What a request is thrown when a call fails, or its answer is lost. */
export class BackendFault extends Error {}

/** @param note what is to be noted at the moment of this step. */
export function* get(key: string, note?: () => void): Steps<Row | undefined> {
  return (yield { op: 'get', key, note }) as Row | undefined; // trust boundary: the world answers each step with its result
}

/** @param over the version that has to be there; null: nothing may be there; `undefined`: whatever is there. */
export function* set(key: string, row: Row, over: string | null | undefined): Steps<boolean> {
  return (yield { op: 'set', key, row, over }) === true;
}

export function* remove(key: string, over?: string): Steps<boolean> {
  return (yield { op: 'delete', key, over }) === true;
}

export function* list(key: string): Steps<readonly string[]> {
  return (yield { op: 'list', key }) as readonly string[]; // trust boundary: the world answers each step with its result
}

export function* enlist(key: string, id: string): Steps<void> {
  yield { op: 'enlist', key, id };
}

export function* note(what: () => void): Steps<void> {
  yield { op: 'note', key: '', note: what };
}

export function* answer(cookie: string | undefined): Steps<void> {
  yield { op: 'answer', key: cookie ?? '' };
}

/** The same again, if a call of it has failed. */
export function* twice<T>(steps: () => Steps<T>, failed: () => void = () => {}): Steps<T> {
  try {
    return yield* steps();
  } catch (error) {
    if (!(error instanceof BackendFault)) throw error;
    failed();
    return yield* steps();
  }
}
