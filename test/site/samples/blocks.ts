/** Markdown -> its fenced blocks of code, each with its language, what else stands behind the fence, and its line. */

export interface Block {
  readonly language: string;
  /** What stands behind the language: `no-run needs a browser`. */
  readonly info: string;
  /** The line of the page, from 1, on which the code begins. */
  readonly line: number;
  readonly code: readonly string[];
}

export function readBlocks(markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: { block: Block; code: string[]; fence: string; indent: number } | undefined;
  for (const [index, text] of markdown.split('\n').entries()) {
    const [, indent = '', fence = '', language = '', info = ''] = /^( *)(`{3,})(\S*) *(.*)$/.exec(text) ?? [];
    if (open !== undefined) {
      if (fence === open.fence && language === '') open = undefined;
      else open.code.push(text.slice(0, open.indent).trim() + text.slice(open.indent)); // within a list or a tab
    } else if (fence !== '') {
      const code: string[] = [];
      const block = { language, info: info.trim(), line: index + 2, code };
      open = { block, code, fence, indent: indent.length };
      blocks.push(block);
    }
  }
  return blocks;
}
