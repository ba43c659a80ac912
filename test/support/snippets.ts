/** Markdown and docstrings -> the pieces of code in them that a reader will copy. */

export interface Snippet {
  /** Where it stands: `README.md:12`. */
  name: string;
  code: string;
}

/** Every `ts` block of a Markdown file but those that say why not: "ts no-run" and a reason. */
export function readMarkdown(file: string, markdown: string): Snippet[] {
  const blocks = [...markdown.matchAll(/^```ts(.*)\n([\s\S]*?)^```$/gm)];
  return blocks.flatMap(({ index, 1: info = '', 2: code = '' }) => {
    const name = `${file}:${lineAt(markdown, index)}`;
    if (/^ no-run\s*$/.test(info)) throw new Error(`${name}: "no-run" needs a reason`);
    return info.startsWith(' no-run ') ? [] : [{ name, code }];
  });
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
