import { story } from '../support/story.ts';

story({
  folder: 'nuxt',
  sessions: 'server/utils/sessions.ts',
  build: ['nuxt', 'build'],
  start: ['node', '.output/server/index.mjs'],
  inBrowser: true,
});
