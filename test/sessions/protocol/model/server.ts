/** The server store of the model: how a record is created, written, moved and ended. */

import type { Outcome } from '../promises.ts';
import { NUMBER, numberOf, stillCounts } from './numbers.ts';
import type { ModelRequest } from './request.ts';
import { enlist, get, type Row, remove, type Steps, set } from './steps.ts';

/** Ends an id, or what it has moved to. @param known as it was loaded. @returns whether there was anything. */
export function* end(request: ModelRequest, id: string, known?: Row): Steps<boolean> {
  const { mistakes } = request.rules;
  let at = id;
  for (let row = known; ; row = undefined) {
    row ??= yield* get(at);
    if (mistakes.has('endDeletesBlindly')) {
      yield* remove(at);
      if (row?.to === undefined) return row !== undefined;
      at = row.to;
    } else if (row === undefined) return false;
    else if (row.state === 'ended') return true;
    else if (row.to !== undefined) {
      if (mistakes.has('endStopsAtPointer')) return true;
      at = row.to;
    } else if (mistakes.has('endDeletes')) {
      if (yield* remove(at, row.version)) return true;
    } else if (yield* set(at, { state: 'ended', version: request.version() }, row.version)) return true;
  }
}

/** Ends one session: first the id that it was moved from, which may not be a pointer yet. */
export function* revoke(request: ModelRequest, id: string, begins: (row: Row) => void): Steps<void> {
  const { mistakes } = request.rules;
  const row = yield* get(id);
  if (row !== undefined && row.state !== 'ended') begins(row);
  const from = mistakes.has('ignoresFrom') ? undefined : row?.from;
  if (from !== undefined && !mistakes.has('fromLast')) yield* end(request, from);
  if (row !== undefined) yield* end(request, id, from === undefined || mistakes.has('fromLast') ? row : undefined);
  if (from !== undefined && mistakes.has('fromLast')) yield* end(request, from);
}

/** Ends what is listed under the subject, except one family. */
export function* endListed(request: ModelRequest, ids: readonly string[], spared: string | undefined): Steps<void> {
  const { mistakes, index } = request.rules;
  for (const id of ids) {
    if (index !== 'with' && (yield* get(id))?.subject === undefined) continue; // such a backend looks at each record itself
    if (spared !== undefined && mistakes.has('sparesId')) {
      if (id === request.id) continue;
      yield* end(request, id, yield* get(id));
      continue;
    }
    const row = yield* get(id);
    if (row === undefined || row.state === 'ended' || (spared !== undefined && row.family === spared)) continue;
    yield* end(request, id, row);
  }
}

/** Writes over the record that was read, and again over what others have written meanwhile. */
export function* write(request: ModelRequest): Steps<Outcome> {
  const { mistakes, hasWaited } = request.rules;
  const { id, record } = request.loaded();
  let base = record;
  for (let isOld = hasWaited; ; isOld = false) {
    if (!isOld) {
      const version = request.version();
      request.mine.add(version);
      const row = { ...base, log: [...(base.log ?? []), request.name], version };
      request.unanswered++;
      if (yield* set(id, row, mistakes.has('writesBlindly') ? undefined : base.version)) return 'saved';
      request.unanswered--;
    }
    const newest = yield* get(id);
    if (newest?.state !== 'live') return request.unanswered > 0 ? 'unknown' : 'gone';
    if (!mistakes.has('forgetsWrite')) {
      if (request.mine.has(newest.version)) return 'saved';
      if (request.unanswered > 0) return 'unknown'; // ours may lie beneath: it can be done neither twice nor not at all
    }
    base = newest;
  }
}

/** Writes the same again. If somebody else was faster, nothing is left to do. */
export function* renew(request: ModelRequest): Steps<Outcome> {
  const { id, record } = request.loaded();
  const isWritten = yield* set(id, { ...record, version: request.version() }, record.version);
  return isWritten ? 'renewed' : 'unchanged';
}

/** Writes the new record, asks whether a login counts, and only then turns the old record into a pointer. */
export function* move(request: ModelRequest): Steps<Outcome> {
  const { rules, id: old } = request;
  const { mistakes } = rules;
  const to = (request.newId ??= `${request.name.toLowerCase()}new`);
  if (mistakes.has('numberAtCommit') && request.hasLoggedIn) request.stamp = numberOf(yield* get(NUMBER)).n;
  let base = request.record;
  if (mistakes.has('pointerFirst') && old !== undefined && !(yield* point(request, old, to, base?.version)))
    return 'gone';
  let isRetry = rules.hasWaited || (request.isUnsure && !mistakes.has('startsFromLoad'));
  for (; ; isRetry = true) {
    if (old !== undefined && isRetry) {
      const newest = yield* get(old);
      const isMine = newest?.to === to && !mistakes.has('forgetsPointer');
      if (isMine) return 'saved'; // an answer was lost
      if (newest?.state !== 'live') return yield* withdraw(to);
      base = newest;
    }
    if (mistakes.has('numberBeforeInsert') && !(yield* loginCounts(request))) return 'gone';
    if (request.newVersion === undefined || !mistakes.has('keepsOldCopy')) {
      if (!(yield* insert(request, to, base))) return 'gone';
    }
    if (!mistakes.has('numberBeforeInsert') && !(yield* loginCounts(request))) return yield* withdraw(to);
    if (old === undefined || mistakes.has('pointerFirst')) return old === undefined ? 'created' : 'saved';
    if (yield* point(request, old, to, base?.version)) return 'saved';
  }
}

/** Writes the new record, or writes it again. Returns false if it was listed and ended before anyone had it. */
function* insert(request: ModelRequest, to: string, base: Row | undefined): Steps<boolean> {
  const { index } = request.rules;
  for (;;) {
    const { family, subject, login } = request.next();
    const log = [...(base?.log ?? []), ...(request.hasWritten ? [request.name] : [])];
    const version = request.version();
    const row: Row = { state: 'live', version, family, subject, from: request.id, log, login };
    const isNew = request.newVersion === undefined;
    if (isNew && subject !== undefined && index === 'before') yield* enlist(subject, to);
    if (yield* set(to, row, request.newVersion ?? null)) {
      if (isNew && subject !== undefined && index === 'after') yield* enlist(subject, to);
      request.newVersion = version;
      return true;
    }
    const there = yield* get(to);
    if (there?.state !== 'live') return false;
    request.newVersion = there.version; // an answer was lost: nobody else knows this id
  }
}

function* loginCounts(request: ModelRequest): Steps<boolean> {
  if (!request.hasLoggedIn || request.rules.mistakes.has('noNumber')) return true;
  return yield* stillCounts(request.stamp ?? 0, request.next().family);
}

function* point(request: ModelRequest, old: string, to: string, over: string | undefined): Steps<boolean> {
  const { family, subject } = request.next();
  const isListed = !request.rules.mistakes.has('pointerUnlisted');
  const row: Row = { state: 'moved', version: request.version(), family, to, subject: isListed ? subject : undefined };
  return yield* set(old, row, over ?? null);
}

/** Nobody has been told of the new record. */
function* withdraw(to: string): Steps<Outcome> {
  yield* remove(to);
  return 'gone';
}
