/** Holds the lists of folders in ARCHITECTURE.md against the imports of each package's sources, and their code style. */
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOf, readLayers } from '../support/layers.ts';
import { at, read } from '../support/repository.ts';
import { readSource } from '../support/source.ts';

const blocks = readLayers(read('ARCHITECTURE.md'));

it('ARCHITECTURE.md lists the folders of every package and of no other', () => {
  expect([...blocks.keys()].sort()).toEqual(readdirSync(at('packages')).sort());
});

describe.each([...blocks])('folders of %s', (name, layers) => {
  const root = `packages/${name}/src`;
  const order = layers.map(({ folder }) => folder);
  const files = readdirSync(at(root), { recursive: true, encoding: 'utf8' }).filter((file) => /\.ts$/.test(file));
  const code = files.filter((file) => !file.endsWith('.d.ts')); // those declare what stands elsewhere
  const sources = new Map(code.map((file) => [file, readSource(file, read(`${root}/${file}`))]));
  const importsOf = (file: string): string[] => {
    const relative = sources.get(file)?.imports.filter((path) => path.startsWith('.')) ?? [];
    return relative.map((path) => join(dirname(file), path)).filter((path) => !path.endsWith('.d.ts'));
  };
  const foreign = new Set(Object.keys(dependencies(`packages/${name}/package.json`)));

  it('lists every folder once', () => {
    const folders = new Set(code.filter((file) => file !== 'index.ts').map(folderOf));
    expect([...order].sort()).toEqual([...folders].sort());
  });

  it('every folder imports only itself and folders above it, and nothing imports index.ts', () => {
    const wrong = code.flatMap((file) => {
      const place = file === 'index.ts' ? order.length : order.indexOf(folderOf(file));
      return importsOf(file)
        .filter((path) => path === 'index.ts' || order.indexOf(folderOf(path)) > place)
        .map((path) => `${file} -> ${path}`);
    });
    expect(wrong).toEqual([]);
  });

  it('has no cycle', () => {
    const done = new Set<string>();
    const cycleFrom = (file: string, path: readonly string[]): readonly string[] | undefined => {
      if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
      if (done.has(file)) return undefined;
      for (const next of importsOf(file)) {
        const cycle = cycleFrom(next, [...path, file]);
        if (cycle !== undefined) return cycle;
      }
      done.add(file);
      return undefined;
    };
    expect(code.map((file) => cycleFrom(file, [])).filter((cycle) => cycle !== undefined)).toEqual([]);
  });

  it.each(layers)('$folder imports the packages it is listed with', ({ folder, packages }) => {
    const own = code.filter((file) => folderOf(file) === folder && file !== 'index.ts');
    const imported = own.flatMap((file) => sources.get(file)?.imports.filter((path) => !path.startsWith('.')) ?? []);
    const found = new Set(imported.map(packageName));
    expect([...found].sort()).toEqual([...packages].sort());
    expect([...found].filter((path) => !foreign.has(path) && !path.startsWith('node:'))).toEqual([]);
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
    ["await import('./a.ts')", ['1: import() without "// loaded late:" beside it']],
    ["// loaded late: few need it\nawait import('./a.ts')", []],
    ["let a: import('./a.ts').A", ['1: import()']],
    ['// trust boundary: checked above\nexport const a = x as string', []],
    ['export const a = x as string // trust boundary: checked above', []],
    ['export const a = [1] as const', []],
    ["import { a as b } from './a.ts'; export { b as c } // any as default *", []],
  ])('of %j refuses %j', (text, refused) => {
    expect(readSource('a.ts', text).refused).toEqual(refused);
  });

  it('finds imports and re-exports, of types as well', () => {
    const text =
      "import a from 'a';\nimport type { B } from './b.ts';\nexport { c } from './c.ts';\nimport './d.ts';\nimport('./e.ts')";
    expect(readSource('a.ts', text).imports.sort()).toEqual(['./b.ts', './c.ts', './d.ts', './e.ts', 'a']);
  });
});

function dependencies(manifest: string): Record<string, string> {
  const { dependencies: own, devDependencies: bundled, peerDependencies: peers } = JSON.parse(read(manifest));
  return { ...own, ...bundled, ...peers };
}

/** `@noble/ciphers/chacha.js` -> `@noble/ciphers` */
function packageName(path: string): string {
  return path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/');
}
