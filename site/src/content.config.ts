/** The pages of the docs collection: files of `src/content/docs/` and, straight from its package, the wire format. */

import { defineCollection } from 'astro:content';
import { docsLoader } from '@astrojs/starlight/loaders';
import { docsSchema } from '@astrojs/starlight/schema';
import { alsoFormat } from './format-page.ts';

export const collections = {
  docs: defineCollection({ loader: alsoFormat(docsLoader()), schema: docsSchema() }),
};
