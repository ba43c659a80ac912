/** All examples of the docstrings, as readers copy them: they compile, run, end, and print what their comments say. */
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, read } from '../support/repository.ts';
import { readExamples } from '../support/samples/docstrings.ts';
import { lacksServer, Samples } from '../support/samples/samples.ts';

const sources = ['codec', 'sessions', 'inspect'].flatMap((name) => {
  const files = readdirSync(at(`packages/${name}/src`), { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.ts')).map((file) => `packages/${name}/src/${file}`);
});
const pages = sources.map((path) => readExamples(path, read(path))).filter(({ programs }) => programs.length > 0);

const samples = new Samples('docstrings', pages);
beforeAll(() => samples.start(), 120_000);
afterAll(() => samples.stop());

describe.concurrent.each(pages.map((page) => [page.path, page] as const))('%s', (_, page) => {
  it('has examples that compile', () => expect(samples.complaintsAbout(page)).toEqual([]));

  it.skipIf(lacksServer(page)).each(page.programs)('$file runs and prints what it says', async (program) => {
    expect(await samples.faultsOf(page, program)).toEqual([]);
  });
});

describe('readExamples()', () => {
  const read = (source: string) =>
    readExamples('x.ts', source).programs.map(({ file, code, lines }) => [file, code.join('\n').trim(), lines.at(-1)]);

  it('takes the text of an example up to the next tag', () => {
    const source =
      '/**\n * Adds.\n *\n * @example\n * add(\n *   1,\n * )\n * @throws never\n */\n/** @example add(2) */\n';
    expect(read(source)).toEqual([
      ['example-4.ts', 'add(\n  1,\n)', 7],
      ['example-10.ts', 'add(2)', 10],
    ]);
  });

  it('leaves alone what says why', () => {
    expect(read('/**\n * @example\n * ```ts no-check it needs Nest\n * add(1)\n * ```\n */')).toEqual([]);
    expect(read('/**\n * @example\n * ```ts no-check\n * add(1)\n * ```\n */')).toHaveLength(1);
  });

  it('takes what stands in a fence, where there is one', () => {
    expect(read('/**\n * @example\n * In words:\n * ```ts\n * add(1)\n * ```\n */')).toEqual([
      ['example-5.ts', 'add(1)', 5],
    ]);
  });
});
