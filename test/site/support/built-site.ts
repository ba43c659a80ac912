/** The site's sources -> `site/dist`, built anew only where something it is made of is younger. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { at } from '../../support/repository.ts';

const DIST = at('site/dist');
const LAST = join(DIST, 'sw.js'); // what a build writes last: without it, the build was cut short
const LOCK = at('.tsbuild/site-is-being-built'); // with the number of the process that does it
const INPUTS = [
  ...[
    'src',
    'public',
    'build',
    'astro.config.ts',
    'ec.config.mjs',
    'csp.ts',
    'package.json',
    'tsconfig.typedoc.json',
  ].map((name) => `site/${name}`),
  ...['codec', 'inspect', 'sessions'].flatMap((name) => [`packages/${name}/src`, `packages/${name}/README.md`]),
  'packages/wire/src',
  'examples',
  'packages/codec/FORMAT.md',
  'test/bench/results',
  'pnpm-lock.yaml',
];
const MADE = /[\\/](?:docs[\\/]api|node_modules)$/; // by the build itself, or by an installation

/** Test files run side by side, each in a process of its own: the first builds, the others wait for it. */
export async function builtSite(): Promise<string> {
  while (!isFresh()) {
    if (!lock()) {
      await pause(200);
      continue;
    }
    try {
      if (isFresh()) continue;
      const started = performance.now();
      await build();
      console.info(`The site was built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    } finally {
      rmSync(LOCK, { force: true });
    }
  }
  return DIST;
}

/** @returns whether this process has it now. What a process left behind that is no more counts for nothing. */
function lock(): boolean {
  mkdirSync(dirname(LOCK), { recursive: true });
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (!isHeld()) rmSync(LOCK, { force: true });
    return false;
  }
}

function isHeld(): boolean {
  try {
    process.kill(Number(readFileSync(LOCK, 'utf8')), 0);
    return true;
  } catch {
    return false;
  }
}

function isFresh(): boolean {
  if (!existsSync(LAST)) return false;
  const built = statSync(LAST).mtimeMs;
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
