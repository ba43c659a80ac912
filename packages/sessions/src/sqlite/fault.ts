/** Errors of the two drivers -> what they mean, and the error that the backend throws. */

import { SessionError } from '../error.ts';

const SQLITE_BUSY = 5;

/** @param action what could not be done: `read sessions in the SQLite table "x"`. */
export function cannot(action: string, cause: unknown): SessionError {
  const reason = cause instanceof Error ? cause.message : 'see its cause'; // SQLite's words name columns, never their values
  return new SessionError('ERR_SESSION_BACKEND', `Cannot ${action}: ${reason}`, { cause });
}

/** Whether another connection is in the way, for a moment or for longer. */
export function isBusy(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('errcode' in error) return (Number(error.errcode) & 0xff) === SQLITE_BUSY; // node:sqlite; the kind stands in the higher bits
  return 'code' in error && String(error.code).startsWith('SQLITE_BUSY'); // better-sqlite3
}
