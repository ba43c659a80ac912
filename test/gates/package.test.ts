/** The npm packages as their users meet them: what is in them, and that they work in an empty folder under the machine's own Node.js and npm. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dependencies, importsOf, PUBLISHED, pack, readManifest, type Tarball } from '../support/packed.ts';
import { at, read } from '../support/repository.ts';

const folder = mkdtempSync(join(tmpdir(), 'sealring-package-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const OTHERS = { codec: ['FORMAT.md', 'THIRD-PARTY-LICENSES.md'], sessions: [], inspect: [] };
const tarballs = new Map<string, Tarball>();
beforeAll(() => {
  for (const name of PUBLISHED) tarballs.set(name, pack(name, folder));
}, 120_000);

describe.each(PUBLISHED)('the tarball of packages/%s', (name) => {
  const filesOf = () => tarballs.get(name)?.files ?? [];

  it('holds the build, what is written about it, and nothing else', () => {
    const written = ['package.json', 'LICENSE', 'README.md', ...OTHERS[name]];
    expect(filesOf()).toEqual(expect.arrayContaining(written));
    const folders = subpathsOf(name).map((path) => `${path}/package.json`);
    const isBuilt = (path: string) => /^dist\/[\w-]+\.(js|d\.ts)$/.test(path) || folders.includes(path);
    expect(filesOf().filter((path) => !isBuilt(path) && !written.includes(path))).toEqual([]);
  });

  it('holds every file that its manifests name', () => {
    const { exports } = readManifest(name);
    const manifests = ['.', ...subpathsOf(name)].map(
      (path) => [path, readIn(name, join(path, 'package.json'))] as const,
    );
    const named = manifests.flatMap(([path, text]) => {
      const { main, types }: { main: string; types: string } = JSON.parse(text);
      return [join(path, main), join(path, types)];
    });
    for (const path of [...Object.values(exports), ...named]) expect(filesOf()).toContain(join(path));
  });

  it('names no source map, which would name sources that are not in it', () => {
    const maps = filesOf().filter((path) => /\.(js|ts)$/.test(path) && readIn(name, path).includes('sourceMappingURL'));
    expect(maps).toEqual([]);
  });

  it('has for each path of "exports" what older tools look for: "main" and "types", of a subpath in a folder of its name', () => {
    for (const [path, target] of Object.entries(readManifest(name).exports)) {
      if (path === './package.json') continue;
      const { main, types } = JSON.parse(readIn(name, join(path, 'package.json')));
      expect(join(path, main), path).toBe(join(target));
      expect(join(path, types), path).toBe(join(target.replace(/\.js$/, '.d.ts')));
    }
  });
});

describe('installed with npm', () => {
  const imported = PUBLISHED.flatMap((name) => importsOf(name, JSON.parse(read(`packages/${name}/package.json`)).name));

  beforeAll(() => {
    const flags = ['--offline', '--install-links', '--no-audit', '--no-fund', '--loglevel=error'];
    const paths = [...tarballs.values()].map(({ path }) => path);
    run('npm', ['init', '-y', '--init-type=module'], newcomer());
    run('npm', ['install', ...flags, ...paths, ...dependencies().values()], newcomer());
  }, 120_000);

  it('it seals and opens under the Node.js of this machine', () => {
    const output = run('node', ['--input-type=module', '--eval', script], newcomer());
    expect(JSON.parse(output)).toEqual({ value: ['Ada', 42], node: expect.stringMatching(/^v\d+/) });
  });

  it('CommonJS gets the same modules from require(), without a warning', () => {
    const names = JSON.stringify(imported.filter((name) => name !== 'sealring/nest')); // it imports Nest, which is not installed here
    const program = `
      (async () => {
        const inside = (module) => module.default ?? module; // Node wraps a module that has a default export
        for (const name of ${names}) if (inside(require(name)) !== inside(await import(name))) console.log(name);
        console.log(require('@sealring/codec').generateKey().length);
      })();
    `;
    expect(runAll(['--input-type=commonjs', '--eval', program])).toBe('56\n');
  });
});

it('THIRD-PARTY-LICENSES.md holds the license of the cbor-x that is bundled', () => {
  const notice = read('packages/codec/THIRD-PARTY-LICENSES.md');
  const { version } = JSON.parse(read('packages/codec/node_modules/cbor-x/package.json'));
  expect(notice).toContain(`cbor-x ${version}`);
  expect(notice).toContain(readFileSync(at('packages/codec/node_modules/cbor-x/LICENSE'), 'utf8').trim());
});

const script = `
  import { createSealer, generateKey } from '@sealring/codec';
  const sealer = createSealer({ keys: [generateKey()], purpose: 'greeting' });
  const { value } = sealer.open(sealer.seal(new Map([['Ada', 42]])));
  console.log(JSON.stringify({ value: [...value][0], node: process.version }));
`;

/** `redis` of `./redis`. */
function subpathsOf(name: (typeof PUBLISHED)[number]): string[] {
  return importsOf(name, '').flatMap((path) => (path === '' ? [] : [path.slice(1)]));
}

/** A file of a tarball. */
function readIn(name: string, path: string): string {
  return run('tar', ['-xzOf', tarballs.get(name)?.path ?? '', join('package', path)]);
}

/** The environment without what this repository put into PATH, if another Node.js is left then. */
function newcomer(): NodeJS.ProcessEnv {
  const path = process.env['PATH'] ?? '';
  const own = path.split(delimiter).filter((part) => !part.includes('node_modules'));
  const works = own.some((part) => existsSync(join(part, 'node')));
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|pnpm_|NODE_|VITE)/i.test(name));
  return {
    ...Object.fromEntries(kept),
    PATH: works ? own.join(delimiter) : [dirname(process.execPath), ...own].join(delimiter),
  };
}

function run(command: string, args: string[], env = process.env): string {
  return execFileSync(command, args, { cwd: folder, env, encoding: 'utf8', shell: process.platform === 'win32' });
}

/** What Node prints, its warnings included. */
function runAll(args: string[]): string {
  const { stdout, stderr } = spawnSync('node', args, { cwd: folder, env: newcomer(), encoding: 'utf8' });
  return stderr + stdout;
}
