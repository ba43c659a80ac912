/** What fails although nothing is wrong -> asked again; what is wrong -> words for it. */

import { codeOf } from '../kit/failure.ts';
import { tryFor } from '../kit/patience.ts';
import type { Ask, Driver } from './client.ts';

const MISSING_TABLE = '42P01'; // undefined_table
/** Seconds. */
const PATIENCE = 10;

/**
 * Where connections default to repeatable read or serializable, a statement that meets a concurrent one fails. That says neither
 * that a version differs nor that it does not: asked again, it sees what the other one wrote.
 */
export function persistent({ ask, again }: Driver): Ask {
  return async (statement, values) => {
    let failure: unknown;
    const rows = await tryFor(PATIENCE, async () => {
      try {
        return await ask(statement, values);
      } catch (error) {
        if (!again.includes(codeOf(error) ?? '')) throw error;
        failure = error;
        return undefined;
      }
    });
    if (rows === undefined) throw failure;
    return rows;
  };
}

export function explainPostgres(error: unknown): string {
  const code = codeOf(error);
  if (code !== MISSING_TABLE) return code ?? 'see its cause';
  return 'it is not there, call createTable() of the backend once, or run the SQL that postgresMigration() returns';
}
