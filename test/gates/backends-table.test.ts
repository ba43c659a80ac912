/** packages/sessions/backends.json against everything that lists backends: source files, exports, the README and the docs. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import adapters from '../../packages/sessions/adapters.json' with { type: 'json' };
import backends from '../../packages/sessions/backends.json' with { type: 'json' };
import { at, read } from '../support/repository.ts';
import { tableIn } from './markdown-table.ts';

/** What stands beside the backends in their folder. */
const OTHER_SOURCES = ['backend.ts'];
/** What the package exports beside them; `./memory` is one of them, without the rest. */
const OTHER_EXPORTS = ['./memory', './package.json', './testing'];

describe('packages/sessions/backends.json', () => {
  it('has every file of the folder of backends', () => {
    const files = readdirSync(at('packages/sessions/src/backends')).filter((name) => name.endsWith('.ts'));
    const listed = backends.map(({ source }) => source.replace(/^backends\//, ''));
    expect([...listed, ...OTHER_SOURCES].sort()).toEqual(files.sort());
  });

  it('says which backends need Node’s modules', () => {
    const { include } = JSON.parse(read('packages/sessions/tsconfig.node.json'));
    const nodeOnly = backends.filter(({ runtime }) => runtime === 'node').map(({ source }) => `src/${source}`);
    expect(nodeOnly.filter((source) => !include.includes(source))).toEqual([]);
    const portable = backends.filter(({ runtime }) => runtime === 'any').map(({ source }) => `src/${source}`);
    expect(portable.filter((source) => include.includes(source))).toEqual([]);
  });
});

describe('lists the backends of the table:', () => {
  it('exports of the package', () => {
    const { exports } = JSON.parse(read('packages/sessions/package.json'));
    const paths = backends.map(({ import: path }) => path.replace(/^sealring/, '.'));
    expect(paths.filter((path) => exports[path] === undefined)).toEqual([]);
    const known = [...paths, ...adapters.map(({ name }) => `./${name}`)];
    const others = Object.keys(exports).filter((path) => !known.includes(path));
    expect(others.sort()).toEqual(OTHER_EXPORTS.sort());
  });

  it('index.ts', () => {
    const index = read('packages/sessions/src/index.ts');
    const exported = [...index.matchAll(/^export \{ (\w+) \} from '\.\/backends\/[\w-]+\.ts';$/gm)].map(
      ([, name]) => name,
    );
    const listed = backends.filter(({ import: path }) => path === 'sealring').map(({ name }) => name);
    expect(exported.sort()).toEqual(listed.sort());
  });

  it('README of the package', () => {
    const rows = backends.map(({ call, import: path, keeps, safe, needs }) => [
      `\`${call}\` from \`${path}\``,
      keeps,
      safe,
      needs,
    ]);
    expect(tableIn('packages/sessions/README.md', 'import')).toEqual(rows);
  });

  it('how-to “Choose a store”', () => {
    const rows = tableIn('site/src/content/docs/how-to/choose-a-store.md', 'backend');
    const shown = rows.map(([link = '', ...cells]) => [/\(\/how-to\/stores\/([\w-]+)\/\)/.exec(link)?.[1], ...cells]);
    expect(shown).toEqual(backends.map((backend) => [pageOf(backend), backend.keeps, backend.safe]));
  });

  it('how-to pages', () => {
    const pages = readdirSync(at('site/src/content/docs/how-to/Stores')).map((name) => name.replace(/\.md$/, ''));
    expect(pages.sort()).toEqual(backends.map(pageOf).sort());
  });

  it('reference “Store interface”', () => {
    const rows = tableIn('site/src/content/docs/reference/store-interface.md', 'backend');
    const shown = rows.map(([link = '', , safe]) => [/`(\w+)\(\)`/.exec(link)?.[1], safe]);
    expect(shown).toEqual(backends.map(({ name, safe }) => [name, safe]));
  });

  it('reference “Browser and runtime support”', () => {
    const rows = tableIn('site/src/content/docs/reference/browser-and-runtime-support.md', 'import');
    const shown = rows.flatMap(([cell = '']) => [...cell.matchAll(/`([\w/-]+)(?:\(\))?`/g)].map(([, name]) => name));
    const listed = backends.map(({ name, import: path }) => (path === 'sealring' ? name : path));
    expect([...new Set(shown)].sort()).toEqual(listed.sort());
  });
});

/** The name of the page about a backend. */
function pageOf({ source }: { source: string }): string {
  return source.replace(/^backends\/|\.ts$/g, '');
}
