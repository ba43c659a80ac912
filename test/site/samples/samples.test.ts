/** All code of the documentation and the READMEs, as readers copy it: it compiles, runs, ends, and prints what its comments say. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { read } from '../../support/repository.ts';
import { lacksServer, type Page, Samples } from '../../support/samples/samples.ts';
import { listDocs, listReadmes } from './pages.ts';
import { readPage } from './programs.ts';

const pages = [...listReadmes(), ...listDocs()].map((path) => readPage(path, read(path)));

/** Pages that must be refused, each for one reason. */
const wrong = {
  type: page('wrong/type.md', 'const n: number = "text";'),
  types: page('wrong/no-run.md', 'const n: number = "text";', 'no-run it is wrong'),
  print: page('wrong/print.md', 'console.log(1 + 1); // 3'),
  silent: page('wrong/silent.md', 'if (Date.now() < 0) console.log(1); // 1'),
  throws: page('wrong/throws.md', 'throw new Error("on purpose");'),
  rejects: page('wrong/rejects.md', 'await Promise.reject(new Error("on purpose"));'),
  hangs: page('wrong/hangs.md', 'setInterval(() => {}, 1000);'),
};

const samples = new Samples('samples', [...pages, ...Object.values(wrong)]);
beforeAll(() => samples.start(), 120_000);
afterAll(() => samples.stop());

describe.concurrent.each(pages.map((each) => [each.path, each] as const))('%s', (_, each) => {
  it('says why what does not run does not', () => expect(each.faults).toEqual([]));

  if (each.programs.length > 0) it('compiles', () => expect(samples.complaintsAbout(each)).toEqual([]));

  const programs = each.programs.filter(({ runs }) => runs);
  it.skipIf(lacksServer(each)).each(programs)('$file runs and prints what it says', async (program) => {
    expect(await samples.faultsOf(each, program)).toEqual([]);
  });
});

describe.concurrent('the check of the samples', () => {
  it('refuses a type error, in code that does not run too', () => {
    expect(samples.complaintsAbout(wrong.type)).toEqual([expect.stringContaining('wrong/type.md:2: TS2322')]);
    expect(samples.complaintsAbout(wrong.types)).toEqual([expect.stringContaining('wrong/no-run.md:2: TS2322')]);
  });

  it('refuses another line than the comment says', async () => {
    expect(await onlyFaultOf(wrong.print)).toBe('wrong/print.md:2: printed "2", the page says "3"');
  });

  it('refuses a line that was never printed', async () => {
    expect(await onlyFaultOf(wrong.silent)).toBe('wrong/silent.md:2: printed nothing, the page says "1"');
  });

  it.each([wrong.throws, wrong.rejects])('refuses an error: $path', async (each) => {
    expect(await onlyFaultOf(each)).toContain('on purpose');
  });

  it('refuses a program that does not end', async () => {
    expect(await onlyFaultOf(wrong.hangs, 3)).toContain('did not end within 3 seconds');
  });

  it.each([
    ['js', 'must say why'],
    ['sh', 'must say why'],
    ['ts no-run', 'needs a reason'],
    ['typescript', 'write "ts"'],
  ])('refuses a block %s', (fence, fault) => {
    expect(readPage('x.md', `\`\`\`${fence}\ncode\n\`\`\``).faults).toEqual([expect.stringContaining(fault)]);
  });

  it.each(['go', 'json', '', 'sh no-run it serves for ever'])('takes a block "%s"', (fence) => {
    expect(readPage('x.md', `\`\`\`${fence}\ncode\n\`\`\``).faults).toEqual([]);
  });
});

describe('readPage()', () => {
  const programs = (...blocks: string[]) =>
    readPage('x.md', blocks.map((block) => `\`\`\`ts ${block}\n\`\`\``).join('\n')).programs.map(
      ({ code, runs }) => [code.join(';'), runs] as const,
    );

  it('joins blocks into one program, which an import of the same name ends', () => {
    const first = "\nimport { a } from 'x'";
    expect(programs(first, '\na()', first)).toEqual([
      ["import { a } from 'x';a()", true],
      ["import { a } from 'x'", true],
    ]);
  });

  it('runs a named file, unless another one imports it', () => {
    expect(programs('\n// a.ts\n1', '\n// b.ts\n2', '\n// a.ts\n3')).toEqual([
      ['// a.ts;1;// a.ts;3', true],
      ['// b.ts;2', true],
    ]);
    expect(programs('\n// a.ts\n1', "\nimport './a.ts'")).toEqual([
      ['// a.ts;1', false],
      ["import './a.ts'", true],
    ]);
  });

  it('checks what does not run after the program so far, which goes on without it', () => {
    expect(programs('\n1', 'no-run because\n2', '\n3')).toEqual([
      ['1;3', true],
      ['1;2', false],
    ]);
  });
});

function page(path: string, code: string, info = ''): Page {
  return readPage(path, `\`\`\`ts ${info}\n${code}\n\`\`\`\n`);
}

async function onlyFaultOf(each: Page, seconds?: number): Promise<string | undefined> {
  const [program] = each.programs;
  if (program === undefined) throw new Error(`${each.path} has no program`);
  const faults = await samples.faultsOf(each, program, seconds);
  expect(faults).toHaveLength(1);
  return faults[0];
}
