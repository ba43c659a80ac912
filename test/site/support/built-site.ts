/** The site's sources -> `site/dist`, built anew only where something it is made of is younger. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { at } from '../../support/repository.ts';

const DIST = at('site/dist');
const INPUTS = [
  ...['src', 'public', 'astro.config.ts', 'csp.ts', 'package.json', 'tsconfig.typedoc.json'].map(
    (name) => `site/${name}`,
  ),
  ...['src', 'FORMAT.md', 'README.md'].map((name) => `packages/codec/${name}`),
  'pnpm-lock.yaml',
];
const MADE = /[\\/]docs[\\/]api$/; // by the build itself

/** @returns the folder to serve. */
export async function builtSite(): Promise<string> {
  if (!isFresh()) await build();
  return DIST;
}

/** The policy is what a build writes last: a page without one is from a build that was cut short. */
function isFresh(): boolean {
  const page = join(DIST, 'index.html');
  if (!existsSync(page) || !readFileSync(page, 'utf8').includes('Content-Security-Policy')) return false;
  const built = statSync(page).mtimeMs;
  return INPUTS.every((input) => youngest(at(input)) < built);
}

/** Of a folder: its files, the folders in it, and itself, whose own time tells of files that are gone. */
function youngest(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  const entries = readdirSync(path).map((name) => join(path, name));
  const kept = entries.filter((entry) => !MADE.test(entry));
  return Math.max(kept.length === entries.length ? stat.mtimeMs : 0, ...kept.map(youngest));
}

function build(): Promise<void> {
  // Without what the test runner puts into the environment: it would make a development build of it.
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(?:VITE|VITEST|NODE_ENV|DEV|PROD|MODE|SSR|BASE_URL|TEST)/.test(name),
  );
  const env = { ...Object.fromEntries(kept), ASTRO_TELEMETRY_DISABLED: '1', NO_COLOR: '1' };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['node_modules/astro/bin/astro.mjs', 'build'], { cwd: at('site'), env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`The site did not build:\n${output}`))));
  });
}
