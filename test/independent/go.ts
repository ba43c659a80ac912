/** The Go implementation as a process, built once and without a network, out of Debian's packages. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { type Ask, missing, start } from './program.ts';

const libraries = ['golang.org/x/crypto', 'github.com/fxamacker/cbor'].map((name) => `/usr/share/gocode/src/${name}`);
const isInstalled = spawnSync('go', ['version']).error === undefined && libraries.every((path) => existsSync(path));

/** @returns the path of the program. It and all that Go writes is in the folder. */
function build(folder: string): string {
  const source = fileURLToPath(new URL('go', import.meta.url));
  const program = join(folder, 'sealring');
  const modules = join(folder, 'go.mod'); // a copy: Go writes into it which versions it has found
  copyFileSync(join(source, 'debian.mod'), modules);
  const { status, stderr } = spawnSync('go', ['build', '-mod=mod', `-modfile=${modules}`, '-o', program, '.'], {
    cwd: source,
    encoding: 'utf8',
    env: {
      ...process.env,
      ...{ GOCACHE: join(folder, 'cache'), GOPATH: join(folder, 'path'), GOPROXY: 'off' },
      ...{ GOTOOLCHAIN: 'local', GOFLAGS: '', GO111MODULE: 'on' },
    },
  });
  if (status !== 0) throw new Error(`go build failed: ${stderr}`);
  return program;
}

async function startBuilt() {
  const folder = mkdtempSync(join(tmpdir(), 'sealring-go-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return start(build(folder));
}

const go = isInstalled ? await startBuilt() : undefined;
afterAll(() => go?.end());

/** Why the tests are skipped. */
export const skipped: string | undefined =
  go === undefined ? missing('Go with Debian’s packages of x/crypto and fxamacker/cbor') : undefined;

export const ask: Ask = (request) => {
  if (go === undefined) throw new Error('Go is not installed');
  return go.ask(request);
};
