/** Asking -> asking again where nothing was done and nothing is wrong, and an error that helps where the table is missing. */

import { SessionError } from '../error.ts';
import type { Ask, Driver } from './client.ts';
import type { Table } from './table.ts';

const MISSING_TABLE = '42P01'; // undefined_table
const TRIES = 30;
/** Milliseconds between two tries. */
const MOST_WAIT = 32;

/**
 * Where the connections default to repeatable read or serializable, a statement that meets a concurrent one fails. That says neither
 * that a version differs nor that it does not: asked again, it sees what the other one wrote.
 */
export function persistent({ ask, again }: Driver): Ask {
  return async (statement, values) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await ask(statement, values);
      } catch (error) {
        if (attempt === TRIES || !again.includes(codeOf(error))) throw error;
      }
      await wait(Math.random() * Math.min(2 ** attempt, MOST_WAIT));
    }
  };
}

export function explained(ask: Ask, { name }: Table): Ask {
  return async (statement, values) => {
    try {
      return await ask(statement, values);
    } catch (cause) {
      if (codeOf(cause) !== MISSING_TABLE) throw cause;
      const remedy = 'call createTable() of the backend once, or run the SQL that postgresMigration() gives';
      throw new SessionError('ERR_SESSION_BACKEND', `There is no table ${name} for sessions: ${remedy}`, { cause });
    }
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
