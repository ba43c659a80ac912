/** The built playground goes in; the same page with its scripts and styles in it comes out, to be kept and opened from a disk. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { build } from 'vite';
import { filesOf } from './page-files.ts';

/** Has to come before the policies, which have to name what is in the page then. */
export const oneFile = (): AstroIntegration => {
  let site: string | undefined;
  return {
    name: 'one-file',
    hooks: {
      'astro:config:done': ({ config }) => {
        site = config.site;
      },
      'astro:build:done': async ({ dir, logger }) => {
        const folder = fileURLToPath(dir);
        const html = await readFile(join(folder, 'playground/index.html'), 'utf8');
        const { scripts, styles } = filesOf(html);
        const css = await Promise.all(styles.map((path) => readFile(join(folder, path), 'utf8')));
        const script = await bundle(scripts.map((path) => join(folder, path)));
        const page = html
          .replace(
            /<link\b[^>]*\brel="(?:stylesheet|icon|manifest|apple-touch-icon|canonical|alternate|sitemap)"[^>]*>/g,
            '',
          )
          .replace(/<script\b[^>]*\bsrc="[^"]*"[^>]*><\/script>/g, '')
          .replace(/(<a\b[^>]*\bhref=")\//g, (_, before) => `${before}${site}/`) // to pages that are not in this file
          .replace('</head>', () => `<style>${css.join('\n')}</style></head>`)
          .replace('</body>', () => `<script type="module">${script}</script></body>`);
        await writeFile(join(folder, 'sealring-playground.html'), page);
        logger.info(`sealring-playground.html, ${Math.round(page.length / 1024)} KiB`);
      },
    },
  };
};

/** Modules that share parts -> one script without imports. */
async function bundle(files: readonly string[]): Promise<string> {
  const entry = 'one-file-entry';
  const made = await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      write: false,
      target: 'esnext',
      modulePreload: false,
      rolldownOptions: { input: entry, output: { codeSplitting: false } },
    },
    plugins: [
      {
        name: entry,
        resolveId: (id) => (id === entry ? `\0${entry}` : undefined),
        load: (id) =>
          id === `\0${entry}` ? files.map((file) => `import ${JSON.stringify(file)};`).join('\n') : undefined,
      },
    ],
  });
  const [output] = Array.isArray(made) ? made : [made];
  if (output === undefined || !('output' in output)) throw new Error('The playground expected one bundle');
  const [chunk, ...more] = output.output;
  if (more.length > 0) throw new Error(`The playground expected one script, got ${1 + more.length}`);
  return chunk.code.replaceAll('</script', '<\\/script');
}
