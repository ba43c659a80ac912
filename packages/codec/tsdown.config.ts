import { defineConfig } from 'tsdown';

// The sources import cbor-x/index-no-eval, one CommonJS file. These are the ES modules that it is made of, from which a bundler
// takes what is used, with the same replacement: `BlockedFunction` is undefined, so cbor-x never compiles code.
const engine = {
  name: 'engine',
  resolveId: {
    order: 'pre' as const,
    handler: (id: string) => (id === 'cbor-x/index-no-eval' ? { id: '\0engine', moduleSideEffects: false } : undefined),
  },
  load: (id: string) =>
    id === '\0engine'
      ? "export { addExtension, Encoder } from 'cbor-x/encode'; export { Tag } from 'cbor-x/decode';"
      : undefined,
  transform: (code: string, id: string) =>
    id.includes('/cbor-x/')
      ? { code: code.replace(/\bnew Function\b/g, 'new BlockedFunction'), moduleSideEffects: false, map: null }
      : undefined,
};

export default defineConfig({
  entry: ['src/index.ts'],
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  dts: { sourcemap: false },
  sourcemap: false, // as in packages/sessions
  publint: true,
  attw: { profile: 'strict', ignoreRules: ['cjs-resolves-to-esm'], level: 'error' },
  plugins: [engine],
  deps: { alwaysBundle: [/^cbor-x(\/|$)/], onlyBundle: ['cbor-x'] },
  // In a file of its own, which a page that only makes keys or reads a token's fields does without.
  outputOptions: { codeSplitting: { groups: [{ name: 'engine', test: /cbor-x|engine/ }] } },
});
