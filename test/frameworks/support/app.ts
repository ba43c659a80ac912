/** An example and the routes that its test adds -> a project like a user's: installed, built, and served by real servers. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKey } from '@sealring/codec';
import { freePort } from '../../sessions/support/servers.ts';
import { until } from '../../support/eventually.ts';
import { dependencies, pack } from '../../support/packed.ts';
import { at } from '../../support/repository.ts';

/** How a framework is built and served. */
export interface Framework {
  /** The folder in test/frameworks: `package.json`, `pnpm-lock.yaml`, and `files`, which are laid over the example. */
  readonly folder: string;
  /** Another folder there, whose `files` come first: that of another version of the framework. */
  readonly base?: string;
  /** The folder in examples. Default: the same name, if there is one. */
  readonly example?: string;
  /** Where the example has its `sessions.ts`. Default: `sessions.ts`. */
  readonly sessions?: string;
  /** The stores that its runtime takes. Default: both. */
  readonly stores?: readonly StoreKind[];
  /** Whether its runtime has no node:sqlite: then the database is in the server's memory. */
  readonly isWithoutSqlite?: boolean;
  /** The command that builds it, if one does. */
  readonly build?: readonly string[];
  /** The command that checks its types. Default: `tsc`. */
  readonly check?: readonly string[];
  /** The command that serves it, at the address in HOST and PORT. */
  readonly start: readonly string[];
  /** Whether an earlier story of the same file has made the project, and only how it is served is another. */
  readonly isMade?: boolean;
  /** Whether the framework has a part in the browser: then the story is also told there. */
  readonly inBrowser?: boolean;
}

export type StoreKind = 'cookie' | 'server';

export interface Served {
  readonly url: string;
  /** Its process group. */
  readonly group: number;
  /** What it has printed. */
  output(): string;
  stop(): Promise<void>;
}

const SESSION_KEY = generateKey();

/** The path of the project. */
export function appOf({ folder }: Framework): string {
  return at(`test/frameworks/${folder}/.app`);
}

/** Makes the project. Returns its path. */
export async function makeApp(framework: Framework): Promise<string> {
  const { folder, base, example = base ?? folder, sessions = 'sessions.ts', isWithoutSqlite, build } = framework;
  const source = at(`test/frameworks/${folder}`);
  const app = appOf(framework);
  emptyApp(app);
  const shown = at(`examples/${example}`);
  if (existsSync(shown)) cpSync(shown, app, { recursive: true, filter: (path) => !path.includes('node_modules') });
  const file = isWithoutSqlite === true ? 'sessions-in-memory.ts' : 'sessions.ts';
  cpSync(at(`test/frameworks/support/${file}`), join(app, sessions));
  const layers = [base, folder].filter((name) => name !== undefined).map((name) => at(`test/frameworks/${name}/files`));
  for (const files of layers) if (existsSync(files)) cpSync(files, app, { recursive: true });
  for (const name of ['package.json', 'pnpm-lock.yaml']) {
    if (existsSync(join(source, name))) cpSync(join(source, name), join(app, name));
  }
  await run(app, [
    'pnpm',
    'install',
    '--ignore-workspace',
    '--frozen-lockfile',
    '--ignore-scripts',
    '--prefer-offline',
  ]);
  installPackages(join(app, 'node_modules'));
  if (build !== undefined) await run(app, build, { SESSION_KEY: '' });
  return app;
}

/** Serves the project with one kind of store. */
export async function serve(app: string, { start }: Framework, store: StoreKind): Promise<Served> {
  const port = await freePort();
  const data = mkdtempSync(join(tmpdir(), 'sealring-app-'));
  const env = { HOST: '127.0.0.1', PORT: String(port), SESSION_KEY, STORE: store, DATABASE: join(data, 'sessions.db') };
  const child = launch(app, start, { ...env, NODE_ENV: 'production' });
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    await end(child.process);
    rmSync(data, { recursive: true, force: true });
  };
  try {
    await until(`${start.join(' ')} answers`, async () => {
      if (child.process.exitCode !== null) throw new Error(`It ended with ${child.process.exitCode}`);
      return await fetch(url, { method: 'HEAD', redirect: 'manual' }).then(
        () => true,
        () => false,
      );
    });
  } catch (error) {
    await stop();
    throw new Error(`${start.join(' ')} does not serve: ${child.output()}`, { cause: error });
  }
  return { url, group: child.process.pid ?? 0, output: child.output, stop };
}

/** All but what pnpm has installed, which takes longest. */
function emptyApp(app: string): void {
  mkdirSync(app, { recursive: true });
  execFileSync(
    'find',
    ['.', '-mindepth', '1', '-maxdepth', '1', '!', '-name', 'node_modules', '-exec', 'rm', '-rf', '{}', '+'],
    { cwd: app },
  );
}

/** As npm would: what would be published of ours, with copies of its dependencies beside it. */
function installPackages(modules: string): void {
  const tarballs = mkdtempSync(join(tmpdir(), 'sealring-tarballs-'));
  for (const folder of ['codec', 'sessions'] as const) {
    const { name, path } = pack(folder, tarballs);
    const target = join(modules, name);
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    execFileSync('tar', ['-xzf', path, '-C', target, '--strip-components=1']);
  }
  rmSync(tarballs, { recursive: true });
  for (const [name, path] of dependencies()) {
    const target = join(modules, name);
    if (!existsSync(target)) cpSync(path, target, { recursive: true, dereference: true });
  }
}

/** Checks the types of the project, those of libraries included. Returns what is wrong. */
export async function checkTypes(
  app: string,
  { check = ['tsc', '--noEmit', '--skipLibCheck', 'false'] }: Framework,
): Promise<string> {
  const child = launch(app, check, {});
  const [code] = await once(child.process, 'close');
  return code === 0 ? '' : child.output();
}

/** Runs a command in the project. @throws {Error} with its output if it fails. */
export async function run(app: string, command: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
  const child = launch(app, command, env);
  const [code] = await once(child.process, 'close');
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}:\n${child.output()}`);
}

/** In a process group of its own, so that its own children end with it. `node` is this Node.js, other commands those of the project. */
function launch(app: string, command: readonly string[], env: NodeJS.ProcessEnv) {
  const [program = '', ...args] = command;
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(VITEST|NODE_|TEST$|MODE$|DEV$|PROD$|SSR$|npm_)/.test(name),
  );
  const path = `${join(app, 'node_modules/.bin')}:${process.env['PATH']}`;
  const child = spawn(program === 'node' ? process.execPath : program, args, {
    cwd: app,
    env: {
      ...Object.fromEntries(kept),
      NO_COLOR: '1',
      CI: '1',
      PATH: path,
      NEXT_TELEMETRY_DISABLED: '1',
      ASTRO_TELEMETRY_DISABLED: '1',
      NUXT_TELEMETRY_DISABLED: '1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  return { process: child, output: () => output };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  process.kill(-child.pid, 'SIGKILL');
  await closed;
}
