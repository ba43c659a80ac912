import { readFileSync } from 'node:fs';
import { defineConfig } from 'tsdown';

/** The backends that have a subpath of their own: `sealring/redis` is `src/backends/redis.ts`. */
const backends: readonly { import: string; source: string }[] = JSON.parse(
  readFileSync(new URL('backends.json', import.meta.url), 'utf8'),
);
const subpaths = backends.filter((backend) => backend.import !== 'sealring');

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    testing: 'src/testing/testing.ts',
    memory: 'src/backends/memory.ts', // without the rest, for edge bundles that need only this
    ...Object.fromEntries(subpaths.map(({ import: path, source }) => [path.replace('sealring/', ''), `src/${source}`])),
  },
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  dts: true,
  sourcemap: true,
  publint: true,
  attw: { profile: 'esm-only' },
  external: [/^node:/],
  deps: { alwaysBundle: ['@sealring/wire'] },
});
