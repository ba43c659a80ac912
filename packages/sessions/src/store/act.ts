/** A plan -> what was done: the sequence of backend calls that keeps every promise, the same for both places. */

import { createVersion, secondsNow } from '../ambient.ts';
import type { MaybePromise } from '../backends/backend.ts';
import { pause } from '../backends/kit/patience.ts';
import { SessionError } from '../error.ts';
import type { Outcome } from './events.ts';
import type { Found, Over, Place, Sealed } from './place.ts';
import type { Plan, Writing } from './plan.ts';
import { run, type Step } from './steps.ts';
import type { Visit } from './visit.ts';

/** Seconds for which a write that others overtake is tried again. */
const PATIENCE = 30;

/** What a commit has done. */
export interface Done {
  readonly outcome: Outcome;
  /** How often another request wrote first. */
  readonly conflicts: number;
  /** The record as it was written, and where. */
  readonly written?: { readonly place: Place; readonly sealed: Sealed };
}

const UNCHANGED: Done = { outcome: 'unchanged', conflicts: 0 };
const GONE: Done = { outcome: 'gone', conflicts: 0 };

/** What a plan ends in if nobody else writes. */
const OUTCOMES: Readonly<Record<Writing['kind'], Outcome>> = {
  create: 'created',
  move: 'saved',
  write: 'saved',
  reseal: 'renewed',
  renew: 'renewed',
};

/** Carries out a plan. What was done is remembered in the visit, so that a retry does nothing twice. */
export function act(plan: Plan, visit: Visit): MaybePromise<Done> {
  if (plan.kind === 'nothing') return UNCHANGED;
  if (plan.kind === 'gone') return GONE;
  if (plan.kind === 'end') return run(end(visit));
  if (plan.place.isAlone) return { outcome: OUTCOMES[plan.kind], conflicts: 0, written: plan };
  const { kind, place, sealed } = plan;
  if (kind === 'create' || kind === 'move') return run(move(place, sealed, visit));
  return run(kind === 'renew' ? renew(place, sealed, visit) : write(place, sealed, visit, OUTCOMES[kind]));
}

/** Writes over the record that was read. If another request wrote first, the changes are applied to what it wrote. */
function* write(place: Place, planned: Sealed, visit: Visit, outcome: Outcome): Step<Done> {
  const { draft } = visit;
  const found = liveOf(visit);
  const turn = yield* place.turn(found.id);
  const giveUpAt = secondsNow() + PATIENCE;
  let sealed = planned;
  let over: Found = found;
  let conflicts = 0;
  let tries = 0;
  try {
    for (let isOld = turn.hasWaited; ; isOld = false) {
      if (!isOld) {
        const version = createVersion();
        if (found.stored !== undefined) visit.mine = { version, changes: draft.changes.length, before: visit.mine };
        visit.unanswered++;
        if (yield* place.put(sealed, over, version)) return { outcome, conflicts, written: { place, sealed } };
        visit.unanswered--;
      }
      const newest = yield* place.reread(found);
      if (newest?.state !== 'live') {
        if (isUnsure(visit) && found.stored !== undefined) throw unknown(visit);
        return { outcome: 'gone', conflicts };
      }
      const known = changesIn(newest, visit);
      if (known === draft.changes.length) return { outcome, conflicts, written: { place, sealed } };
      // Another has written on top of what may be ours: it can be done neither twice nor not at all.
      if (known === undefined && isUnsure(visit)) throw unknown(visit);
      if (newest.stored?.version !== over.stored?.version) conflicts++;
      if (secondsNow() > giveUpAt) throw tooManyConflicts(visit);
      if (++tries > 1) yield pause(tries);
      sealed = replayed(place, sealed, newest, visit, known);
      over = newest;
    }
  } finally {
    turn.release();
  }
}

/** Writes the same again with a new time. If somebody else was faster, the record was written or has ended: nothing is left to do. */
function* renew(place: Place, sealed: Sealed, visit: Visit): Step<Done> {
  const found = liveOf(visit);
  if (yield* place.put(sealed, found, createVersion())) {
    return { outcome: 'renewed', conflicts: 0, written: { place, sealed } };
  }
  return { outcome: found.stored === undefined ? 'gone' : 'unchanged', conflicts: 0 };
}

