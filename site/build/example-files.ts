/** `import app from '…/examples/express/app.ts?raw'` -> the file as it stands. Vite's own `?raw` reads the tsconfig beside it, which the framework has yet to write. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Plugin } from 'vite';

const PREFIX = '\0example:';
const SUFFIX = '.example';

export const exampleFiles: Plugin = {
  name: 'example-files',
  enforce: 'pre',
  resolveId(source, importer = '') {
    if (!source.includes('/examples/') || !source.endsWith('?raw')) return undefined;
    // Not with the file's own ending, by which other plugins would take it for code.
    return `${PREFIX}${resolve(dirname(importer), source.replace('?raw', ''))}${SUFFIX}`;
  },
  load(id) {
    if (!id.startsWith(PREFIX)) return undefined;
    const file = id.slice(PREFIX.length, -SUFFIX.length);
    this.addWatchFile(file);
    return { code: `export default ${JSON.stringify(readFileSync(file, 'utf8'))}`, moduleType: 'js' };
  },
};
