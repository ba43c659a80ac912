/** The engines' programs: fetched by npm into this folder when one is missing. */
import { join } from 'node:path';
import { fetchPackages } from '../support/npm-folder.ts';

const folder = import.meta.dirname;

const PROGRAMS: Readonly<Record<string, string>> = {
  bun: 'bin/bun',
  deno: 'deno',
  workerd: 'bin/workerd',
};

/**
 * Fetches the engines unless they are here already: about 15 seconds, a gigabyte on disk.
 *
 * @returns why there are none, in one line; undefined when all are here.
 */
export async function installEngines(): Promise<string | undefined> {
  const isLinux = process.platform === 'linux' && process.arch === 'x64';
  const missing = isLinux
    ? await fetchPackages(folder)
    : `its engines are programs for Linux on x64, this is ${process.platform} on ${process.arch}`;
  return missing && `the runtime matrix cannot run: ${missing}`;
}

/** Where an engine's program is. @param name as in package.json. */
export function programOf(name: string): string {
  return join(folder, 'node_modules', name, PROGRAMS[name] ?? 'bin/node');
}
