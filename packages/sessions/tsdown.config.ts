/** The sources go in; dist comes out, and a folder for each subpath. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { defineConfig } from 'tsdown';

/** The backends that have a subpath of their own: `sealring/redis` is `src/backends/redis.ts`. */
const backends: readonly { import: string; source: string }[] = JSON.parse(read('backends.json'));
const subpaths = backends.filter((backend) => backend.import !== 'sealring');
/** `sealring/express` is `src/adapters/express.ts`. */
const adapters: readonly { name: string }[] = JSON.parse(read('adapters.json'));

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    testing: 'src/testing/testing.ts',
    memory: 'src/backends/memory.ts', // without the rest, for edge bundles that need only this
    ...Object.fromEntries(adapters.map(({ name }) => [name, `src/adapters/${name}.ts`])),
    'nuxt-plugin': 'src/adapters/nuxt/plugin.ts',
    ...Object.fromEntries(subpaths.map(({ import: path, source }) => [path.replace('sealring/', ''), `src/${source}`])),
  },
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  dts: { sourcemap: false },
  sourcemap: false, // the output is readable, comments and all; maps would double the tarball and name sources that are not in it
  publint: true,
  attw: { profile: 'strict', ignoreRules: ['cjs-resolves-to-esm'], level: 'error' },
  deps: { alwaysBundle: ['@sealring/wire'], neverBundle: [/^node:/] },
  hooks: { 'build:before': writeFolders },
});

/**
 * What does not know the field "exports" looks for a folder `sealring/redis`: TypeScript with `moduleResolution: node`, the node resolver of
 * eslint-plugin-import. Each subpath has one, which says where the module is.
 */
function writeFolders(): void {
  const { exports }: { exports: Record<string, string> } = JSON.parse(read('package.json'));
  for (const [path, main] of Object.entries(exports)) {
    if (path === '.' || path === './package.json') continue;
    const folder = new URL(`${path}/`, import.meta.url);
    mkdirSync(folder, { recursive: true });
    const manifest = { type: 'module', main: `.${main}`, types: `.${main.replace(/\.js$/, '.d.ts')}` };
    writeFileSync(new URL('package.json', folder), `${JSON.stringify(manifest, null, 2)}\n`);
  }
}

function read(file: string): string {
  return readFileSync(new URL(file, import.meta.url), 'utf8');
}
