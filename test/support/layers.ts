/** ARCHITECTURE.md -> the files of each package, lowest first, as its fenced blocks named "layers" list them. */

export interface Layer {
  file: string;
  /** The third-party packages that this file, and no unnamed one, imports. */
  packages: string[];
}

/** Each line of a block: a file, then the third-party packages it imports, if any; what follows a `#` is a remark. */
export function readLayers(markdown: string): Map<string, Layer[]> {
  const blocks = new Map<string, Layer[]>();
  for (const [, name = '', body = ''] of markdown.matchAll(/^```layers (\S+)\n([\s\S]*?)^```$/gm)) {
    const lines = body.split('\n').map((line) => line.replace(/#.*/, '').trim());
    const layers = lines.filter(Boolean).map((line) => {
      const [file = '', ...packages] = line.split(/[\s,]+/);
      return { file, packages };
    });
    blocks.set(name, layers);
  }
  return blocks;
}
