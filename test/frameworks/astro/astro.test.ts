import { story } from '../support/story.ts';

story({
  folder: 'astro',
  sessions: 'src/sessions.ts',
  build: ['astro', 'build'],
  check: ['astro', 'check'],
  start: ['node', 'dist/server/entry.mjs'],
  inBrowser: true,
});
