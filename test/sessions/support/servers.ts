/** Real servers for the tests of backends: started on free ports of this machine, with data in a folder that goes when they stop. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { until } from '../../support/eventually.ts';

export interface TestServer {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** Starts the server again on the same port, with the data it had on disk. @throws when it ends, or does not answer. */
  start(): Promise<void>;
  /** Ends it: 'kill' at once as by a crash, 'stop' as an administrator would. */
  stop(how?: 'stop' | 'kill'): Promise<void>;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

/** Which server this machine lacks, or undefined: for `describe.skipIf`. In CI they are there, so nothing is skipped. */
export function missing(server: 'redis' | 'postgres'): string | undefined {
  if (process.env['CI']) return undefined;
  if (server === 'postgres') return postgresFolder() === undefined ? 'postgresql' : undefined;
  return spawnSync('redis-server', ['--version']).error ? 'redis-server' : undefined;
}

/** Redis, persisting nothing but what `--appendonly yes` among the arguments says. */
export async function startRedis(...args: readonly string[]): Promise<TestServer> {
  return startProgram('redis-server', args);
}

/** Valkey, in the same way. */
export async function startValkey(...args: readonly string[]): Promise<TestServer> {
  return startProgram('valkey-server', args);
}

async function startProgram(program: string, args: readonly string[]): Promise<TestServer> {
  const folder = newFolder('redis');
  const port = await freePort();
  const options = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--dir', folder, ...args];
  const launch = () => spawn(program, options, { stdio: 'ignore' });
  return startServer(folder, port, launch, 'SIGTERM', () => answers(port));
}

/** PostgreSQL, with the superuser `postgres`, a database of that name, and no password. */
export async function startPostgres(...args: readonly string[]): Promise<TestServer & { readonly url: string }> {
  const programs = postgresFolder();
  if (programs === undefined) throw new Error('These tests need PostgreSQL: apt-get install postgresql');
  const folder = newFolder('postgres');
  const data = join(folder, 'data');
  mkdirSync(data);
  const user = serverUser(data);
  const made = spawnSync(join(programs, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'postgres', '--no-sync'], user);
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', ...args].flatMap((one) => ['-c', one]);
  const options = ['-D', data, '-p', String(port), ...settings];
  const launch = () => spawn(join(programs, 'postgres'), options, { ...user, stdio: 'ignore' });
  // SIGINT is a "fast" stop: clients are cut off, what was committed stays.
  const isReady = async () =>
    spawnSync(join(programs, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port)]).status === 0;
  const server = await startServer(folder, port, launch, 'SIGINT', isReady);
  return { ...server, url: `postgres://postgres@127.0.0.1:${port}/postgres` };
}

async function startServer(
  folder: string,
  port: number,
  launch: () => ChildProcess,
  stopSignal: 'SIGTERM' | 'SIGINT',
  isReady: () => Promise<boolean>,
): Promise<TestServer> {
  let child: ChildProcess | undefined;
  const start = async () => {
    child = launch();
    await untilReady(child, isReady);
  };
  const stop = async (how: 'stop' | 'kill' = 'stop') => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    child.kill(how === 'kill' ? 'SIGKILL' : stopSignal);
    await closed;
  };
  const remove = async () => {
    await stop('kill');
    rmSync(folder, { recursive: true, force: true });
  };
  await start();
  return { host: '127.0.0.1', port, start, stop, remove };
}

async function untilReady(child: ChildProcess, isReady: () => Promise<boolean>): Promise<void> {
  await until('the server answers', async () => child.exitCode !== null || (await isReady()));
  if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Redis and PostgreSQL, where they are installed, for all tests of the file that calls this. Their places are known once its tests run. */
export function useServers(): { redisAt(): string; postgresAt(): string } {
  const servers: TestServer[] = [];
  let [redisAt, postgresAt] = ['', ''];
  beforeAll(async () => {
    if (missing('redis') === undefined) {
      const redis = await startRedis();
      servers.push(redis);
      redisAt = String(redis.port);
    }
    if (missing('postgres') === undefined) {
      const postgres = await startPostgres('fsync=off');
      servers.push(postgres);
      postgresAt = postgres.url;
    }
  });
  afterAll(async () => {
    for (const server of servers) await server.remove();
  });
  return { redisAt: () => redisAt, postgresAt: () => postgresAt };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

function newFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `sealring-${name}-`));
  chmodSync(folder, 0o755); // PostgreSQL runs as another user, who has to get through
  return folder;
}

/** Debian keeps the programs out of PATH, one folder per version. */
function postgresFolder(): string | undefined {
  const base = '/usr/lib/postgresql';
  const versions = existsSync(base) ? readdirSync(base) : [];
  return versions.map((version) => join(base, version, 'bin')).findLast((folder) => existsSync(join(folder, 'initdb')));
}

/** PostgreSQL refuses to run as root; then it runs as its own user, who gets the folder. */
function serverUser(folder: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
  const user = { uid: id('-u'), gid: id('-g') };
  spawnSync('chown', [`${user.uid}:${user.gid}`, folder]);
  return user;
}
