/** `cbor-x/encode` and `cbor-x/decode` -> the modules of these names, from which a bundler takes only what is used. */
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

/** As the codec's own build has it: `BlockedFunction` is not defined, so cbor-x never compiles code. Saves 3 kB of gzip. */
export function engine(): Plugin {
  const folder = fileURLToPath(new URL('../../packages/codec/node_modules/cbor-x/', import.meta.url));
  return {
    name: 'engine',
    enforce: 'pre',
    resolveId: (id) => {
      const [, name] = /^cbor-x\/(encode|decode)$/.exec(id) ?? [];
      return name === undefined ? undefined : { id: `${folder}${name}.js`, moduleSideEffects: false };
    },
    transform: (code, id) =>
      id.includes('/cbor-x/')
        ? { code: code.replace(/\bnew Function\b/g, 'new BlockedFunction'), moduleSideEffects: false, map: null }
        : undefined,
  };
}
