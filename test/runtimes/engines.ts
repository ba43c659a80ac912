/** The engines of the matrix: fetched by npm into this folder when one is missing, and started on the same bundle. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'tsdown';
import { built } from '../support/repository.ts';

const folder = import.meta.dirname;
const LIMIT = 50_000; // milliseconds for one engine, of which it takes about 200; less than a test has

/** What one engine says of itself. */
interface Run {
  readonly version: string;
  readonly checks: readonly string[];
}

export interface Engine {
  /** As in package.json, whose version of it is the one that runs, if npm has to fetch it. */
  readonly name: string;
  readonly isFetched: boolean;
  /** @throws {Error} with what the engine printed, when a check fails or it does not end in time. */
  run(): Promise<Run>;
}

export const engines: readonly Engine[] = [
  ...['node20', 'node22', 'node24', 'node26'].map((name) => scripted(name, 'bin/node', ['main.js'])),
  scripted('deno', 'deno', ['run', '--no-remote', '--no-npm', '--no-lock', '--no-prompt', 'main.js']),
  scripted('bun', 'bin/bun', ['run', '--no-install', 'main.js']),
  { name: 'workerd', isFetched: true, run: runWorkerd },
  {
    name: 'edge',
    isFetched: true,
    run: async () => ({ ...(await runHere('edge.js')), version: installedVersion('edge') ?? '' }),
  },
  { name: 'realm', isFetched: false, run: () => runHere('realm.js') },
];

/**
 * Fetches the engines unless they are here already: about 15 seconds, a gigabyte on disk.
 *
 * @returns why there are none, in one line; undefined when all are here.
 */
export async function installEngines(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return `the runtime matrix cannot run: its engines are programs for Linux on x64, this is ${process.platform} on ${process.arch}`;
  }
  if (missingEngines().length === 0) return undefined;
  console.log(`Fetching ${missingEngines().join(', ')} into test/runtimes/node_modules (once)`);
  const patience = ['--fetch-retries=3', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=4000'];
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...patience];
  try {
    await finish(spawn('npm', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] }), 10 * LIMIT);
  } catch (error) {
    return `the runtime matrix cannot run: npm could not fetch its engines: ${String(error).trim().split('\n')[0]}`;
  }
  const missing = missingEngines();
  return missing.length === 0 ? undefined : `the runtime matrix cannot run: npm did not install ${missing.join(', ')}`;
}

/** Makes .portable/portable.js of the built packages. @throws {Error} when they are not built, or the bundle imports anything. */
export async function bundle(): Promise<string> {
  for (const name of ['codec', 'sessions']) built(`packages/${name}/dist/index.js`);
  await build({ config: join(folder, 'tsdown.config.ts'), logLevel: 'warn' });
  const path = built('.portable/portable.js');
  // What a runtime may have or not is looked up while it runs.
  const foreign = /^import\b.*|\bimport\(.*|(?<!getBuiltinModule\?\.\()["'`]node:.*|\brequire\(.*/m.exec(
    readFileSync(path, 'utf8'),
  );
  if (foreign) throw new Error(`the bundle expected no imports, got ${foreign[0]}`);
  return path;
}

function missingEngines(): string[] {
  const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  return engines
    .filter(({ isFetched }) => isFetched)
    .map(({ name }) => name)
    .filter((name) => installedVersion(name) !== packages[`node_modules/${name}`].version);
}

function installedVersion(name: string): string | undefined {
  const manifest = join(folder, 'node_modules', name, 'package.json');
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : undefined;
}

/** An engine that runs a file and ends. */
function scripted(name: string, program: string, args: readonly string[]): Engine {
  return {
    name,
    isFetched: true,
    run: () => runToEnd(start(pathOf(name, program), args)),
  };
}

/** In this Node.js, in a realm that the file makes. */
function runHere(file: string): Promise<Run> {
  return runToEnd(start(process.execPath, [file]));
}

async function runToEnd(child: ChildProcess): Promise<Run> {
  const output = await finish(child, LIMIT);
  return readRun(output.trim().split('\n').at(-1) ?? '');
}

/** workerd only serves: it is asked once and then ended. */
async function runWorkerd(): Promise<Run> {
  const child = start(pathOf('workerd', 'bin/workerd'), ['serve', 'workerd.capnp', '--control-fd=1']);
  const ended = finish(child, LIMIT);
  try {
    const port = await Promise.race([listening(child), ended.then((output) => Promise.reject(new Error(output)))]);
    const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(LIMIT) });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return { ...readRun(text), version: installedVersion('workerd') ?? '' };
  } finally {
    child.kill();
    await ended.catch(() => undefined); // ended by our signal
  }
}

/** The port from `{"event":"listen","socket":"http","port":8080}`. */
function listening(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.stdout?.on('data', (line) => {
      const port = /"event":"listen","socket":"http","port":(\d+)/.exec(line)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  });
}

function pathOf(name: string, program: string): string {
  return join(folder, 'node_modules', name, program);
}

function start(path: string, args: readonly string[]): ChildProcess {
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    NO_COLOR: '1',
    DO_NOT_TRACK: '1',
    DENO_NO_UPDATE_CHECK: '1',
  };
  return spawn(path, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** @returns what the process printed. @throws {Error} with all it printed, when it fails or does not end in time. */
function finish(child: ChildProcess, limit: number): Promise<string> {
  let output = '';
  let errors = '';
  child.stdout?.setEncoding('utf8').on('data', (text) => (output += text));
  child.stderr?.setEncoding('utf8').on('data', (text) => (errors += text));
  const timer = setTimeout(() => child.kill('SIGKILL'), limit);
  return new Promise<string>((resolve, reject) => {
    child.once('error', reject).once('close', (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${errors}${output}`.trim() || `ended with ${signal ?? code} and printed nothing`));
    });
  }).finally(() => clearTimeout(timer));
}

/** @throws {Error} when it is not what main.js and worker.js write. */
function readRun(text: string): Run {
  const { version = '', checks }: { version?: unknown; checks?: unknown } = JSON.parse(text);
  if (!Array.isArray(checks)) throw new Error(`expected the checks that passed, got ${text.slice(0, 200)}`);
  return { version: String(version), checks: checks.map(String) };
}
