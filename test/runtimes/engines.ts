/** The engines of the matrix, started on the same bundle. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'tsdown';
import { installedVersion } from '../support/npm-folder.ts';
import { built } from '../support/repository.ts';
import { programOf } from './programs.ts';

const folder = import.meta.dirname;
const LIMIT = 50_000; // milliseconds for one engine, of which it takes about 200; less than a test has

/** What one engine says of itself. */
interface Run {
  readonly version: string;
  readonly checks: readonly string[];
}

export interface Engine {
  /** As in package.json, whose version of it is the one that runs, unless it is Node.js itself. */
  readonly name: string;
  /** @throws {Error} with what the engine printed, when a check fails or it does not end in time. */
  run(): Promise<Run>;
}

export const engines: readonly Engine[] = [
  ...['node20', 'node22', 'node24', 'node26'].map((name) => scripted(name, ['main.js'])),
  scripted('deno', ['run', '--no-remote', '--no-npm', '--no-lock', '--no-prompt', 'main.js']),
  scripted('bun', ['run', '--no-install', 'main.js']),
  { name: 'workerd', run: runWorkerd },
  {
    name: 'edge',
    run: async () => ({ ...(await runHere('edge.js')), version: installedVersion(folder, 'edge') ?? '' }),
  },
  { name: 'realm', run: () => runHere('realm.js') },
];

/** Makes .portable/portable.js of the built packages. @throws {Error} when they are not built, or the bundle imports anything. */
export async function bundle(): Promise<string> {
  for (const name of ['codec', 'sessions']) built(`packages/${name}/dist/index.js`);
  await build({ config: join(folder, 'tsdown.config.ts'), logLevel: 'warn' });
  const path = built('.portable/portable.js');
  const code = readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\//g, ''); // comments may name what they like
  // What a runtime may have or not is looked up while it runs.
  const foreign = /^import\b.*|\bimport\(.*|(?<!getBuiltinModule\?\.\()["'`]node:.*|\brequire\(.*/m.exec(code);
  if (foreign) throw new Error(`the bundle expected no imports, got ${foreign[0]}`);
  return path;
}

/** An engine that runs a file and ends. */
function scripted(name: string, args: readonly string[]): Engine {
  return {
    name,
    run: () => runToEnd(start(programOf(name), args)),
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
  const child = start(programOf('workerd'), ['serve', 'workerd.capnp', '--control-fd=1']);
  const ended = finish(child, LIMIT);
  try {
    const port = await Promise.race([listening(child), ended.then((output) => Promise.reject(new Error(output)))]);
    const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(LIMIT) });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return { ...readRun(text), version: installedVersion(folder, 'workerd') ?? '' };
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
