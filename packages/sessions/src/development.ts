/** What helps during development and costs nothing in production: a mistake is told of once, with what it means and how to mend it. */

/** What a runtime may have, in whose types this file is not written. */
interface Runtime {
  readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> };
}

/** One for each mistake that is told of. */
export type Mistake = 'unsaved' | 'late-flashes' | 'no-proxy';

const told = new Set<Mistake>();

/** Tells of a mistake, the first time it is made and never in production. @param message what is wrong, why it matters, what to do. */
export function warnOnce(mistake: Mistake, message: string): void {
  if (told.has(mistake) || isProduction()) return;
  told.add(mistake);
  console.warn(`sealring: ${message}`);
}

/** Whether nobody is there to read a warning. A browser or a worker says nothing of it, and counts as production. */
export function isProduction(): boolean {
  const runtime: Runtime & typeof globalThis = globalThis;
  try {
    const env = runtime.process?.env;
    return env === undefined || env['NODE_ENV'] === 'production';
  } catch {
    return true; // Deno, without the permission to read the environment
  }
}
