import { story } from '../support/story.ts';

story({
  folder: 'nuxt',
  sessions: 'server/utils/sessions.ts',
  build: ['nuxt', 'build'],
  check: ['tsc', '--noEmit', '--project', '.nuxt/tsconfig.server.json'], // Nuxt's own declarations do not pass without skipLibCheck
  start: ['node', '.output/server/index.mjs'],
  inBrowser: true,
});
