/** ARCHITECTURE.md -> the folders of each package, lowest first, as its fenced blocks named "layers" list them. */

export interface Layer {
  /** A folder directly under `src`, with all that is in it; `.` for the files that lie in `src` itself. */
  folder: string;
  /** The packages that its files import, of this repository and others. */
  packages: string[];
}

/** Each line of a block: a folder, then the packages it imports, if any; what follows a `#` is a remark. */
export function readLayers(markdown: string): Map<string, Layer[]> {
  const blocks = new Map<string, Layer[]>();
  for (const [, name = '', body = ''] of markdown.matchAll(/^```layers (\S+)\n([\s\S]*?)^```$/gm)) {
    const lines = body.split('\n').map((line) => line.replace(/#.*/, '').trim());
    const layers = lines.filter(Boolean).map((line) => {
      const [folder = '', ...packages] = line.split(/[\s,]+/);
      return { folder, packages };
    });
    blocks.set(name, layers);
  }
  return blocks;
}

/** `backends/redis/client.ts` -> `backends`; `error.ts` -> `.` */
export function folderOf(file: string): string {
  const [first = '', ...rest] = file.split('/');
  return rest.length === 0 ? '.' : first;
}
