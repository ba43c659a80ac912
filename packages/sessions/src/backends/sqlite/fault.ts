/** An error of one of the two drivers -> what it means, and another try if the database was only busy. */

import { secondsNow } from '../../ambient.ts';
import { SessionError } from '../../error.ts';

const SQLITE_BUSY = 5;

/** Milliseconds between two tries. */
const MAX_WAIT = 20;

/** SQLite's words, which name tables and columns, and never their values. */
export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : 'see its cause';
}

/** @param action that failed: `open the SQLite database /x.db`. */
export function cannot(action: string, cause: unknown): SessionError {
  return new SessionError('ERR_SESSION_BACKEND', `Cannot ${action}: ${reasonOf(cause)}`, { cause });
}

/**
 * Tries again while the database is busy. SQLite's own waiting does not cover everything: when several processes make the same file
 * a WAL database, all but one fail at once, whatever their timeout. The process stands still meanwhile, as it does when SQLite waits.
 *
 * @param patience seconds.
 * @throws what the last try threw.
 */
export function whileBusy<Result>(patience: number, step: () => Result): Result {
  const giveUpAt = secondsNow() + patience;
  for (;;) {
    try {
      return step();
    } catch (error) {
      if (!isBusy(error) || secondsNow() > giveUpAt) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1 + Math.random() * MAX_WAIT);
    }
  }
}

/** Whether another connection is in the way, for a moment or for longer. */
function isBusy(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('errcode' in error) return (Number(error.errcode) & 0xff) === SQLITE_BUSY; // node:sqlite; the kind stands in the higher bits
  return 'code' in error && String(error.code).startsWith('SQLITE_BUSY'); // better-sqlite3
}
