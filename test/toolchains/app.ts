/** The fixtures and the packed packages -> a folder `.app` that looks like a user's project, and the tools that run in it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fetchPackages } from '../support/npm-folder.ts';
import { dependencies, importsOf, PUBLISHED, pack } from '../support/packed.ts';

const here = import.meta.dirname;
const app = join(here, '.app'); // in this folder, where all tools find each other

/** How a tool ended. */
export interface Result {
  readonly code: number | null;
  readonly stdout: string;
  /** All that was printed, for messages. */
  readonly output: string;
}

/** @returns why the tools cannot run, in one line; `undefined` if they are here. */
export async function installTools(): Promise<string | undefined> {
  const missing = await fetchPackages(here);
  return missing && `the toolchains cannot be tested: ${missing}`;
}

/** Makes the folder anew, and returns what can be imported there. */
export function createApp(): string[] {
  rmSync(app, { recursive: true, force: true });
  cpSync(join(here, 'fixtures'), app, { recursive: true });
  const imports = installPackages();
  copyTests('jest-modules', 'seal.spec.js', 'session.spec.js');
  copyTests('jest-babel', 'seal.spec.js', 'session.spec.js');
  copyTests('jest-ts', 'seal.spec.ts', 'session.spec.ts');
  copyTests('vitest', ...readdirSync(join(app, 'tests')));
  return imports;
}

export function write(path: string, text: string): void {
  writeFileSync(join(app, path), text);
}

export function pathOf(path: string): string {
  return join(app, path);
}

/** Runs the file of a tool, with Node.js, in a folder of the app. */
export function runTool(folder: string, tool: string, args: readonly string[], flags: readonly string[] = []): Result {
  return run(folder, process.execPath, [...flags, resolve(here, 'node_modules', tool), ...args]);
}

export function run(folder: string, command: string, args: readonly string[]): Result {
  const kept = Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_|TEST$|MODE$|DEV$|PROD$)/.test(name));
  const env = { ...Object.fromEntries(kept), NO_COLOR: '1', CI: '1' };
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: join(app, folder), env, encoding: 'utf8' });
  if (error !== undefined) throw error;
  return { code: status, stdout, output: stdout + stderr };
}

/** As npm would: from the tarballs, with copies of the dependencies beside them. */
function installPackages(): string[] {
  const tarballs = mkdtempSync(join(tmpdir(), 'sealring-tarballs-'));
  const modules = join(app, 'node_modules');
  const imports: string[] = [];
  for (const folder of PUBLISHED) {
    const { name, path } = pack(folder, tarballs);
    const target = join(modules, name);
    mkdirSync(target, { recursive: true });
    execFileSync('tar', ['-xzf', path, '-C', target, '--strip-components=1']);
    imports.push(...importsOf(folder, name));
  }
  rmSync(tarballs, { recursive: true });
  for (const [name, path] of dependencies()) cpSync(path, join(modules, name), { recursive: true, dereference: true });
  return imports;
}

function copyTests(folder: string, ...names: string[]): void {
  for (const name of names) cpSync(join(app, 'tests', name.replace(/\.ts$/, '.js')), join(app, folder, name));
}
