/** The site's configuration: guides, the wire format, API pages made from the codec's sources, and the playground go in; `dist/` comes out. */
import { fileURLToPath } from 'node:url';
import starlight from '@astrojs/starlight';
import { defineConfig, passthroughImageService } from 'astro/config';
import starlightLinksValidator from 'starlight-links-validator';
import { narrowEngine } from '../packages/codec/narrow-engine.ts';
import { apiPlugins, apiSidebar } from './build/api.ts';
import { cards } from './build/cards.ts';
import { exampleFiles } from './build/example-files.ts';
import { icons } from './build/icons.ts';
import { markdown } from './build/markdown.ts';
import { offline } from './build/offline.ts';
import { oneFile } from './build/one-file.ts';
import { searchIndex } from './build/search-index.ts';
import { styleAttributes } from './build/style-attributes.ts';
import { csp } from './csp.ts';

const source = (folder: string, file: string) =>
  fileURLToPath(new URL(`../packages/${folder}/src/${file}.ts`, import.meta.url));

export default defineConfig({
  site: 'https://example.com',
  image: { service: passthroughImageService() }, // sharp is not needed
  compressHTML: true, // the default takes the space between a word and the link on the next line
  prefetch: false, // a page that promises to ask for nothing must not fetch the pages it links to
  integrations: [
    starlight({
      title: 'Sealring',
      description: 'Sessions for TypeScript, in every JavaScript runtime.',
      disable404Route: true, // src/pages/404.astro
      pagefind: false, // its search is WebAssembly, which the policy in csp.ts does not allow; ours is in src/search
      components: {
        Head: './src/components/starlight/Head.astro',
        MarkdownContent: './src/components/docs/MarkdownContent.astro',
        Header: './src/components/starlight/Header.astro',
        ThemeProvider: './src/components/starlight/ThemeProvider.astro',
        ThemeSelect: './src/components/starlight/ThemeSelect.astro',
      },
      customCss: ['./src/styles/site.css', './src/styles/docs.css'],
      // Pages of their own making, which this check cannot know; a test of the built site follows all links.
      plugins: [...apiPlugins, starlightLinksValidator({ exclude: ['/', '/playground/', '/playground/#*'] })],
      sidebar: [
        { label: 'Playground', link: '/playground/' },
        { label: 'Tutorials', items: [{ autogenerate: { directory: 'tutorials' } }] },
        { label: 'Use it with', items: [{ autogenerate: { directory: 'use-with' } }] },
        { label: 'How-to', items: [{ autogenerate: { directory: 'how-to' } }] },
        { label: 'Explanation', items: [{ autogenerate: { directory: 'explanation' } }] },
        { label: 'Reference', items: [{ autogenerate: { directory: 'reference' } }] },
        { slug: 'comparison' },
        apiSidebar,
      ],
    }),
    // What is made of the built pages, in this order: the policies name what is in them, and the last one keeps copies.
    styleAttributes(),
    icons(),
    cards(),
    searchIndex(),
    markdown(),
    oneFile(),
    csp(),
    offline(),
  ],
  vite: {
    plugins: [narrowEngine, exampleFiles],
    // The packages' sources, so that `dev` shows a change at once and needs no build before it.
    resolve: {
      alias: [
        { find: /^@sealring\/(codec|inspect)$/, replacement: source('$1', 'index') },
        { find: /^sealring$/, replacement: source('sessions', 'index') },
        { find: /^sealring\/testing$/, replacement: source('sessions', 'testing/testing') },
        { find: /^sealring\/([\w-]+)$/, replacement: source('sessions', 'backends/$1') },
      ],
    },
  },
});
