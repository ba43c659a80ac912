/** The code on the site's pages, run as a reader would: all blocks of a page as one program, which has to print what the page says. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, built, read } from '../support/repository.ts';
import { readMarkdown } from '../support/snippets.ts';

const folder = at('.tsbuild/guides'); // inside the repository, so that the packages are found by name
beforeAll(() => {
  built('packages/codec/dist/index.js');
  mkdirSync(folder, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(['index.mdx', 'tutorials/codec.md'])('site/src/content/docs/%s', (page) => {
  it('prints what its comments say', () => {
    const code = readMarkdown(page, read(`site/src/content/docs/${page}`))
      .map((block) => block.code)
      .join('\n');
    const file = join(folder, `${page.replace(/\W/g, '-')}.ts`);
    writeFileSync(file, code);
    const printed = execFileSync(process.execPath, [file], {
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
    });
    const said = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => text);
    expect(said.length).toBeGreaterThan(0);
    expect(printed.trimEnd().split('\n')).toEqual(said);
  });
});
