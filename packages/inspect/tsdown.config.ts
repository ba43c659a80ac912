import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: ['src/index.ts'],
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  dts: { sourcemap: false },
  sourcemap: false, // as in packages/sessions
  publint: true,
  attw: { profile: 'strict', ignoreRules: ['cjs-resolves-to-esm'], level: 'error' },
  deps: { alwaysBundle: ['@sealring/wire'] },
});
