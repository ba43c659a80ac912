/** The object that a framework has of a session -> what the session was when the object was made of it. */

import type { Fields } from './fields.ts';
import type { KeptSession } from './records.ts';

export interface Snapshot {
  /** The id of the record in the backend. */
  readonly id: string;
  /** What the backend had then. */
  readonly kept: KeptSession;
  /** What the object had when it was loaded or saved last: without what others did meanwhile, which a save merges into the record only. */
  readonly seen: Fields;
}

/** A framework that makes its own object from what `get` returned copies this key. It shows in `Object.keys`, but not in JSON. */
const KEY = '~sealring';

class Mark {
  readonly #snapshot: Snapshot;

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  /** Neither saved nor part of the hash by which frameworks tell whether a session has changed. */
  toJSON(): undefined {
    return undefined;
  }

  static read(value: unknown): Snapshot | undefined {
    return value instanceof Mark ? value.#snapshot : undefined;
  }
}

export class Snapshots {
  readonly #isMarking: boolean;
  readonly #known = new WeakMap<object, Snapshot>();

  /** @param isMarking whether frameworks copy objects without calling `createSession`, so that the snapshot has to be in a key of the object. */
  constructor(isMarking: boolean) {
    this.#isMarking = isMarking;
  }

  /** @param id of the record that is to be saved: an object that was loaded for another session counts as new. */
  find(session: object, id: string): Snapshot | undefined {
    const snapshot = this.#known.get(session) ?? Mark.read(Reflect.get(session, KEY));
    return snapshot?.id === id ? snapshot : undefined;
  }

  /** For an object that was just loaded. */
  add(session: object, snapshot: Snapshot): void {
    this.#known.set(session, snapshot);
    if (this.#isMarking) Reflect.set(session, KEY, new Mark(snapshot));
  }

  /** For an object that was just saved. */
  update(session: object, snapshot: Snapshot): void {
    this.#known.set(session, snapshot);
  }

  /** What is remembered of `from` counts for `to`, which was made of it. */
  move(from: object, to: object): void {
    const snapshot = this.#known.get(from);
    if (snapshot !== undefined) this.#known.set(to, snapshot);
  }
}
