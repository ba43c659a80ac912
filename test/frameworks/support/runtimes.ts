/** The other runtimes that serve the same app: the programs of test/runtimes. */
import { describe } from 'vitest';
import { installEngines, programOf } from '../../runtimes/programs.ts';
import { at } from '../../support/repository.ts';

const missing = await installEngines();
if (missing !== undefined && process.env['CI']) throw new Error(missing);
if (missing !== undefined) console.warn(missing);

/** `describe`, but skipped where the programs of these runtimes are missing. */
export function inRuntime(name: string, tell: () => void): void {
  describe.skipIf(missing !== undefined)(`in ${name},`, tell);
}

/** Deno's command, but for the file. */
export const DENO = [programOf('deno'), 'run', '-A', '--no-remote', '--no-lock', '--node-modules-dir=manual'] as const;

/** Bun's command, but for the file. */
export const BUN = [programOf('bun'), 'run', '--no-install'] as const;

/** The command that builds Workers with wrangler's options: `worker.ts` -> `built/worker.js`. */
export function bundleWorkers(...files: readonly string[]): string[] {
  const options = ['--conditions=workerd,worker,browser', '--external:node:*', '--external:cloudflare:*'];
  return ['esbuild', ...files, '--bundle', '--format=esm', '--outdir=built', ...options];
}

/** The command that serves a Worker. @param config workerd's file. Default: one for `built/worker.js`, with `nodejs_compat`. */
export function workerd(config = at('test/frameworks/support/workerd.capnp')): string[] {
  return ['sh', '-c', `exec '${programOf('workerd')}' serve -I. '${config}' --socket-addr=http=$HOST:$PORT`];
}
