/** Runs the examples of the docstrings. It passes if it does not throw. Code in Markdown has its own test: test/site/samples. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as codec from '@sealring/codec';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { at, read } from '../support/repository.ts';
import { readExamples } from '../support/snippets.ts';

const folder = mkdtempSync(join(tmpdir(), 'sealring-snippets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => vi.spyOn(console, 'log').mockReturnValue()); // what an example prints is for its readers
afterEach(() => vi.restoreAllMocks());

describe.each(['codec', 'inspect'])('docstrings of @sealring/%s', (name) => {
  const files = readdirSync(at(`packages/${name}/src`), { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => file.endsWith('.ts'));
  const examples = sources.flatMap((file) => readExamples(file, read(`packages/${name}/src/${file}`)));
  it.each(examples)('$name runs', ({ name, code }) => execute(name, withImports(code)));
});

describe('readExamples()', () => {
  it('takes the text of an example up to the next tag, with or without a fence', () => {
    const source =
      '/**\n * Adds.\n * @example\n * ```ts\n * add(1)\n * ```\n * @throws never\n */\n/** @example add(2) */\n';
    expect(readExamples('x.ts', source).map(({ code }) => code.trim())).toEqual(['add(1)', 'add(2)']);
  });
});

/** A file of its own for each, so that imports and top-level await work as they stand; `@sealring/codec` is the sources. */
async function execute(name: string, code: string): Promise<void> {
  const file = join(folder, `${name.replace(/\W/g, '-')}.ts`);
  writeFileSync(file, code);
  await import(/* @vite-ignore */ file);
}

/** An example in a docstring may leave out the import of the package it stands in. */
function withImports(code: string): string {
  if (code.includes('@sealring/')) return code;
  const used = Object.keys(codec).filter((name) => new RegExp(`\\b${name}\\b`).test(code));
  return `import { ${used.join(', ')} } from '@sealring/codec';\n${code}`;
}
