/** `import text from '…/examples/<framework>/<file>?raw'` -> the text of the file, for the pages that show it. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Plugin } from 'vite';

const PREFIX = '\0example-text:';

/**
 * Vite reads such imports by itself, but looks for the tsconfig.json of a TypeScript file all the same. That of an example extends files which are only
 * there when its framework is installed.
 */
export const exampleText: Plugin = {
  name: 'example-text',
  enforce: 'pre',
  resolveId(source, importer) {
    const path = /^(\.\.?\/.*\/examples\/.+)\?raw$/.exec(source)?.[1];
    if (path === undefined || importer === undefined) return null;
    return `${PREFIX}${resolve(dirname(importer), path)}.txt`; // an ending that nothing transforms
  },
  load(id) {
    if (!id.startsWith(PREFIX)) return null;
    const path = id.slice(PREFIX.length, -'.txt'.length);
    this.addWatchFile(path);
    return `export default ${JSON.stringify(readFileSync(path, 'utf8'))};`;
  },
};
