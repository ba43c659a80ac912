/** Holds the layer lists of ARCHITECTURE.md against the imports of each package's sources, and their code style. */
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLayers } from '../support/layers.ts';
import { at, read } from '../support/repository.ts';
import { readSource } from '../support/source.ts';

const blocks = readLayers(read('ARCHITECTURE.md'));

it('ARCHITECTURE.md lists the layers of every package and of no other', () => {
  expect([...blocks.keys()].sort()).toEqual(readdirSync(at('packages')).sort());
});

describe.each([...blocks])('layers %s', (name, layers) => {
  const folder = `packages/${name}/src`;
  const order = layers.map(({ file }) => file);
  const files = readdirSync(at(folder), { recursive: true, encoding: 'utf8' }).filter((file) => /\.ts$/.test(file));
  const code = files.filter((file) => !file.endsWith('.d.ts')); // those declare what stands elsewhere
  const sources = new Map(code.map((file) => [file, readSource(file, read(`${folder}/${file}`))]));
  const foreign = new Set(Object.keys(dependencies(`packages/${name}/package.json`)));

  it('lists every file once', () => {
    expect([...order].sort()).toEqual([...code].sort());
  });

  it.each([...sources])('%s imports only files above it', (file, { imports }) => {
    const above = order.slice(0, order.indexOf(file)); // so there are no cycles, and nothing imports index.ts, which is last
    const imported = imports.filter((path) => path.startsWith('.')).map((path) => join(dirname(file), path));
    expect(imported.filter((path) => !above.includes(path) && !path.endsWith('.d.ts'))).toEqual([]);
  });

  it.each([...sources])('%s imports the packages it is listed with', (file, { imports }) => {
    const packages = imports.filter((path) => !path.startsWith('.')).map(packageName);
    expect([...new Set(packages)].sort()).toEqual(layers.find((layer) => layer.file === file)?.packages.sort() ?? []);
    expect(packages.filter((path) => !foreign.has(path) && !path.startsWith('node:'))).toEqual([]);
  });

  it('index.ts is the last', () => {
    expect(order.at(-1)).toBe('index.ts');
  });

  it.each([...sources])('%s has no default export, no export *, no any, no unexplained cast', (_file, { refused }) => {
    expect(refused).toEqual([]);
  });
});

describe('readSource()', () => {
  it.each([
    ['export default 1', ['1: export default']],
    ["export * from './a.ts'", ['1: export *']],
    ["export * as a from './a.ts'", ['1: export *']],
    ['let a: any;\nlet b: any[]', ['1: the type any', '2: the type any']],
    ['export const a = x as string', ['1: a cast without "// trust boundary:" beside it']],
    ['export const a = <string>x', ['1: a cast without "// trust boundary:" beside it']],
    ["await import('./a.ts')", ['1: import()']],
    ['// trust boundary: checked above\nexport const a = x as string', []],
    ['export const a = x as string // trust boundary: checked above', []],
    ['export const a = [1] as const', []],
    ["import { a as b } from './a.ts'; export { b as c } // any as default *", []],
  ])('of %j refuses %j', (text, refused) => {
    expect(readSource('a.ts', text).refused).toEqual(refused);
  });

  it('finds imports and re-exports, of types as well', () => {
    const text = "import a from 'a';\nimport type { B } from './b.ts';\nexport { c } from './c.ts';\nimport './d.ts'";
    expect(readSource('a.ts', text).imports.sort()).toEqual(['./b.ts', './c.ts', './d.ts', 'a']);
  });
});

function dependencies(manifest: string): Record<string, string> {
  const { dependencies: own, devDependencies: bundled } = JSON.parse(read(manifest));
  return { ...own, ...bundled };
}

/** `@noble/ciphers/chacha.js` -> `@noble/ciphers` */
function packageName(path: string): string {
  return path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/');
}
