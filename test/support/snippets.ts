/** Docstrings -> the pieces of code in them that a reader will copy. */

interface Snippet {
  /** Where it stands: `sealer.ts:12`. */
  name: string;
  code: string;
}

/** Every `@example` of the docstrings of a source file: its `ts` blocks, or all of its text if it has no fence. */
export function readExamples(file: string, source: string): Snippet[] {
  const comments = [...source.matchAll(/\/\*\*([\s\S]*?)\*\//g)];
  return comments.flatMap(({ index, 1: comment = '' }) => {
    const text = comment.trim().replace(/^\s*\* ?/gm, '');
    const examples = [...text.matchAll(/^@example\b(.*(?:\n(?!@).*)*)/gm)];
    return examples.map(([, example = '']) => {
      const fenced = [...example.matchAll(/^```ts.*\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
      return { name: `${file}:${lineAt(source, index)}`, code: fenced.length > 0 ? fenced.join('\n') : example };
    });
  });
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
