/** portable.ts and the built packages -> .portable/portable.js: one ES module, so that every engine runs the very same bytes. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'tsdown';

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export default defineConfig({
  cwd: at(''),
  entry: { portable: 'test/runtimes/portable.ts' },
  outDir: '.portable',
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  dts: false,
  tsconfig: false, // its paths lead to the sources; users get dist
  alias: { sealring: at('packages/sessions/dist/index.js'), '@sealring/codec': at('packages/codec/dist/index.js') },
  deps: { alwaysBundle: [/.*/], onlyBundle: false },
});
