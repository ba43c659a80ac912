import { defineConfig } from 'tsdown';

// As in cbor-x's own builds without eval: `BlockedFunction` is undefined, so it never compiles code.
const engine = {
  name: 'engine',
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
  dts: true,
  sourcemap: true,
  publint: true,
  attw: { profile: 'esm-only' },
  plugins: [engine],
  deps: { alwaysBundle: [/^cbor-x(\/|$)/], onlyBundle: ['cbor-x'] },
  // In a file of its own, which a page that only makes keys or reads a token's fields does without.
  outputOptions: { codeSplitting: { groups: [{ name: 'engine', test: /cbor-x|engine/ }] } },
});
