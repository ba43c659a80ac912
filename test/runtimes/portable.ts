/** The matrix's checks -> the names of those that passed. Uses nothing but the packages and what every engine has. */
import { codecChecks } from './codec-checks.ts';
import { sessionChecks } from './session-checks.ts';

/** Runs every check, in the same order everywhere. @throws {Error} naming the first that failed. */
export async function smoke(): Promise<string[]> {
  const passed: string[] = [];
  for (const [name, check] of [...codecChecks(), ...sessionChecks()]) {
    try {
      await check();
    } catch (cause) {
      const message = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
      throw new Error(`${name}: ${message}`, { cause });
    }
    passed.push(name);
  }
  return passed;
}