/** Writes the new record, asks whether a login still counts, and only then turns the old record into a pointer. PROTOCOL, "Move". */
function* move(into: Place, planned: Sealed, visit: Visit): Step<Done> {
  const { draft, found } = visit;
  const old = found?.state === 'live' ? found : undefined;
  const turn = old && (yield* old.place.turn(old.id));
  const giveUpAt = secondsNow() + PATIENCE;
  const { identity } = planned;
  let sealed = planned;
  let base = old;
  let conflicts = 0;
  try {
    for (let isRetry = visit.isUnsure || turn?.hasWaited === true; ; isRetry = true) {
      if (old !== undefined && isRetry) {
        const newest = yield* old.place.reread(old);
        const isMine = newest?.state === 'moved' && newest.to === identity.id;
        if (isMine) return { outcome: 'saved', conflicts, written: { place: into, sealed } };
        if (newest?.state !== 'live') return yield* withdraw(into, sealed, conflicts);
        if (newest !== old) sealed = replayed(into, sealed, newest, visit);
        base = newest;
      }
      if (!(yield* insert(into, sealed, visit))) return { outcome: 'gone', conflicts };
      if (draft.loginMade !== undefined && !(yield* into.confirm(sealed))) {
        return yield* withdraw(into, sealed, conflicts);
      }
      if (!(yield* keepPromise(sealed, visit))) return yield* withdraw(into, sealed, conflicts);
      if (old === undefined || base === undefined) {
        return { outcome: 'created', conflicts, written: { place: into, sealed } };
      }
      if (yield* old.place.point(base, sealed))
        return { outcome: 'saved', conflicts, written: { place: into, sealed } };
      if (secondsNow() > giveUpAt) throw tooManyConflicts(visit);
      if (++conflicts > 1) yield pause(conflicts);
    }
  } finally {
    turn?.release();
  }
}

/** Writes the new record, or writes it again with newer contents. Returns false if it was listed and ended before anyone had it. */
function* insert(into: Place, sealed: Sealed, visit: Visit): Step<boolean> {
  const { id } = sealed.identity;
  for (;;) {
    const over: Over | null = visit.successor === undefined ? null : { id, stored: visit.successor };
    const version = createVersion();
    if (yield* into.put(sealed, over, version)) {
      visit.successor = sealed.content && { ...sealed.content, version };
      return true;
    }
    const there = yield* into.standing(sealed.identity);
    if (there === undefined) return false;
    visit.successor = there; // an answer was lost: nobody else knows this id
  }
}

/** A session that has outgrown its cookie has another id than the handler has seen: that id leads here too. Returns false if somebody has ended it. */
function* keepPromise(sealed: Sealed, { identity, found, named }: Visit): Step<boolean> {
  const id = identity?.id;
  if (id === undefined || id === sealed.identity.id || id === found?.id) return true;
  return yield* named.place.point({ id, record: sealed.record, stored: undefined }, sealed);
}

/** The old session has ended meanwhile, or the login does not count any more: nobody has been told of the new record. */
function* withdraw(into: Place, { identity }: Sealed, conflicts: number): Step<Done> {
  yield* into.remove(identity);
  return { outcome: 'gone', conflicts };
}

/** Ends the session, also where it has moved to, and every other genuine cookie of its name. */
function* end({ found, finding, isUnsure }: Visit): Step<Done> {
  const { others } = finding;
  let isEnded = found === undefined;
  for (const one of [found, ...others]) {
    if (one === undefined) continue;
    const known = one.state === 'live' && !isUnsure ? one : undefined;
    if ((yield* one.place.end(one.id, known)) !== undefined) isEnded = true;
  }
  if (found === undefined && others.length === 0) return { outcome: 'unchanged', conflicts: 0 };
  return { outcome: isEnded ? 'ended' : 'gone', conflicts: 0 };
}

function replayed(place: Place, { identity, from }: Sealed, newest: Found, visit: Visit, known?: number): Sealed {
  const { draft, tenant, named } = visit;
  const now = Math.max(named.now(), newest.seenAt);
  return place.seal({ draft, record: draft.replay(newest.record, known), identity, from, tenant, now });
}

/** Plans that write over a record are made only where there is one. */
function liveOf({ found }: Visit): Found {
  if (found?.state !== 'live') throw new TypeError('A plan to write expected a record, got none');
  return found;
}

/** How many of our changes a record has in it, if it is one that we wrote. */
function changesIn({ stored }: Found, visit: Visit): number | undefined {
  let write = visit.mine;
  while (write !== undefined && write.version !== stored?.version) write = write.before;
  return write?.changes;
}

/** Whether a write went unanswered, so that the changes may or may not be in the record. A session that is only sealed again has none. */
function isUnsure({ unanswered, draft }: Visit): boolean {
  return unanswered > 0 && draft.changes.length > 0;
}

function unknown({ draft }: Visit): SessionError {
  const why =
    'the backend did not answer, and another request has written since, so the changes may or may not be saved';
  return new SessionError(
    'ERR_SESSION_UNKNOWN',
    `Cannot tell whether session "${draft.keeper.named.name}" was saved: ${why}`,
  );
}

function tooManyConflicts({ draft }: Visit): SessionError {
  const why = `other requests wrote first for ${PATIENCE} seconds`;
  return new SessionError('ERR_SESSION_CONFLICT', `Cannot save session "${draft.keeper.named.name}": ${why}`);
}
