/** A program -> what its comments say it prints: `console.log(x); // text`, for each call its line and the text. */
import { parseSync, Visitor } from 'oxc-parser';

export interface Expectation {
  /** The line, from 1, on which the call begins. */
  readonly line: number;
  /** What it prints; `…` stands for anything. */
  readonly text: string;
  /** False for the branch behind `else`: one of two branches is never taken. */
  readonly reached: boolean;
}

export function readExpectations(code: string): Expectation[] {
  const { program, comments } = parseSync('sample.ts', code);
  const lineAt = (offset: number) => code.slice(0, offset).split('\n').length;
  const expectations: Expectation[] = [];
  const visitor = new Visitor({
    CallExpression({ start, end }) {
      if (!code.startsWith('console.log(', start)) return;
      const comment = comments.find((one) => one.start >= end && /^[ )};]*$/.test(code.slice(end, one.start)));
      if (comment?.type !== 'Line') return;
      const reached = !/\belse\s*$/.test(code.slice(0, start));
      expectations.push({ line: lineAt(start), text: comment.value.trim(), reached });
    },
  });
  visitor.visit(program);
  return expectations;
}

/** Whether a printed text is what a comment says, line breaks and indentation aside: Node wraps long objects. */
export function matches(printed: string, text: string): boolean {
  const pattern = flat(text)
    .split('…')
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${pattern}$`).test(flat(printed));
}

function flat(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}
