/** A source file -> the examples in its docstrings, a program each. */
import type { Page, Program } from './samples.ts';

interface Line {
  /** From 1, in the source. */
  readonly number: number;
  /** Without the star before it. */
  readonly text: string;
}

export function readExamples(path: string, source: string): Page {
  const comments = [...source.matchAll(/\/\*\*([\s\S]*?)\*\//g)];
  const examples = comments.flatMap(({ index, 1: comment = '' }) => cutExamples(linesOf(source, index, comment)));
  return { path, programs: examples.map(programOf) };
}

function linesOf(source: string, offset: number, comment: string): Line[] {
  const first = source.slice(0, offset).split('\n').length;
  return comment.split('\n').map((text, index) => ({ number: first + index, text: text.replace(/^\s*\* ?|^ /, '') }));
}

/** An example goes on to the next tag; where it has fences, it is what stands between them. */
function cutExamples(lines: readonly Line[]): Line[][] {
  const examples: Line[][] = [];
  let open: Line[] | undefined;
  for (const line of lines) {
    const [, tag, rest = ''] = /^@(\w+)(.*)/.exec(line.text) ?? [];
    if (tag === undefined) open?.push(line);
    else if (tag !== 'example') open = undefined;
    else {
      open = [{ ...line, text: rest.trim() }];
      examples.push(open);
    }
  }
  return examples.filter((example) => !example.some(isLeftAlone)).map(unfenced);
}

/** As on a page: a fence may say why its code is not tried. */
function isLeftAlone({ text }: Line): boolean {
  return /^```\w+ no-check \w/.test(text);
}

function unfenced(lines: readonly Line[]): Line[] {
  const isFence = ({ text }: Line) => text.startsWith('```');
  if (!lines.some(isFence)) return [...lines];
  return lines.filter((line, at) => !isFence(line) && lines.slice(0, at).filter(isFence).length % 2 === 1);
}

function programOf(lines: readonly Line[]): Program {
  return {
    file: `example-${lines[0]?.number}.ts`,
    code: lines.map(({ text }) => text),
    lines: lines.map(({ number }) => number),
    runs: true,
  };
}
