/**
 * Installs what the tests need beside npm packages, on Debian or Ubuntu as root: browsers, servers, Python, Go. Does nothing elsewhere,
 * where the tests say themselves what they miss. With CI set a failure ends the run; else the tests run with what there is.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const SHELL = 'chromium-headless-shell'; // Debian's: pages open in half the time. Ubuntu has none, and the whole browser will do
const packages = [
  ['chromium', onPath('chromium')],
  [SHELL, onPath(SHELL)],
  ['firefox-esr', onPath('firefox-esr')],
  ['webkit2gtk-driver', onPath('WebKitWebDriver')],
  ['xvfb', onPath('Xvfb')],
  ['redis-server', onPath('redis-server')],
  ['postgresql', hasPostgres()],
  ['python3', onPath('python3')],
  ['golang', onPath('go')],
  ['golang-golang-x-crypto-dev', existsSync('/usr/share/gocode/src/golang.org/x/crypto')],
  ['golang-github-fxamacker-cbor-dev', existsSync('/usr/share/gocode/src/github.com/fxamacker/cbor')],
];
const missing = packages.filter(([, found]) => !found).map(([name]) => name);
if (missing.length > 0 && process.getuid?.() === 0 && onPath('apt-get')) await install(missing);

function onPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/** Debian keeps the server's programs out of PATH, one folder per version. */
function hasPostgres() {
  const base = '/usr/lib/postgresql';
  return existsSync(base) && readdirSync(base).some((version) => existsSync(join(base, version, 'bin/postgres')));
}

async function install(names) {
  console.log(`Installing ${names.join(', ')} with apt-get (about a minute)`);
  const apt = (...args) => ['apt-get', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3', '-qq', ...args];
  if (!update(apt('update')) && !update(apt('update'))) return fail('apt-get update');
  const offered = names.filter((name) => name !== SHELL || isOffered(name));
  const policy = '/usr/sbin/policy-rc.d'; // keeps the packages from starting their services
  const ours = !existsSync(policy);
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  const code = await withProgress(apt('install', '-y', '--no-install-recommends', ...offered));
  if (ours) rmSync(policy, { force: true });
  if (code !== 0) fail('apt-get install');
}

function isOffered(name) {
  return spawnSync('apt-cache', ['show', name], { stdio: 'ignore' }).status === 0;
}

function update([command, ...args]) {
  return spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}

/** One line for every fifty packages; the rest of what apt says only if it fails. */
function withProgress([command, ...args]) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  let done = 0;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      log += text;
      const before = done;
      done = log.split('\nSetting up ').length - 1;
      if (Math.floor(done / 50) > Math.floor(before / 50)) console.log(`  ${done} packages set up`);
    });
  }
  return new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('close', (code) => {
      if (code !== 0) console.error(log.slice(-4000));
      resolve(code);
    });
  });
}

function fail(what) {
  console.error(`${what} failed${process.env.CI ? '' : '; the tests run with what there is'}`);
  if (process.env.CI) process.exit(1);
}
