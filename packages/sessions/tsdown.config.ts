/** The sources go in; dist comes out, and a folder for each subpath. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { defineConfig } from 'tsdown';

/** The backends that have a subpath of their own: `sealring/redis` is `src/backends/redis.ts`. */
const backends: readonly { import: string; source: string }[] = JSON.parse(
  readFileSync(new URL('backends.json', import.meta.url), 'utf8'),
);
const entries = backends.filter((backend) => backend.import !== 'sealring');
const subpaths = {
  testing: 'src/testing/testing.ts',
  memory: 'src/backends/memory.ts', // without the rest, for edge bundles that need only this
  ...Object.fromEntries(entries.map(({ import: path, source }) => [path.replace('sealring/', ''), `src/${source}`])),
};

export default defineConfig({
  entry: { index: 'src/index.ts', ...subpaths },
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
 * What does not know the field "exports" looks for the folder `sealring/redis`: TypeScript with `moduleResolution: node`, the node resolver
 * of eslint-plugin-import, Parcel, Metro before 0.82. Each gets one, which says where the module is.
 */
function writeFolders(): void {
  for (const name of Object.keys(subpaths)) {
    const folder = new URL(`${name}/`, import.meta.url);
    mkdirSync(folder, { recursive: true });
    const manifest = { type: 'module', main: `../dist/${name}.js`, types: `../dist/${name}.d.ts` };
    writeFileSync(new URL('package.json', folder), `${JSON.stringify(manifest, null, 2)}\n`);
  }
}
