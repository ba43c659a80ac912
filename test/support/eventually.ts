/** Waits for a state: takes a call or a condition, and returns when the call succeeds or the condition holds. */
import { setTimeout as wait } from 'node:timers/promises';

/** Milliseconds. Less than a test has, so that the error names the state that did not come. A state that comes ends the wait sooner. */
const LIMIT = 55_000;

/** Calls `call` until it does not throw. Returns its result, or throws its last error. */
export async function eventually<T>(call: () => T | Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + LIMIT;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (performance.now() > giveUpAt) throw error;
    }
    await wait(10);
  }
}

/** Waits until `holds` returns true. `state` says in the error what was waited for. */
export async function until(state: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  await eventually(async () => {
    if (!(await holds())) throw new Error(`Waited for ${LIMIT / 1000} seconds until ${state}`);
  });
}
