/** How the model plays: which kind of store, how the backend keeps its lists, and which rule of the protocol is broken on purpose. */

/** A rule that a wrong variant breaks. */
export type Mistake =
  /** An end removes the record, whatever it is by then. */
  | 'endDeletesBlindly'
  /** An end removes the record, and leaves no tombstone. */
  | 'endDeletes'
  /** An end does not follow a pointer. */
  | 'endStopsAtPointer'
  /** A pointer is not listed under the subject of the new record. */
  | 'pointerUnlisted'
  /** The pointer is written before the new record. */
  | 'pointerFirst'
  /** `revokeAll` goes by the list alone. */
  | 'noNumber'
  /** A login reads the number at commit. */
  | 'numberAtCommit'
  /** A login asks whether it counts before it writes its record. */
  | 'numberBeforeInsert'
  /** `revokeAll` lists first, and raises the number then. */
  | 'listsFirst'
  /** `revokeAll` spares an id. */
  | 'sparesId'
  /** The session that `revokeAll` spares keeps its id. */
  | 'exceptedStays'
  /** `revoke` does not end what the session was moved from. */
  | 'ignoresFrom'
  /** `revoke` ends what the session was moved from last. */
  | 'fromLast'
  /** Writes compare nothing. */
  | 'writesBlindly'
  /** A retry does not know its own write. */
  | 'forgetsWrite'
  /** A retry does not know its own pointer. */
  | 'forgetsPointer'
  /** A retry of a move starts from what was loaded. */
  | 'startsFromLoad'
  /** After a conflict the new record stays what it was. */
  | 'keepsOldCopy'
  /** An id that has moved counts as no session. */
  | 'movedIsFresh'
  /** A second move in one request starts a new family. */
  | 'familyPerMove'
  /** Cookie stores: an id is marked as ended whatever stands there. */
  | 'marksBlindly'
  /** Cookie stores: the mark of an id that has moved does not say where to. */
  | 'markNamesNobody'
  /** Cookie stores: the number is the machine's clock. */
  | 'numberIsClock'
  /** Cookie stores: the session that is spared gets the new number. */
  | 'restamps'
  /** Cookie stores: and it gets it even if it does not count any more. */
  | 'restampsBlindly'
  /** Cookie stores: nothing is asked again before the cookie is set. */
  | 'asksOnce';

export interface Rules {
  readonly store: 'server' | 'cookie';
  /** When the list of a subject is written: with the record, or in a step of its own. */
  readonly index: 'with' | 'before' | 'after';
  /** Whether a write begins by reading again, as after waiting for another request of the same process. */
  readonly hasWaited: boolean;
  /** Whether answers arrive in the order in which they were given. Those of cookie stores have to: of two cookies the last one counts. */
  readonly answersAtOnce: boolean;
  readonly mistakes: ReadonlySet<Mistake>;
}

export const SERVER: Rules = {
  store: 'server',
  index: 'with',
  hasWaited: false,
  answersAtOnce: false,
  mistakes: new Set(),
};

export const COOKIE: Rules = { ...SERVER, store: 'cookie', answersAtOnce: true };

/** The same rules, but for these. */
export function breaking(rules: Rules, ...mistakes: Mistake[]): Rules {
  return { ...rules, mistakes: new Set(mistakes) };
}
