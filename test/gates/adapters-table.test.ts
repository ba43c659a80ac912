/** packages/sessions/adapters.json against everything that lists frameworks: source files, exports, examples, tests and the docs. */
import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import adapters from '../../packages/sessions/adapters.json' with { type: 'json' };
import { at, read } from '../support/repository.ts';
import { tableIn } from './markdown-table.ts';

const names = adapters.map(({ name }) => name).sort();

describe('lists the adapters of packages/sessions/adapters.json:', () => {
  it('source files', () => {
    const files = readdirSync(at('packages/sessions/src/adapters')).filter((name) => /^[^.]+\.ts$/.test(name));
    expect(files.map((name) => name.replace('.ts', '')).sort()).toEqual(names);
  });

  it('exports of the package', () => {
    const { exports } = JSON.parse(read('packages/sessions/package.json'));
    expect(names.filter((name) => exports[`./${name}`] !== `./dist/${name}.js`)).toEqual([]);
  });

  it('examples', () => {
    const folders = readdirSync(at('examples')).filter((name) => name !== 'node-http');
    expect(folders.sort()).toEqual(names);
  });

  it('README of the package', () => {
    const rows = adapters.map(({ framework, name, add, get }) => [
      framework,
      `\`sealring/${name}\``,
      `\`${add}\``,
      `\`${get}\``,
    ]);
    expect(tableIn('packages/sessions/README.md', 'framework')).toEqual(rows);
  });

  it('docs', () => {
    const pages = readdirSync(at('site/src/content/docs/use-with')).filter((name) => name !== 'other.md');
    expect(pages.map((name) => name.replace('.mdx', '')).sort()).toEqual(names);
  });
});

describe.each(names)('the example for %s', (name) => {
  const folder = `examples/${name}`;

  it('has the versions that are tested', () => {
    const { dependencies } = JSON.parse(read(`${folder}/package.json`));
    const tested: Record<string, string> = {};
    for (const file of [`test/frameworks/${name}/package.json`])
      Object.assign(tested, JSON.parse(read(file)).dependencies);
    for (const [library, version] of Object.entries(dependencies)) {
      if (library !== 'sealring') expect([library, tested[library]]).toEqual([library, version]);
    }
  });

  it('is tested', () => {
    expect(existsSync(at(`test/frameworks/${name}/${name}.test.ts`))).toBe(true);
  });
});
