/** The number of a subject: what a login carries, whether it counts, and how `revokeAll` raises it. */
import type { ModelRequest } from './request.ts';
import { get, note, type Row, type Steps, type SubjectNumber, set } from './steps.ts';

const NONE: SubjectNumber = { n: 0, spare: undefined, since: 0 };

export const NUMBER = 'number';

export function counts({ n, spare, since }: SubjectNumber, stamp: number, family: string | undefined): boolean {
  return stamp >= n || (spare !== undefined && spare === family && stamp >= since);
}

export function numberOf(row: Row | undefined): SubjectNumber {
  return row?.number ?? NONE;
}

/** What a login carries from now on. */
export function* stamp(request: ModelRequest, begins: () => void): Steps<number> {
  const { mistakes } = request.rules;
  if (!mistakes.has('numberAtCommit') && !mistakes.has('noNumber')) return numberOf(yield* get(NUMBER, begins)).n;
  yield* note(begins);
  return 0;
}

/** Whether a session of the subject still counts. */
export function* stillCounts(stamp: number, family: string | undefined): Steps<boolean> {
  return counts(numberOf(yield* get(NUMBER)), stamp, family);
}

/**
 * Raises the number, so that logins of before count no more, except those of the family of this request.
 *
 * @param begins is called when it is read first.
 * @returns whether the family of this request is spared.
 */
export function* raise(request: ModelRequest, isExcept: boolean, begins: () => void): Steps<boolean> {
  const { mistakes } = request.rules;
  for (;;) {
    const row = yield* get(NUMBER, begins);
    const current = numberOf(row);
    const { family } = request;
    const isOfSubject = request.hasLoggedIn || request.subject !== undefined;
    // A server store does not keep the stamp: what it has listed it would have ended.
    const own = request.stamp ?? current.n;
    const isSpared = isExcept && family !== undefined && isOfSubject && counts(current, own, family);
    const isStamped = mistakes.has('restamps') || mistakes.has('restampsBlindly');
    const n = mistakes.has('numberIsClock') ? clockOf(request) : current.n + 1;
    const since = current.spare === family ? current.since : current.n;
    const number = isSpared && !isStamped ? { n, spare: family, since } : { n, spare: undefined, since: 0 };
    if (isExcept && isStamped && (own >= current.n || mistakes.has('restampsBlindly'))) request.stamp = n;
    const over = mistakes.has('numberIsClock') ? undefined : (row?.version ?? null);
    if (yield* set(NUMBER, { state: 'number', version: request.version(), number }, over)) {
      request.hasSpared = isExcept && (isSpared || isStamped);
      return request.hasSpared;
    }
  }
}

/** The clock of the machine that serves the request: that of B is behind. */
function clockOf({ name }: ModelRequest): number {
  return name === 'B' ? 1 : 5;
}
