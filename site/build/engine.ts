/** `cbor-x/index-no-eval`, one CommonJS file -> the ES modules that it is made of, from which a bundler takes only what is used. */
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const ENGINE = '\0engine';

/** As the codec's own build has it: `BlockedFunction` is not defined, so cbor-x never compiles code. Saves 3 kB of gzip. */
export function engine(): Plugin {
  const folder = fileURLToPath(new URL('../../packages/codec/', import.meta.url));
  const module = (name: string) => JSON.stringify(`${folder}node_modules/cbor-x/${name}`);
  return {
    name: 'engine',
    enforce: 'pre',
    apply: 'build',
    resolveId: (id) => (id === 'cbor-x/index-no-eval' ? { id: ENGINE, moduleSideEffects: false } : undefined),
    load: (id) =>
      id === ENGINE
        ? `export { addExtension, Encoder } from ${module('encode.js')}; export { Tag } from ${module('decode.js')};`
        : undefined,
    transform: (code, id) =>
      id.includes('/cbor-x/')
        ? { code: code.replace(/\bnew Function\b/g, 'new BlockedFunction'), moduleSideEffects: false, map: null }
        : undefined,
  };
}
