/**
 * A page -> the programs its code makes, and what is wrong with its blocks.
 *
 * All `ts` blocks form one program. Two things make another: a first line `// name.ts`, which names a file of the page, and an import
 * of a name that the program has imported before, with which a page starts afresh.
 */
import { parseSync } from 'oxc-parser';
import type { Page, Program } from '../../support/samples/samples.ts';
import { type Block, readBlocks } from './blocks.ts';

/** A page of Markdown. */
export interface MarkdownPage extends Page {
  /** Blocks that neither run nor say why not. */
  readonly faults: readonly string[];
}

interface Draft {
  readonly file: string;
  readonly code: string[];
  readonly lines: number[];
  runs: boolean;
}

/** Languages that a reader would run; other blocks show output, data or somebody else's code. */
const RUNNABLE = new Set(['js', 'mjs', 'jsx', 'tsx', 'sh', 'bash', 'html', 'astro', 'svelte', 'vue']);
const MISSPELT = new Set(['typescript', 'javascript', 'shell', 'mts']);

export function readPage(path: string, markdown: string): MarkdownPage {
  const faults: string[] = [];
  const drafts: Draft[] = [];
  let current: Draft | undefined;
  for (const block of readBlocks(markdown)) {
    const fault = faultOf(block);
    if (fault !== undefined) faults.push(`${path}:${block.line - 1}: ${fault}`);
    if (block.language !== 'ts' || /^no-check\b/.test(block.info)) continue;
    const runs = !/^no-run\b/.test(block.info);
    const name = /^\/\/ ([\w.-]+\.ts)$/.exec(block.code[0] ?? '')?.[1];
    if (name !== undefined) {
      append(named(drafts, name, runs), block);
      continue;
    }
    const afresh = current === undefined || importsAgain(current.code, block.code);
    if (!runs) {
      // It may use what the program before it has declared, so it is checked with a copy of that.
      const before = afresh || current === undefined ? { code: [], lines: [] } : current;
      const copy = draft(drafts, `no-run-${block.line}.ts`, false, before);
      append(copy, block);
      continue;
    }
    if (afresh || current === undefined) current = draft(drafts, `program-${block.line}.ts`, true);
    append(current, block);
  }
  const all = drafts.flatMap(({ code }) => importsOf(code).from);
  const programs = drafts.map((one) => ({ ...one, runs: one.runs && !all.includes(`./${one.file}`) }));
  return { path, programs, faults };
}

function faultOf({ language, info, code }: Block): string | undefined {
  if (MISSPELT.has(language)) return `write "ts", "js" or "sh" instead of "${language}"`;
  if (/^no-(run|check)$/.test(info)) return `"${info}" needs a reason`;
  if (!RUNNABLE.has(language) || /^no-run /.test(info)) return undefined;
  if (language === 'sh' && code.every((line) => line === '' || line.startsWith('npm install '))) return undefined;
  return `a "${language}" block must say why it does not run: "${language} no-run <reason>"`;
}

function named(drafts: Draft[], file: string, runs: boolean): Draft {
  const found = drafts.find((one) => one.file === file) ?? draft(drafts, file, runs);
  found.runs &&= runs;
  return found;
}

function draft(
  drafts: Draft[],
  file: string,
  runs: boolean,
  before: Pick<Program, 'code' | 'lines'> = { code: [], lines: [] },
): Draft {
  const made = { file, runs, code: [...before.code], lines: [...before.lines] };
  drafts.push(made);
  return made;
}

function append(to: Draft, { code, line }: Block): void {
  to.code.push(...code);
  to.lines.push(...code.map((_, index) => line + index));
}

function importsAgain(before: readonly string[], code: readonly string[]): boolean {
  const known = new Set(importsOf(before).names);
  return importsOf(code).names.some((name) => known.has(name));
}

function importsOf(code: readonly string[]): { names: string[]; from: string[] } {
  const { staticImports } = parseSync('sample.ts', code.join('\n')).module;
  return {
    names: staticImports.flatMap(({ entries }) => entries.map(({ localName }) => localName.value)),
    from: staticImports.map(({ moduleRequest }) => moduleRequest.value),
  };
}
