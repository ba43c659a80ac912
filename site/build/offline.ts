/**
 * The built playground and landing page go in; `sw.js` comes out: a service worker that keeps exactly the files which these pages load,
 * by a list written into it, and asks for nothing else.
 */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { listPageFiles } from './page-files.ts';

const PAGES = ['/', '/playground/'];

/** Has to come after everything that changes a page. */
export const offline = (): AstroIntegration => ({
  name: 'offline',
  hooks: {
    'astro:build:done': async ({ dir, logger }) => {
      const folder = fileURLToPath(dir);
      const files = [...new Set((await Promise.all(PAGES.map((page) => listPageFiles(folder, page)))).flat())];
      const hash = createHash('sha256');
      for (const file of files) hash.update(file).update(await readFile(join(folder, toFile(file))));
      const template = await readFile(new URL('./service-worker.js', import.meta.url), 'utf8');
      const worker = template
        .replace("['FILES']", () => JSON.stringify(files))
        .replace('VERSION', hash.digest('hex').slice(0, 12));
      await writeFile(join(folder, 'sw.js'), worker);
      logger.info(`${files.length} files are kept for offline use`);
    },
  },
});

const toFile = (path: string) => (path.endsWith('/') ? `${path}index.html` : path);
