/** What helps during development and costs nothing in production: a mistake is told of once, with what it means and what to do. */

import { isCloudflareWorkers } from './ambient.ts';

/** What a runtime may have, in whose types this file is not written. */
interface Runtime {
  readonly process?: {
    readonly env?: Readonly<Record<string, string | undefined>>;
    getBuiltinModule?(name: string): { readonly isWorker?: boolean } | undefined;
  };
  readonly Deno?: { readonly permissions?: { querySync?(what: { name: 'env'; variable: string }): { state: string } } };
}

/** One for each mistake that is told of. */
export type Mistake =
  | 'unsaved'
  | 'late-flashes'
  | 'plain-http'
  | 'two-copies'
  | 'memory-in-processes'
  | 'memory-made-twice'
  | 'no-proxy';

/** Asked once, as reading the environment takes a microsecond. */
let isSilent: boolean | undefined;

/** Mistakes that are told of already. The same for every copy and instance of this module. */
let told: Set<Mistake> | undefined;

/** Whether a mistake is worth looking for: not in production, and not after it was told of. */
export function isWatched(mistake: Mistake): boolean {
  isSilent ??= isProduction();
  if (isSilent) return false;
  told ??= shared('told', () => new Set<Mistake>());
  return !told.has(mistake);
}

/** Tells of a mistake, the first time it is made and never in production. @param message what is wrong, why it matters, what to do. */
export function warnOnce(mistake: Mistake, message: string): void {
  if (!isWatched(mistake)) return;
  told?.add(mistake);
  console.warn(`sealring: ${message}`);
}

/** Whether nobody is there to read a warning. A browser or a worker says nothing of it, and counts as production. */
export function isProduction(): boolean {
  const { process }: Runtime & typeof globalThis = globalThis;
  if (process?.env === undefined || isCloudflareWorkers()) return true;
  return !isReadable('NODE_ENV') || process.env['NODE_ENV'] === 'production';
}

/** Whether this is certainly one of several processes that do the same: a worker of a cluster, or one of PM2's instances but the first. */
export function isOneOfSeveral(): boolean {
  const { process }: Runtime & typeof globalThis = globalThis;
  if (isReadable('NODE_APP_INSTANCE') && Number(process?.env?.['NODE_APP_INSTANCE']) > 0) return true;
  try {
    return process?.getBuiltinModule?.('node:cluster')?.isWorker === true;
  } catch {
    return false; // Next's edge runtime
  }
}

/** Deno asks the person at the terminal where it has no permission to read a variable. That is not worth a warning. */
function isReadable(variable: string): boolean {
  const { Deno }: Runtime & typeof globalThis = globalThis;
  return Deno === undefined || Deno.permissions?.querySync?.({ name: 'env', variable }).state === 'granted';
}

/** Something of which there is one in a process, for all copies of this package and all instances of a module. Made at first use. */
export function shared<T extends object>(name: string, make: () => T): T {
  const symbol = Symbol.for(`sealring.${name}`);
  const known = Reflect.get(globalThis, symbol) as T | undefined; // trust boundary: only this package, whichever copy, knows the name
  const value = known ?? make();
  if (known === undefined) Reflect.set(globalThis, symbol, value);
  return value;
}
