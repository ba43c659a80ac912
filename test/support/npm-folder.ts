/** A folder with a package-lock.json -> what it locks, fetched by npm. For packages that are too large for the workspace. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const LIMIT = 500_000; // milliseconds

/**
 * Fetches the packages of a folder unless they are there already, or another test file is about to.
 *
 * @returns why they are not there, in one line; `undefined` if they are.
 */
export async function fetchPackages(folder: string): Promise<string | undefined> {
  if (missingPackages(folder).length === 0) return undefined;
  const lock = join(folder, '.installing');
  while (!take(lock)) await wait(100);
  try {
    const wanted = missingPackages(folder);
    if (wanted.length === 0) return undefined;
    console.log(`Fetching ${wanted.join(', ')} into ${join(folder, 'node_modules')} (once)`);
    const problem = await install(folder);
    if (problem !== undefined) return `npm could not fetch what it needs: ${problem}`;
    const missing = missingPackages(folder);
    return missing.length === 0 ? undefined : `npm did not install ${missing.join(', ')}`;
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** Makes a folder that only one process can make. One that is older than an installation may take was left by a process that has ended. */
function take(lock: string): boolean {
  const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
  if (Date.now() - since > LIMIT) rmSync(lock, { recursive: true, force: true });
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}

/** The version of a package that is in the folder; `undefined` if it is not there. */
export function installedVersion(folder: string, name: string): string | undefined {
  const manifest = join(folder, 'node_modules', name, 'package.json');
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : undefined;
}

function missingPackages(folder: string): string[] {
  const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  return Object.keys(packages[''].dependencies).filter(
    (name) => installedVersion(folder, name) !== packages[`node_modules/${name}`].version,
  );
}

/** @returns the first line of npm's complaint, if it fails. */
async function install(folder: string): Promise<string | undefined> {
  const patience = ['--fetch-retries=3', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=4000'];
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...patience];
  const child = spawn('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], timeout: LIMIT });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
  return await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code) =>
      resolve(code === 0 ? undefined : errors.trim().split('\n')[0] || `npm ended with ${code}`),
    );
  });
}
