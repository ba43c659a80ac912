import { defineConfig } from 'tsdown';
import { narrowEngine } from './narrow-engine.ts';

export default defineConfig({
  entry: ['src/index.ts'],
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  dts: { sourcemap: false },
  sourcemap: false, // as in packages/sessions
  publint: true,
  attw: { profile: 'strict', ignoreRules: ['cjs-resolves-to-esm'], level: 'error' },
  plugins: [narrowEngine],
  deps: { alwaysBundle: [/^cbor-x(\/|$)/], onlyBundle: ['cbor-x'] },
  // In a file of its own, which a page that only makes keys or reads a token's fields does without.
  minify: 'dce-only',
  outputOptions: { codeSplitting: { groups: [{ name: 'engine', test: /cbor-x|engine/ }] } },
});
