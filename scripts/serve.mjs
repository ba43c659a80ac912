/**
 * `npm start`: builds packages and site, then serves the site and the example until Ctrl+C or SIGTERM, and prints where they are.
 * `pnpm dev` (`--dev`): the same with pages that show each change of their sources, but have no search, policy or offline copy.
 * SITE_PORT and EXAMPLE_PORT move them.
 */
import { spawn, spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const host = '127.0.0.1';
const windows = process.platform === 'win32';
const isDev = process.argv.includes('--dev');

const site = {
  name: 'site',
  what: 'documentation and playground',
  variable: 'SITE_PORT',
  port: Number(process.env.SITE_PORT ?? 4321),
  folder: 'site',
  args: (port) => [
    'node_modules/astro/bin/astro.mjs',
    isDev ? 'dev' : 'preview',
    '--host',
    host,
    '--port',
    String(port),
  ],
};
const example = {
  name: 'example',
  what: 'a small shop: sessions in node:http',
  variable: 'EXAMPLE_PORT',
  port: Number(process.env.EXAMPLE_PORT ?? 3000),
  folder: 'examples/node-http',
  args: () => ['server.ts'],
};
const servers = [site, example];
const PRINT_KEY = `import('sealring').then(({ generateKey }) => console.log(generateKey()))`; // once it is built
const environment = { ...process.env, ASTRO_TELEMETRY_DISABLED: '1' };
const groups = []; // process ids of what was started, each the head of a process group
let stopping;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(0));
const parent = process.ppid;
setInterval(() => process.ppid !== parent && stop(0), 300).unref(); // a package manager may end without passing the signal on

await refuseUsedPorts();
for (const script of isDev ? ['build'] : ['build', 'build:site']) {
  const code = await start('pnpm', ['run', script], { shell: windows, env: environment });
  if (code !== 0) await stop(code);
}
const ends = servers.map(serve);
for (const { port } of servers) while (!(await accepts(port))) await sleep(100);
announce();
await Promise.all(ends);

async function refuseUsedPorts() {
  for (const { name, variable, port } of servers) {
    if (!(await accepts(port))) continue;
    console.error(`Port ${port}, meant for the ${name}, is in use, perhaps by another \`npm start\`.`);
    console.error(`Stop that, or choose another port:  ${variable}=${port + 1} npm start`);
    process.exit(1);
  }
}

/** Runs one server for as long as it lives; when it ends, so does the other. */
async function serve({ name, port, folder, args }) {
  const env = { ...environment, PORT: String(port) };
  if (name === 'example') env.SESSION_KEY ??= throwAwayKey();
  const code = await start(process.execPath, args(port), { cwd: join(root, folder), env });
  if (!stopping) console.error(`\nThe ${name} ended (exit code ${code}); see above.`);
  await stop(1);
}

/** The example does not start without a key. One for each run is enough to try it out. */
function throwAwayKey() {
  const { stdout } = spawnSync(process.execPath, ['-e', PRINT_KEY], {
    cwd: join(root, 'examples/node-http'),
    encoding: 'utf8',
  });
  return stdout.trim();
}

/** Starts a program in a process group of its own, so that stopping it reaches everything it starts; resolves to its exit code. */
function start(command, args, options) {
  return new Promise((resolve) => {
    const stdio = ['ignore', 'inherit', 'inherit'];
    const child = spawn(command, args, { cwd: root, stdio, detached: !windows, ...options });
    if (child.pid) groups.push(child.pid);
    child.once('error', (error) => {
      console.error(String(error));
      resolve(1);
    });
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function stop(code) {
  stopping ??= end(code);
  return stopping;
}

/** Ends every process group, by force after five seconds, and then this process. */
async function end(code) {
  signalAll('SIGTERM');
  for (let i = 0; i < 100 && signalAll(0); i++) await sleep(50);
  signalAll('SIGKILL');
  process.exit(code);
}

/** Whether any process was there to take the signal. */
function signalAll(signal) {
  let any = false;
  for (const pid of groups) {
    try {
      any = process.kill(windows ? pid : -pid, signal) || any;
    } catch {} // that group has ended
  }
  return any;
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect({ host, port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function announce() {
  if (stopping) return;
  console.log('');
  for (const { name, what, port } of servers) console.log(`  ${name.padEnd(9)}http://${host}:${port}   ${what}`);
  console.log('  Ctrl+C stops both.\n');
}
