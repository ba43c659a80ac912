/** The npm package as its users meet it: what is in it, and that it works in an empty folder under the machine's own Node.js and npm. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, built, read } from '../support/repository.ts';

const folder = mkdtempSync(join(tmpdir(), 'sealring-package-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the tarball of @sealring/codec', () => {
  let tarball = '';
  let files: string[] = [];

  beforeAll(() => {
    built('packages/codec/dist/index.js');
    run('pnpm', ['pack', '--pack-destination', folder], at('packages/codec'));
    tarball = join(folder, readdirSync(folder).find((file) => file.endsWith('.tgz')) ?? '');
    files = run('tar', ['-tzf', tarball]).trim().split('\n');
  }, 60_000);

  it('holds the build, the format, the licenses and the README', () => {
    const names = ['dist/index.js', 'dist/index.d.ts', 'FORMAT.md', 'LICENSE', 'README.md', 'THIRD-PARTY-LICENSES.md'];
    for (const name of ['package.json', ...names]) expect(files).toContain(`package/${name}`);
  });

  it('holds no sources and no tests', () => {
    const other = /^package\/(dist\/[\w.-]+\.(js|d\.ts|js\.map|d\.ts\.map)|[A-Z-]+(\.md)?|package\.json)$/;
    expect(files.filter((file) => !other.test(file))).toEqual([]);
  });

  it('installs with npm, and seals and opens under the Node.js of this machine', () => {
    // The dependencies come from this repository's own copies, at the versions that the manifest asks for: no network.
    const noble = ['ciphers', 'hashes'].map((name) => at(`packages/codec/node_modules/@noble/${name}`));
    const flags = ['--offline', '--install-links', '--no-audit', '--no-fund', '--loglevel=error'];
    run('npm', ['init', '-y', '--init-type=module'], folder, newcomer());
    run('npm', ['install', ...flags, tarball, ...noble], folder, newcomer());
    const output = run('node', ['--input-type=module', '--eval', script], folder, newcomer());
    expect(JSON.parse(output)).toEqual({ value: ['Ada', 42], node: expect.stringMatching(/^v\d+/) });
  }, 120_000);
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

function run(command: string, args: string[], cwd = folder, env = process.env): string {
  return execFileSync(command, args, { cwd, env, encoding: 'utf8', shell: process.platform === 'win32' });
}
