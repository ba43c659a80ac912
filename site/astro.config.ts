/** The site's configuration: guides, the wire format, API pages made from the codec's sources, and the playground go in; `dist/` comes out. */
import { fileURLToPath } from 'node:url';
import starlight from '@astrojs/starlight';
import { defineConfig, passthroughImageService } from 'astro/config';
import starlightLinksValidator from 'starlight-links-validator';
import { createStarlightTypeDocPlugin } from 'starlight-typedoc';
import { csp } from './csp.ts';

const source = (folder: string, file: string) =>
  fileURLToPath(new URL(`../packages/${folder}/src/${file}.ts`, import.meta.url));

// One typedoc plugin per package: a single one with several entry points makes dead readme links.
const api = [
  ['sessions', 'sealring'],
  ['codec', '@sealring/codec'],
  ['inspect', '@sealring/inspect'],
].map(([dir = '', label = '']) => {
  const [plugin, sidebar] = createStarlightTypeDocPlugin();
  const options = {
    entryPoints: [`../packages/${dir}/src/index.ts`],
    output: `api/${dir}`,
    sidebar: { label, collapsed: true },
    tsconfig: './tsconfig.typedoc.json',
    typeDoc: {
      disableSources: true, // links to lines of a repository that readers may not have
      skipErrorChecking: true, // `pnpm typecheck` does that, with the TypeScript of the packages
    },
  };
  return { sidebar, plugin: plugin(options) };
});

export default defineConfig({
  site: 'https://example.com',
  image: { service: passthroughImageService() }, // sharp is not needed
  prefetch: false, // a page that promises to ask for nothing must not fetch the pages it links to
  integrations: [
    starlight({
      title: 'Sealring',
      description: 'Any value to a short sealed string and back, the same bytes in every JavaScript runtime.',
      pagefind: false, // its search is WebAssembly, which the policy in csp.ts does not allow
      // Long lines of code wrap, so that nothing is cut off on a small screen; what is drawn in columns keeps them.
      expressiveCode: { defaultProps: { wrap: true, overridesByLang: { plaintext: { wrap: false } } } },
      customCss: ['./src/styles/site.css'],
      // The playground is a page of its own making, which this check cannot know.
      plugins: [...api.map(({ plugin }) => plugin), starlightLinksValidator({ exclude: ['/playground/'] })],
      sidebar: [
        { label: 'Playground', link: '/playground/' },
        { label: 'Tutorials', items: [{ autogenerate: { directory: 'tutorials' } }] },
        { label: 'How-to', items: [{ autogenerate: { directory: 'how-to' } }] },
        { label: 'Explanation', items: [{ autogenerate: { directory: 'explanation' } }] },
        { label: 'Reference', items: [{ autogenerate: { directory: 'reference' } }] },
        { label: 'API', collapsed: true, items: api.map(({ sidebar }) => sidebar) },
      ],
    }),
    csp(),
  ],
  vite: {
    // The packages' sources, so that `dev` shows a change at once and needs no build before it.
    resolve: {
      alias: [
        { find: /^@sealring\/(codec|inspect)$/, replacement: source('$1', 'index') },
        { find: /^sealring$/, replacement: source('sessions', 'index') },
        { find: /^sealring\/([\w-]+)$/, replacement: source('sessions', '$1') },
      ],
    },
    optimizeDeps: { include: ['@sealring/codec > cbor-x/index-no-eval'] }, // CommonJS, and no dependency of the site itself
  },
});
